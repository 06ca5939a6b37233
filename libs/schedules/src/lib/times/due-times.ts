import type { CronSchedule, Schedule } from '../types.js';
import { isDueOn } from './days.js';
import { instantsOf, wallOf } from './zone.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** EventBridge's years. */
const FIRST = Date.UTC(1970, 0, 1);
const LAST = Date.UTC(2200, 0, 1);

/**
 * The times at which a schedule is due after `after` and until `until` (epoch milliseconds; the latter included), the earliest first. As EventBridge has it, a
 * time of the wall clock that is skipped when clocks are put forward is not due, and one that comes twice when they are put back is due once, the first time.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export function* dueTimes(schedule: Schedule, after: number, until: number = LAST): Generator<number> {
  if (schedule.kind === 'rate') {
    const step = schedule.everyMinutes * MINUTE_MS;
    for (let at = (Math.floor(after / step) + 1) * step; at <= until; at += step) yield at;
    return;
  }
  const end = Math.min(until, LAST);
  for (let day = Math.max(dayOf(after, schedule.zone), FIRST); day <= dayOf(end, schedule.zone); day += DAY_MS)
    for (const at of timesOn(schedule, day)) if (at > after && at <= end) yield at;
}

/** The first time after an instant; `undefined` when there is none any more. */
export function nextDueTime(schedule: Schedule, after: number): number | undefined {
  const next = dueTimes(schedule, after).next();
  return next.done === true ? undefined : next.value;
}

/** The last time until an instant, included; `undefined` when there was none since 1970. */
export function latestDueTime(schedule: Schedule, until: number): number | undefined {
  if (schedule.kind === 'rate') return Math.floor(until / (schedule.everyMinutes * MINUTE_MS)) * schedule.everyMinutes * MINUTE_MS;
  for (let day = dayOf(Math.min(until, LAST), schedule.zone); day >= FIRST; day -= DAY_MS) {
    const latest = timesOn(schedule, day)
      .filter((at) => at <= until)
      .at(-1);
    if (latest !== undefined) return latest;
  }
  return undefined;
}

/** Midnight of the day that the zone's wall clock shows. */
const dayOf = (instant: number, zone: string): number => Math.floor(wallOf(instant, zone) / DAY_MS) * DAY_MS;

/** Ascending; one that comes twice counts once. */
function timesOn(schedule: CronSchedule, day: number): number[] {
  return wallTimesOn(schedule, day).flatMap((wall) => instantsOf(wall, schedule.zone).slice(0, 1));
}

/** What the wall clock shows when it is due on a day, whether that comes never, once or twice. */
export function wallTimesOn(schedule: CronSchedule, day: number): number[] {
  if (!isDueOn(schedule, new Date(day))) return [];
  return schedule.hours.flatMap((hour) => schedule.minutes.map((minute) => day + (hour * 60 + minute) * MINUTE_MS));
}
