import { parseSchedule } from '../expressions/parse-schedule.js';
import type { Schedule } from '../types.js';
import { dueTimes } from './due-times.js';

const HOUR_MS = 3_600_000;
const YEAR_HOURS = 365 * 24;
/** Long enough to show every unevenness of months and weeks. Which days they are doesn't matter, as long as they are always the same. */
const LOOKED_AT = { from: Date.UTC(2026, 0, 1), until: Date.UTC(2028, 2, 11), year: Date.UTC(2027, 0, 1) };

/**
 * Hours from one run to the next (UTC), when all steps are the same: 1 for `cron(0 * * * ? *)`, 24 for `cron(0 2 * * ? *)`, 0.5 for `rate(30 minutes)`;
 * `undefined` for uneven steps, such as Monday and Thursday or only by day, and for an expression that never fires or is none.
 */
export function everyHours(text: string): number | undefined {
  const schedule = scheduleOf(text);
  if (schedule === undefined) return undefined;
  if (schedule.kind === 'rate') return schedule.everyMinutes / 60;
  let last: number | undefined;
  let step: number | undefined;
  for (const at of dueTimes(schedule, LOOKED_AT.from - 1, LOOKED_AT.until)) {
    if (last !== undefined) {
      // The first step says what all others have to be.
      step ??= at - last;
      if (at - last !== step) return undefined;
    }
    last = at;
  }
  return step === undefined ? undefined : step / HOUR_MS;
}

/** How often it fires in an average month (a twelfth of a year); `undefined` when the expression can't be read. */
export function runsPerMonth(text: string): number | undefined {
  const schedule = scheduleOf(text);
  if (schedule === undefined) return undefined;
  if (schedule.kind === 'rate') return YEAR_HOURS / 12 / (schedule.everyMinutes / 60);
  return [...dueTimes(schedule, LOOKED_AT.from - 1, LOOKED_AT.year - 1)].length / 12;
}

function scheduleOf(text: string): Schedule | undefined {
  try {
    return parseSchedule(text);
  } catch {
    return undefined;
  }
}
