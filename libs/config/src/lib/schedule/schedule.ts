import type { Fault } from '../jobs-file/items.js';
import { parseCron, type Cron } from './cron.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const UNIT_HOURS: Readonly<Record<string, number>> = { minute: 1 / 60, hour: 1, day: 24 };
/** Long enough to show every unevenness of months and weeks. Which days they are doesn't matter, as long as they are always the same. */
const LOOKED_AT = { from: Date.UTC(2026, 0, 1), days: 800 };

/**
 * Hours from one run to the next, when all steps are the same: 1 for `cron(0 * * * ? *)`, 24 for `cron(0 2 * * ? *)`, 0.5 for `rate(30 minutes)`;
 * `undefined` for uneven steps, such as Monday and Thursday or only by day, and for an expression that never fires.
 */
export function everyHours(schedule: string): number | undefined {
  const rate = rateHours(schedule);
  if (rate !== undefined) return rate;
  const cron = cronOf(schedule);
  if (cron === undefined) return undefined;
  const days = daysOf(cron);
  const times = timesOf(cron);
  if (days.length === 0) return undefined;
  const [first = 0, second = Number.NaN] = days;
  // The first step says what all others have to be.
  const step = times.length > 1 ? ((times[1] ?? 0) - (times[0] ?? 0)) * MINUTE_MS : second - first;
  let last: number | undefined;
  for (const day of days)
    for (const time of times) {
      const at = day + time * MINUTE_MS;
      if (last !== undefined && at - last !== step) return undefined;
      last = at;
    }
  return Number.isNaN(step) ? undefined : step / (60 * MINUTE_MS);
}

/** How often it fires in an average month (a twelfth of a year); `undefined` when the expression can't be read. */
export function runsPerMonth(schedule: string): number | undefined {
  const rate = rateHours(schedule);
  if (rate !== undefined) return (365 * 24) / 12 / rate;
  const cron = cronOf(schedule);
  return cron && (daysOf(cron).filter((day) => day < LOOKED_AT.from + 365 * DAY_MS).length * timesOf(cron).length) / 12;
}

/** What keeps a schedule of the right form from ever being taken by EventBridge, in words; `undefined` when nothing does. */
export function scheduleFault(schedule: string): string | undefined {
  const fields = /^cron\((.*)\)$/.exec(schedule)?.[1]?.split(' ');
  if (fields === undefined) return undefined;
  const [, , date = '', , weekday = ''] = fields;
  if ((date === '?') === (weekday === '?'))
    return `must have a ? for the day of the month or for the day of the week, and not for both, such as cron(0 2 * * ? *), is ${schedule}`;
  if (cronOf(schedule) !== undefined) return undefined;
  return `is no time: ${schedule} has minute (0-59), hour (0-23), day of month (1-31), month (1-12), day of week (1-7, 1 is Sunday) and year in this order`;
}

/** A crontab line is nearly a schedule. */
export function crontabFault(value: unknown): Fault[] {
  const [, minute, hour, date, month, weekday] = /^(\S+) (\S+) (\S+) (\S+) (\S+)$/.exec(typeof value === 'string' ? value : '') ?? [];
  if (minute === undefined) return [];
  const said = 'must be an EventBridge schedule, not a crontab line';
  return [{ message: weekday === '*' ? `${said}: write cron(${minute} ${hour} ${date} ${month} ? *)` : `${said}, such as cron(0 2 * * ? *)` }];
}

function rateHours(schedule: string): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  return unit === undefined ? undefined : Number(count) * (UNIT_HOURS[unit] ?? 1);
}

const cronOf = (schedule: string): Cron | undefined => parseCron(/^cron\((.*)\)$/.exec(schedule)?.[1] ?? '');

/** The days on which it fires, as epoch milliseconds of their midnights. */
function daysOf({ onDay }: Cron): number[] {
  return Array.from({ length: LOOKED_AT.days }, (_, index) => LOOKED_AT.from + index * DAY_MS).filter((day) => onDay(new Date(day)));
}

/** The minutes of a day at which it fires. */
const timesOf = ({ hours, minutes }: Cron): number[] => hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
