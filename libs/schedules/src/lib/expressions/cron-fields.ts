import type { CronSchedule, DateRule, WeekdayRule } from '../types.js';
import { DATES, HOURS, MINUTES, MONTHS, valuesOf, WEEKDAY_NAMES, YEARS, type FieldBounds } from './values.js';

/** What the fields of an expression say, without text and zone. */
export type CronFields = Omit<CronSchedule, 'kind' | 'text' | 'zone'>;

const ALL_YEARS = valuesOf('*', { ...YEARS, openSteps: false }) ?? [];

/**
 * The six fields of EventBridge: minute, hour, day of month, month, day of week (1 is Sunday), year, with `* , - /` and, for days, `? L W #`.
 * Throws a one-line `Error` that names what is wrong. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function eventBridgeFields(expression: string): CronFields {
  const fields = expression.split(' ');
  if (fields.length !== 6) throw new Error(`it has ${fields.length} fields instead of six: minute, hour, day of month, month, day of week, year`);
  const [minute = '', hour = '', date = '', month = '', weekday = '', year = ''] = fields;
  if ((date === '?') === (weekday === '?')) throw new Error('exactly one of day of month and day of week must be ?');
  return {
    ...shared({ minute, hour, month }, true),
    years: needed('year', year, YEARS, true),
    date: dateRule(date) ?? wrong('day of month', date, '1 to 31, L, 15W or LW'),
    weekday: weekdayRule(weekday) ?? wrong('day of week', weekday, '1 to 7 (1 is Sunday) or SUN to SAT, L, 6L or 6#3'),
    either: false,
  };
}

/**
 * The five fields of a crontab: minute, hour, day of month, month, day of week (0 and 7 are Sunday), with `* , - /`. Where both days are restricted, either is enough.
 * Throws a one-line `Error` that names what is wrong. https://man7.org/linux/man-pages/man5/crontab.5.html
 */
export function crontabFields(expression: string): CronFields {
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = expression.split(' ');
  const dates = needed('day of month', date, DATES, false);
  // In the manual 0 and 7 are both Sunday, and names are not counted on from Saturday.
  const days = needed('day of week', weekday, { least: 0, most: 7, names: WEEKDAY_NAMES }, false);
  if (date !== '*' && weekday !== '*' && (date.startsWith('*') || weekday.startsWith('*')))
    throw new Error(`some crons run it when "${date}" and "${weekday}" both fit, some when one does: write out the dates or the days`);
  return {
    ...shared({ minute, hour, month }, false),
    years: ALL_YEARS,
    date: date === '*' ? { kind: 'any' } : { kind: 'dates', dates },
    weekday: weekday === '*' ? { kind: 'any' } : { kind: 'days', days: [...new Set(days.map((day) => day % 7))].sort((a, b) => a - b) },
    either: date !== '*' && weekday !== '*',
  };
}

interface Clock {
  readonly minute: string;
  readonly hour: string;
  readonly month: string;
}

const shared = ({ minute, hour, month }: Clock, openSteps: boolean): Pick<CronFields, 'minutes' | 'hours' | 'months'> => ({
  minutes: needed('minute', minute, MINUTES, openSteps),
  hours: needed('hour', hour, HOURS, openSteps),
  months: needed('month', month, MONTHS, openSteps),
});

function needed(name: string, field: string, bounds: Omit<FieldBounds, 'openSteps'>, openSteps: boolean): readonly number[] {
  const { least, most, names } = bounds;
  const named = names === undefined ? '' : ` or ${names[0]} to ${names.at(-1)}`;
  return valuesOf(field, { ...bounds, openSteps }) ?? wrong(name, field, `${least} to ${most}${named}`);
}

function wrong(name: string, field: string, right: string): never {
  throw new Error(`"${field}" is no ${name} (${right})`);
}

function dateRule(field: string): DateRule | undefined {
  if (field === '*' || field === '?') return { kind: 'any' };
  if (field === 'L') return { kind: 'last' };
  const near = /^(\d{1,2}|L)W$/.exec(field)?.[1];
  if (near === 'L') return { kind: 'workday', near: 'last' };
  if (near !== undefined) return Number(near) >= DATES.least && Number(near) <= DATES.most ? { kind: 'workday', near: Number(near) } : undefined;
  const dates = valuesOf(field, { ...DATES, openSteps: true });
  return dates && { kind: 'dates', dates };
}

/** EventBridge counts from 1 for Sunday. */
const EVENTBRIDGE_WEEKDAYS: FieldBounds = { least: 1, most: 7, names: WEEKDAY_NAMES, openSteps: true };

function weekdayRule(field: string): WeekdayRule | undefined {
  if (field === '*' || field === '?') return { kind: 'any' };
  // Alone it is the last day of the week.
  if (field === 'L') return { kind: 'days', days: [6] };
  const [, name, last, nth] = /^(\w{1,3}?)(?:(L)|#([1-5]))$/.exec(field) ?? [];
  const days = valuesOf(name ?? field, EVENTBRIDGE_WEEKDAYS)?.map((day) => day - 1);
  if (name === undefined) return days && { kind: 'days', days };
  const [day] = days ?? [];
  if (day === undefined) return undefined;
  return last === undefined ? { kind: 'nth', day, nth: Number(nth) } : { kind: 'last', day };
}
