import type { JobDefinition } from '@loadin/config';
import { dueTimes, parseSchedule } from '@loadin/schedules';

const HOUR_MS = 3_600_000;
/** Of a year without the 29th of February: long enough to show every unevenness of months and weeks. */
const FROM = Date.UTC(2026, 0, 1);
const UNTIL = Date.UTC(2027, 0, 1);

/** The longest time between two runs of a job, in whole hours; `undefined` for a job on request, or one that is due less than twice a year. */
export function longestGapHours({ schedule, timeZone: zone }: Pick<JobDefinition, 'schedule' | 'timeZone'>): number | undefined {
  if (schedule === undefined) return undefined;
  let longest = 0;
  let before: number | undefined;
  for (const at of dueTimes(parseSchedule(schedule, zone === undefined ? {} : { zone }), FROM, UNTIL)) {
    if (before !== undefined) longest = Math.max(longest, at - before);
    before = at;
  }
  return longest === 0 ? undefined : Math.ceil(longest / HOUR_MS);
}
