import { line } from '../copy-in.js';
import { between, chance, hex, pick, rowRandom } from '../random.js';
import type { RowContext } from './customers.js';
import { DAY, dayText, HISTORY_DAYS, timeBetween, timeText } from './times.js';
import { ADJECTIVES, CATEGORIES, THINGS, WAREHOUSES } from './words.js';

/** Products 1 to `count`. */
export function* productLines(count: number, { seed, now }: RowContext): Generator<string> {
  for (let id = 1; id <= count; id += 1) {
    const random = rowRandom(seed, 2, id);
    const thing = pick(random, THINGS);
    yield line([
      id,
      `${thing.slice(0, 3).toUpperCase()}-${String(id).padStart(6, '0')}`,
      `${pick(random, ADJECTIVES)} ${thing}`,
      priceOf(seed, id),
      chance(random, 0.1) ? null : random() * 30,
      chance(random, 0.5) ? null : `{${[36, 38, 40, 42].filter(() => chance(random, 0.5)).join(',')}}`,
      JSON.stringify({ category: pick(random, CATEGORIES), colours: between(random, 1, 5), eco: chance(random, 0.3) }),
      chance(random, 0.3) ? null : `\\x${hex(random, 24)}`,
      timeText(timeBetween(random, now - 900 * DAY, now - HISTORY_DAYS * DAY), random),
      timeText(timeBetween(random, now - HISTORY_DAYS * DAY, now), random),
    ]);
  }
}

/** The price that a product was made with, as text. */
export function priceOf(seed: number, product: number): string {
  const random = rowRandom(seed, 6, product);
  return `${between(random, 3, 400)}.${pick(random, ['00', '50', '95', '99'])}`;
}

/** What lies in the warehouses: `count` rows, two for each product. No column says when a row has changed. */
export function* inventoryLines(count: number, { seed, now }: RowContext): Generator<string> {
  for (let row = 0; row < count; row += 1) {
    const random = rowRandom(seed, 3, row);
    const reserved = between(random, 0, 5);
    yield line([
      WAREHOUSES[row % WAREHOUSES.length] ?? '',
      Math.floor(row / WAREHOUSES.length) + 1,
      between(random, reserved, 900),
      reserved,
      chance(random, 0.05) ? null : `${String.fromCharCode(65 + between(random, 0, 25))}${between(random, 1, 99)}`,
      chance(random, 0.2) ? null : dayText(timeBetween(random, now - 90 * DAY, now)),
    ]);
  }
}
