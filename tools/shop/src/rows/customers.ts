import { line } from '../copy-in.js';
import { between, chance, hex, pick, rowRandom, type Random } from '../random.js';
import { DAY, dayText, HISTORY_DAYS, timeBetween, timeText } from './times.js';
import { CITIES, FIRST_NAMES, LAST_NAMES, STREETS, TAGS } from './words.js';

export interface RowContext {
  readonly seed: number;
  /** Epoch milliseconds: nothing is later. */
  readonly now: number;
}

/** Customers `from` to `from + count - 1`, ids from 1 on. Columns in the order of the table. */
export function* customerLines(from: number, count: number, { seed, now }: RowContext): Generator<string> {
  for (let id = from; id < from + count; id += 1) {
    const random = rowRandom(seed, 1, id);
    const created = timeBetween(random, now - 3 * 365 * DAY, now - HISTORY_DAYS * DAY);
    const updated = timeBetween(random, now - HISTORY_DAYS * DAY, now);
    const name = `${pick(random, FIRST_NAMES)} ${pick(random, LAST_NAMES)}`;
    yield line([
      id,
      uuid(random),
      name,
      chance(random, 0.03) ? null : `customer.${id}@example.com`,
      pick(random, ['new', 'regular', 'regular', 'gold']),
      arrayText(TAGS.filter(() => chance(random, 0.15))),
      chance(random, 0.1) ? null : addressText(random),
      chance(random, 0.2) ? null : `${between(random, 0, 50_000)}.${String(between(random, 0, 99)).padStart(2, '0')}`,
      chance(random, 0.4),
      chance(random, 0.25) ? null : dayText(timeBetween(random, Date.UTC(1940, 0), Date.UTC(2008, 0))),
      timeText(created, random),
      timeText(updated, random),
      null,
    ]);
  }
}

const uuid = (random: Random): string => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`;

const addressText = (random: Random): string =>
  JSON.stringify({
    street: `${pick(random, STREETS)} ${between(random, 1, 200)}`,
    city: pick(random, CITIES),
    geo: [random() * 180 - 90, random() * 360 - 180],
  });

/** A text array as Postgres reads it: every element quoted. */
export const arrayText = (values: readonly string[]): string => `{${values.map((value) => JSON.stringify(value)).join(',')}}`;
