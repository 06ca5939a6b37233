import { dueTimes, latestDueTime } from '../times/due-times.js';
import type { Schedule } from '../types.js';

/** Times that are due and not dealt with. */
export interface Missed {
  /** The newest: the one that is run. */
  readonly newest: number;
  /** The others: left out, since the newest brings what they would have brought. `more`: there are more than are counted. */
  readonly leftOut: { readonly count: number; readonly first: number; readonly last: number; readonly more: boolean } | undefined;
}

/** A clock that jumps by years must not keep the other jobs waiting while they are counted. */
const MOST_COUNTED = 10_000;

/** `undefined` when nothing is due. Epoch milliseconds; `settled` is not included, `now` is. */
export function missedTimes(schedule: Schedule, settled: number, now: number): Missed | undefined {
  const newest = latestDueTime(schedule, now);
  if (newest === undefined || newest <= settled) return undefined;
  let count = 0;
  let first: number | undefined;
  for (const at of dueTimes(schedule, settled, newest - 1)) {
    if (count === MOST_COUNTED)
      return { newest, leftOut: { count, first: first ?? at, last: latestDueTime(schedule, newest - 1) ?? at, more: true } };
    first ??= at;
    count += 1;
  }
  if (first === undefined) return { newest, leftOut: undefined };
  return { newest, leftOut: { count, first, last: latestDueTime(schedule, newest - 1) ?? first, more: false } };
}
