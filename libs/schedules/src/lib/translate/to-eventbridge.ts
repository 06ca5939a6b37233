import { DATES, HOURS, MINUTES, MONTHS, WEEKDAY_NAMES, YEARS } from '../expressions/values.js';
import type { CronSchedule, Schedule, Translation } from '../types.js';
import { calendarsOf } from './calendars.js';
import { valueText, type ValueStyle } from './value-text.js';

/** `ScheduleExpression` and `ScheduleExpressionTimezone` of a schedule of EventBridge Scheduler. */
export interface EventBridgeSchedule {
  readonly expression: string;
  readonly timeZone: string;
}

/**
 * The schedule as EventBridge Scheduler takes it; or why it can't be said to it. A rate becomes times of the day: EventBridge counts rates from when a schedule is
 * made, so that their times would be others after each deployment.
 */
export function toEventBridge(schedule: Schedule): Translation<EventBridgeSchedule> {
  const calendars = calendarsOf(schedule);
  if (typeof calendars === 'string') return { exact: false, reason: `${calendars}, and EventBridge counts rates from when they are made` };
  const [calendar, ...others] = calendars;
  if (calendar === undefined || others.length > 0)
    return { exact: false, reason: `${schedule.text} is at other minutes from hour to hour, and EventBridge counts rates from when they are made` };
  if (calendar.either) return { exact: false, reason: 'EventBridge takes the day of the month or the day of the week, not either of both' };
  return { exact: true, value: { expression: `cron(${fieldsOf(calendar)})`, timeZone: calendar.zone } };
}

const style = (bounds: { least: number; most: number }): ValueStyle => ({ ...bounds, range: '-', steps: (first, step) => `${first}/${step}` });
const nameOf = (day: number): string => WEEKDAY_NAMES[day] ?? '';

function fieldsOf({ minutes, hours, months, years, date, weekday }: CronSchedule): string {
  return [
    valueText(minutes, style(MINUTES)),
    valueText(hours, style(HOURS)),
    weekday.kind === 'any' ? dateText(date) : '?',
    valueText(months, style(MONTHS)),
    weekday.kind === 'any' ? '?' : weekdayText(weekday),
    valueText(years, style(YEARS)),
  ].join(' ');
}

function dateText(date: CronSchedule['date']): string {
  if (date.kind === 'any') return '*';
  if (date.kind === 'last') return 'L';
  if (date.kind === 'workday') return `${date.near === 'last' ? 'L' : date.near}W`;
  return valueText(date.dates, style(DATES));
}

function weekdayText(weekday: Exclude<CronSchedule['weekday'], { kind: 'any' }>): string {
  if (weekday.kind === 'last') return `${weekday.day + 1}L`;
  if (weekday.kind === 'nth') return `${weekday.day + 1}#${weekday.nth}`;
  return valueText(weekday.days, { least: 0, most: 6, range: '-', steps: () => weekday.days.map(nameOf).join(','), name: nameOf });
}
