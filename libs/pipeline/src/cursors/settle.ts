import type { Cursor, Interval } from '../ports/cursor.js';
import type { RecordOrder } from '../ports/stream.js';
import { contiguousEnd, mergeIntervals, subtractIntervals } from './intervals.js';
import { cursorOrder, type CursorOrder } from './order.js';
import type { SliceEnd, SyncState } from './types.js';

/** Stored intervals are a small item's. What is left out of it is read again. */
const MOST_INTERVALS = 100;

export const nothingSynced: SyncState = { watermark: null, intervals: [] };

/** What the slices of one run have read of their intervals. */
interface Settled {
  /** Everything in here is delivered, up to half of a slice included. */
  readonly covered: readonly Interval[];
  /** Of these only what no slice is still to read. */
  readonly completed: readonly Interval[];
  /** The latest records, slice by slice. */
  readonly latest: readonly { readonly from: Cursor | null; readonly cursor: Cursor }[];
}

/**
 * What is known after an attempt. Pure; the same result in whatever order runs and attempts are settled. The watermark moves forward only, and never past
 * what a slice has still to read: an unfinished slice of an ordered stream counts up to what it reached, one of an unordered stream not at all, a finished
 * one to its end. It moves to the latest record that was there, not to the end of the interval: what appears late after that is found.
 */
export function settle(cursor: RecordOrder, before: SyncState, ends: readonly SliceEnd[], since: Cursor | null): SyncState {
  const order = cursorOrder(cursor.kinds);
  const { covered, completed, latest } = settleSlices(cursor, order, ends, since);
  const known = knownIntervals(before);
  const end = contiguousEnd(order, [...known, ...covered], null);
  const watermark = furthest(order, before.watermark, latest, end);
  const all = mergeIntervals(order, [...knownIntervals({ ...before, watermark }), ...completed]);
  const beyond = watermark === null ? all : subtractIntervals(order, all, [{ from: null, to: watermark }]);
  return { watermark, intervals: beyond.slice(0, MOST_INTERVALS) };
}

/** Everything that needs no reading: up to the watermark, and the intervals beyond it. */
export const knownIntervals = ({ watermark, intervals }: SyncState): Interval[] => [
  ...(watermark === null ? [] : [{ from: null, to: watermark }]),
  ...intervals,
];

function furthest(order: CursorOrder, before: Cursor | null, latest: Settled['latest'], end: Cursor | null | undefined): Cursor | null {
  if (end === undefined || end === null) return before;
  let watermark = before;
  for (const { from, cursor } of latest) {
    if (from !== null && order.compare(from, end) >= 0) continue;
    const reached = order.compare(cursor, end) > 0 ? end : cursor;
    watermark = watermark === null ? reached : order.compare(reached, watermark) > 0 ? reached : watermark;
  }
  return watermark;
}

function settleSlices({ ordered }: RecordOrder, order: CursorOrder, ends: readonly SliceEnd[], since: Cursor | null): Settled {
  const slices = ends.map((end) => {
    const interval = end.slice.interval ?? { from: since, to: null };
    const to = endOf(order, interval, end, ordered);
    return { interval, to, finished: end.finished, cursor: end.reached?.cursor ?? null };
  });
  const whole = slices.map(({ interval }) => interval);
  // Several slices may read the same interval, each of them other records: only what none of them is still to read is done.
  const open = slices.flatMap(({ interval, to }) => (to === null ? [interval] : subtractIntervals(order, [interval], [{ from: interval.from, to }])));
  const unfinished = slices.flatMap(({ interval, finished }) => (finished ? [] : [interval]));
  const covered = subtractIntervals(order, whole, open);
  return {
    covered,
    completed: subtractIntervals(order, covered, unfinished),
    latest: slices.flatMap(({ interval, to, cursor }) =>
      cursor === null || to === null ? [] : [{ from: interval.from, cursor: order.compare(cursor, to) > 0 ? to : cursor }],
    ),
  };
}

/**
 * Up to where a slice has read everything; `null`: nothing is sure. Where the end is not known that is the latest record, and only of a list in order: elsewhere
 * a record that was passed may have changed to before it.
 */
function endOf(order: CursorOrder, { from, to }: Interval, { finished, reached }: SliceEnd, ordered: boolean): Cursor | null {
  if (!finished && !ordered) return null;
  const cursor = reached?.cursor ?? null;
  const plain = finished && to !== null ? to : ordered ? cursor : null;
  const limits = [to, finished ? (reached?.again ?? null) : null].filter((each) => each !== null);
  const end = plain === null ? null : limits.reduce((earliest, limit) => order.earlier(earliest, limit), plain);
  return end === null || (from !== null && order.compare(end, from) <= 0) ? null : end;
}
