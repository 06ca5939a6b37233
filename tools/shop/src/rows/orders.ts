import { line } from '../copy-in.js';
import { between, chance, pick, rowRandom, type Random } from '../random.js';
import type { RowContext } from './customers.js';
import { priceOf } from './products.js';
import { DAY, HISTORY_DAYS, MINUTE, timeBetween, timeText } from './times.js';
import { CITIES, NOTES } from './words.js';

export interface OrderContext extends RowContext {
  /** There are customers 1 to that. */
  readonly customers: number;
  readonly products: number;
  /** Orders were placed within so many milliseconds before `now`. */
  readonly within?: number;
}

const OPEN = ['placed', 'paid', 'packed', 'shipped'] as const;
const OVER = ['delivered', 'delivered', 'delivered', 'cancelled', 'returned'] as const;

/** Items of an order: 1, 2, 3, 1, … so that two orders have four on average. */
export const itemsOf = (order: number): number => 1 + (order % 3);

interface Order {
  readonly placed: number;
  readonly updated: number;
  readonly random: Random;
}

/** What an order's own row and its items share. */
function orderOf(id: number, { seed, now, within = HISTORY_DAYS * DAY }: OrderContext): Order {
  const random = rowRandom(seed, 4, id);
  const placed = timeBetween(random, now - within, now);
  return { random, placed, updated: timeBetween(random, placed, Math.min(now, placed + 4 * DAY)) };
}

/** Orders `from` to `from + count - 1`. */
export function* orderLines(from: number, count: number, context: OrderContext): Generator<string> {
  for (let id = from; id < from + count; id += 1) {
    const { random, placed, updated } = orderOf(id, context);
    const isOpen = context.now - placed < 3 * DAY;
    const end = placed + between(random, 2, 6) * DAY;
    yield line([
      id,
      between(random, 1, context.customers),
      pick<string>(random, isOpen ? OPEN : OVER),
      pick(random, ['EUR', 'EUR', 'NOK', 'USD']),
      `${between(random, 3, 2_000)}.${String(between(random, 0, 99)).padStart(2, '0')}`,
      pick(random, ['0.25', '0.19', '0.077', '0', null, '0.20500000000000000001']),
      chance(random, 0.15) ? null : JSON.stringify({ method: pick(random, ['post', 'courier', 'pick-up']), city: pick(random, CITIES) }),
      chance(random, 0.3) ? null : `["${timeText(end, random)}+00","${timeText(end + 4 * 60 * MINUTE, random)}+00")`,
      chance(random, 0.8) ? null : pick(random, NOTES),
      timeText(placed, random),
      timeText(updated, random),
    ]);
  }
}

/** The items of these orders; of the last one so many that there are `total`, where that is given. */
export function* itemLines(from: number, count: number, context: OrderContext, total = Number.NaN): Generator<string> {
  let left = total;
  for (let id = from; id < from + count; id += 1) {
    const { updated } = orderOf(id, context);
    const isLast = id === from + count - 1;
    const lines = isLast && !Number.isNaN(left) ? left : itemsOf(id - 1);
    left -= lines;
    for (let number = 1; number <= lines; number += 1) yield itemLine(id, number, updated, context);
  }
}

function itemLine(order: number, number: number, updated: number, { seed, products }: OrderContext): string {
  const random = rowRandom(seed, 5, order * 8 + number);
  const product = between(random, 1, products);
  const discount = pick(random, [null, null, '0', '0.1', '12.5', '0.333333333333333333']);
  return line([order, number, product, between(random, 1, 4), priceOf(seed, product), discount, chance(random, 0.1), timeText(updated, random)]);
}
