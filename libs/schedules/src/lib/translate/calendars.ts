import { parseSchedule } from '../expressions/parse-schedule.js';
import { wallTimesOn } from '../times/due-times.js';
import { instantsOf, offsetAt } from '../times/zone.js';
import type { CronSchedule, Schedule } from '../types.js';

const DAY_MINUTES = 1440;
const DAY_MS = 86_400_000;
/** Rules for summer time are rarely known for longer. */
const YEARS_AHEAD = 10;

/**
 * A schedule as calendars, each with the same minutes in all of its hours: a rate that fits into a day becomes times of the day. Answers a reason when it can't
 * be said so.
 */
export function calendarsOf(schedule: Schedule): readonly CronSchedule[] | string {
  if (schedule.kind === 'cron') return [schedule];
  const { everyMinutes } = schedule;
  if (DAY_MINUTES % everyMinutes !== 0) return `${schedule.text} is at other times of the day every day`;
  const hoursByMinutes = new Map<string, { minutes: number[]; hours: number[] }>();
  for (let hour = 0; hour < 24; hour++) {
    const minutes = Array.from({ length: 60 }, (_, minute) => minute).filter((minute) => (hour * 60 + minute) % everyMinutes === 0);
    if (minutes.length === 0) continue;
    const same = hoursByMinutes.get(minutes.join()) ?? { minutes, hours: [] };
    same.hours.push(hour);
    hoursByMinutes.set(minutes.join(), same);
  }
  const everyDay = parseSchedule('0 0 * * *') as CronSchedule;
  return [...hoursByMinutes.values()].map((times) => ({ ...everyDay, text: schedule.text, ...times }));
}

/**
 * Why a calendar in a zone with summer time isn't the same elsewhere: what a wall clock skips or shows twice is due never or once here, and programs differ about
 * that. `undefined` when none of its times is such a one, in the ten years from `from` (epoch milliseconds).
 */
export function clockChange(schedule: CronSchedule, from: number): string | undefined {
  const { zone } = schedule;
  const first = Math.floor(from / DAY_MS) * DAY_MS;
  for (let day = first; zone !== 'UTC' && day < first + YEARS_AHEAD * 365 * DAY_MS; day += DAY_MS) {
    if (offsetAt(day, zone) === offsetAt(day + DAY_MS, zone)) continue;
    // The change lies on this date or, where the zone's clock is far from UTC, on a neighbour.
    for (const wall of [day - DAY_MS, day, day + DAY_MS].flatMap((near) => wallTimesOn(schedule, near))) {
      const times = instantsOf(wall, zone).length;
      if (times !== 1) return `${new Date(wall).toISOString().slice(0, 16).replace('T', ' ')} in ${zone} comes ${times === 0 ? 'never' : 'twice'}`;
    }
  }
  return undefined;
}
