import type { CronSchedule, DateRule, WeekdayRule } from '../types.js';

/** Whether a schedule is due on this day at all. `day`: midnight of its date in UTC, whatever the zone. */
export function isDueOn({ months, years, date, weekday, either }: CronSchedule, day: Date): boolean {
  if (!months.includes(day.getUTCMonth() + 1) || !years.includes(day.getUTCFullYear())) return false;
  const fits = [hasDate(date, day), hasWeekday(weekday, day)];
  return either ? fits.includes(true) : !fits.includes(false);
}

const lastDate = (day: Date): number => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

function hasDate(rule: DateRule, day: Date): boolean {
  const date = day.getUTCDate();
  if (rule.kind === 'any') return true;
  if (rule.kind === 'dates') return rule.dates.includes(date);
  if (rule.kind === 'last') return date === lastDate(day);
  return date === nearestWorkday(day, rule.near === 'last' ? lastDate(day) : rule.near);
}

/** The Monday-to-Friday date of the month that is nearest to one of its dates; `undefined` in a month that hasn't that date. */
function nearestWorkday(month: Date, date: number): number | undefined {
  if (date > lastDate(month)) return undefined;
  const weekday = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), date)).getUTCDay();
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === lastDate(month) ? date - 2 : date + 1;
  return date;
}

function hasWeekday(rule: WeekdayRule, day: Date): boolean {
  const weekday = day.getUTCDay();
  if (rule.kind === 'any') return true;
  if (rule.kind === 'days') return rule.days.includes(weekday);
  if (weekday !== rule.day) return false;
  return rule.kind === 'last' ? day.getUTCDate() > lastDate(day) - 7 : Math.ceil(day.getUTCDate() / 7) === rule.nth;
}
