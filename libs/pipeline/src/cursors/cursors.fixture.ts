import fc from 'fast-check';
import type { Cursor, Interval } from '../ports/cursor.js';
import { cursorOrder } from './order.js';

/** Fixed, so that a failure comes again. */
export const seed = 20240115;
export const order = cursorOrder(['number']);
export const at = (n: number): Cursor => [String(n)];
/** Positions are whole numbers from 1 to this one. */
export const last = 12;

const ends = fc.option(fc.integer({ min: 0, max: last }), { nil: null, freq: 6 });
export const interval: fc.Arbitrary<Interval> = fc
  .tuple(ends, ends)
  .map(([from, to]) => ({ from: from === null ? null : at(from), to: to === null ? null : at(to) }));
export const intervals = fc.array(interval, { maxLength: 6 });

/** The positions in some intervals: what all arithmetic has to agree with. A position lies after `from`, and up to `to`. */
export function positionsIn(each: readonly Interval[]): number[] {
  const positions = Array.from({ length: last + 2 }, (_, n) => n); // 0 stands for all before the first, the last one for all after it
  return positions.filter((n) => each.some(({ from, to }) => (from === null || Number(from[0]) < n) && (to === null || n <= Number(to[0]))));
}
