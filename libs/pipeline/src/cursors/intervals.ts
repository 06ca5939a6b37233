import type { Cursor, Interval } from '../ports/cursor.js';
import type { CursorOrder } from './order.js';

/** Sorted, without overlaps, those that touch joined, empty ones left out: the same for the same set, whatever it was put together from. */
export function mergeIntervals(order: CursorOrder, intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter((each) => !isEmpty(order, each)).sort((a, b) => compareStarts(order, a.from, b.from));
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last === undefined || !touches(order, last.to, next.from)) merged.push(next);
    else merged[merged.length - 1] = { from: earlierStart(order, last.from, next.from), to: laterEnd(order, last.to, next.to) };
  }
  return merged;
}

/** What is in `whole` and in none of the parts. Merged. */
export function subtractIntervals(order: CursorOrder, whole: readonly Interval[], parts: readonly Interval[]): Interval[] {
  let left = mergeIntervals(order, whole);
  for (const part of mergeIntervals(order, parts)) left = left.flatMap((each) => without(order, each, part));
  return left;
}

export const containsInterval = (order: CursorOrder, intervals: readonly Interval[], one: Interval): boolean =>
  subtractIntervals(order, [one], intervals).length === 0;

/** How far the intervals go from here without a gap; `undefined`: not at all. */
export function contiguousEnd(order: CursorOrder, intervals: readonly Interval[], start: Cursor | null): Cursor | null | undefined {
  return mergeIntervals(order, intervals).find(({ from, to }) => compareStarts(order, from, start) <= 0 && touches(order, to, start))?.to;
}

function without(order: CursorOrder, one: Interval, part: Interval): Interval[] {
  const before = { from: one.from, to: part.from === null ? null : earlierEnd(order, one.to, part.from) };
  const after = { from: part.to === null ? null : laterStart(order, one.from, part.to), to: one.to };
  const pieces = [...(part.from === null ? [] : [before]), ...(part.to === null ? [] : [after])];
  return pieces.filter((piece) => !isEmpty(order, piece));
}

/** Nothing lies before the beginning, and nothing after an end that is not known: an interval with either is never empty. */
const isEmpty = (order: CursorOrder, { from, to }: Interval): boolean => from !== null && to !== null && order.compare(from, to) >= 0;

const touches = (order: CursorOrder, to: Cursor | null, from: Cursor | null): boolean => to === null || from === null || order.compare(to, from) >= 0;

const compareStarts = (order: CursorOrder, a: Cursor | null, b: Cursor | null): number =>
  a === null || b === null ? Number(a !== null) - Number(b !== null) : order.compare(a, b);

const earlierStart = (order: CursorOrder, a: Cursor | null, b: Cursor | null): Cursor | null =>
  a === null || b === null ? null : order.earlier(a, b);
const laterStart = (order: CursorOrder, a: Cursor | null, b: Cursor): Cursor => (a === null ? b : order.later(a, b));
const earlierEnd = (order: CursorOrder, a: Cursor | null, b: Cursor): Cursor => (a === null ? b : order.earlier(a, b));
const laterEnd = (order: CursorOrder, a: Cursor | null, b: Cursor | null): Cursor | null => (a === null || b === null ? null : order.later(a, b));
