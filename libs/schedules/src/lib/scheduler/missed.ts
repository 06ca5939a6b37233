import { dueTimes } from '../times/due-times.js';
import type { Schedule } from '../types.js';

/** Times that are due and not dealt with. */
export interface Missed {
  /** The newest: the one that is run. */
  readonly newest: number;
  /** The others: left out, since the newest brings what they would have brought. */
  readonly leftOut: { readonly count: number; readonly first: number; readonly last: number } | undefined;
}

/** `undefined` when nothing is due. Epoch milliseconds; `settled` is not included, `now` is. */
export function missedTimes(schedule: Schedule, settled: number, now: number): Missed | undefined {
  let newest: number | undefined;
  let leftOut: { count: number; first: number; last: number } | undefined;
  for (const at of dueTimes(schedule, settled, now)) {
    if (newest !== undefined) leftOut = { count: (leftOut?.count ?? 0) + 1, first: leftOut?.first ?? newest, last: newest };
    newest = at;
  }
  return newest === undefined ? undefined : { newest, leftOut };
}
