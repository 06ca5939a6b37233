import { HOURS, MINUTES, MONTHS, WEEKDAY_NAMES, YEARS } from '../expressions/values.js';
import type { CronSchedule, Schedule, Translation } from '../types.js';
import { calendarsOf, clockChange } from './calendars.js';
import { valueText, type ValueStyle } from './value-text.js';

export interface ToSystemdOptions {
  /** From when on it has to be right, epoch milliseconds. Default: now. */
  readonly from?: number;
}

/**
 * The `OnCalendar=` expressions of a timer, with their zone; or why no timer says the same.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html#Calendar%20Events
 */
export function toSystemdCalendar(schedule: Schedule, { from = Date.now() }: ToSystemdOptions = {}): Translation<readonly string[]> {
  const calendars = calendarsOf(schedule);
  if (typeof calendars === 'string') return { exact: false, reason: calendars };
  const lines: string[] = [];
  for (const calendar of calendars) {
    const reason = calendar.date.kind === 'workday' ? 'systemd knows no nearest working day' : clockChange(calendar, from);
    if (reason !== undefined) return { exact: false, reason };
    lines.push(...linesOf(calendar));
  }
  return { exact: true, value: lines };
}

/** Where either of two restrictions is enough there is a line for each. */
function linesOf(calendar: CronSchedule): string[] {
  if (!calendar.either) return [lineOf(calendar)];
  return [lineOf({ ...calendar, weekday: { kind: 'any' } }), lineOf({ ...calendar, date: { kind: 'any' } })];
}

const two = (value: number): string => String(value).padStart(2, '0');

const style = (bounds: { least: number; most: number }): ValueStyle => ({
  ...bounds,
  range: '..',
  steps: (first, step) => `${two(first)}/${step}`,
  name: two,
});

function lineOf({ minutes, hours, months, years, date, weekday, zone }: CronSchedule): string {
  const year = valueText(years, { ...YEARS, range: '..', steps: (first, step) => `${first}..${YEARS.most}/${step}` });
  const day = `${year}-${valueText(months, style(MONTHS))}${dateText(date, weekday)}`;
  const time = `${valueText(hours, style(HOURS))}:${valueText(minutes, style(MINUTES))}:00`;
  return [weekdayText(weekday), day, time, zone].filter((part) => part !== '').join(' ');
}

const DATE_STYLE = style({ least: 1, most: 31 });
const nameOf = (day: number): string => {
  const [first = '', ...rest] = WEEKDAY_NAMES[day] ?? '';
  return first + rest.join('').toLowerCase();
};

/** The one that is the last, or the nth, of its name is known by the seven dates that it can have. */
function dateText(date: CronSchedule['date'], weekday: CronSchedule['weekday']): string {
  if (date.kind === 'last') return '~01';
  if (date.kind === 'dates') return `-${valueText(date.dates, DATE_STYLE)}`;
  if (weekday.kind === 'last') return '~07/1';
  if (weekday.kind === 'nth') return `-${two(weekday.nth * 7 - 6)}..${two(Math.min(weekday.nth * 7, 31))}`;
  return '-*';
}

function weekdayText(weekday: CronSchedule['weekday']): string {
  if (weekday.kind === 'any') return '';
  if (weekday.kind !== 'days') return nameOf(weekday.day);
  // systemd's week begins on Monday, and its ranges don't go round.
  const days = weekday.days.map((day) => (day + 6) % 7).sort((a, b) => a - b);
  const name = (value: number): string => nameOf((value + 1) % 7);
  const text = valueText(days, { least: 0, most: 6, range: '..', steps: () => days.map(name).join(','), name });
  return text === '*' ? '' : text;
}
