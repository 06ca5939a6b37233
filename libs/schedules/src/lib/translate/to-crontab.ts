import { DATES, HOURS, MINUTES, MONTHS, YEARS } from '../expressions/values.js';
import { isSameZone } from '../times/zone.js';
import type { CronSchedule, Schedule, Translation } from '../types.js';
import { calendarsOf, clockChange } from './calendars.js';
import { valueText, type ValueStyle } from './value-text.js';

export interface ToCrontabOptions {
  /** IANA name of the zone that cron goes by. Default `UTC`. */
  readonly zone?: string;
  /** From when on it has to be right, epoch milliseconds. Default: now. */
  readonly from?: number;
}

/** The five fields of each crontab line that the schedule needs; or why no crontab says the same. */
export function toCrontab(schedule: Schedule, { zone = 'UTC', from = Date.now() }: ToCrontabOptions = {}): Translation<readonly string[]> {
  const calendars = calendarsOf(schedule);
  if (typeof calendars === 'string') return { exact: false, reason: calendars };
  const lines: string[] = [];
  for (const calendar of calendars) {
    const reason = unsayable(calendar, zone) ?? clockChange(calendar, from);
    if (reason !== undefined) return { exact: false, reason };
    lines.push(fieldsOf(calendar));
  }
  return { exact: true, value: lines };
}

function unsayable({ date, weekday, years, zone }: CronSchedule, cronZone: string): string | undefined {
  if (years.length !== YEARS.most - YEARS.least + 1) return 'a crontab knows no years';
  if (date.kind === 'last') return 'a crontab knows no last day of the month';
  if (date.kind === 'workday') return 'a crontab knows no nearest working day';
  if (weekday.kind === 'last' || weekday.kind === 'nth') return "a crontab can't count the weekdays of a month";
  return isSameZone(zone, cronZone) ? undefined : `its times are of ${zone}, and cron goes by ${cronZone}`;
}

const style = (bounds: { least: number; most: number }): ValueStyle => ({
  ...bounds,
  range: '-',
  steps: (first, step) => (first === bounds.least ? `*/${step}` : `${first}-${bounds.most}/${step}`),
});

function fieldsOf({ minutes, hours, months, date, weekday }: CronSchedule): string {
  // `*/2` in a field of days would count as no restriction.
  const days = { range: '-', steps: (first: number, step: number) => `${first}-31/${step}` };
  return [
    valueText(minutes, style(MINUTES)),
    valueText(hours, style(HOURS)),
    date.kind === 'dates' ? valueText(date.dates, { ...DATES, ...days }) : '*',
    valueText(months, style(MONTHS)),
    weekday.kind === 'days' ? valueText(weekday.days, { least: 0, most: 6, range: '-', steps: (first, step) => `${first}-6/${step}` }) : '*',
  ].join(' ');
}
