/** The fields of one EventBridge cron expression, as sets and as a rule for days. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Whether it fires on this day, of which only year, month, date and weekday (UTC) count. */
  readonly onDay: (day: Date) => boolean;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * Minutes, hours, day of month, month, day of week (1 = Sunday), year, with `* ? , - /` and `L W #`; `undefined` for what is none of these.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseCron(expression: string): Cron | undefined {
  const [minute = '', hour = '', date = '', month = '', weekday = '', year = ''] = expression.split(' ');
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const months = valuesOf(month, 1, 12, MONTHS);
  const years = valuesOf(year, 1970, 2199);
  const onDate = dateRule(date);
  const onWeekday = weekdayRule(weekday);
  if (!minutes || !hours || !months || !years || !onDate || !onWeekday) return undefined;
  const onDay = (day: Date): boolean =>
    months.includes(day.getUTCMonth() + 1) && years.includes(day.getUTCFullYear()) && onDate(day) && onWeekday(day);
  return { minutes, hours, onDay };
}

/** The numbers that a field stands for, ascending; `undefined` when it is malformed or out of range. */
function valuesOf(field: string, least: number, most: number, names: readonly string[] = []): number[] | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, any, first, last, step] = match;
    const from = any === undefined ? numberOf(first, least, names) : least;
    const open = any !== undefined || step !== undefined ? most : from;
    const to = last === undefined ? open : numberOf(last, least, names);
    const by = Number(step ?? 1);
    if (!(from >= least && to <= most && from <= to && by > 0)) return undefined;
    for (let value = from; value <= to; value += by) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

function numberOf(text: string | undefined, least: number, names: readonly string[]): number {
  const index = names.indexOf((text ?? '').toUpperCase());
  return index >= 0 ? index + least : /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
}

type DayRule = (day: Date) => boolean;

const lastDate = (day: Date): number => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

function dateRule(field: string): DayRule | undefined {
  if (field === 'L') return (day) => day.getUTCDate() === lastDate(day);
  const near = /^(\d+|L)W$/.exec(field)?.[1];
  if (near !== undefined) return (day) => day.getUTCDate() === nearestWorkday(day, near === 'L' ? lastDate(day) : Number(near));
  const dates = valuesOf(field, 1, 31);
  return dates && ((day) => dates.includes(day.getUTCDate()));
}

/** The Monday-to-Friday date of the month that is nearest to one of its dates. */
function nearestWorkday(month: Date, date: number): number {
  const weekday = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), date)).getUTCDay();
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === lastDate(month) ? date - 2 : date + 1;
  return date;
}

function weekdayRule(field: string): DayRule | undefined {
  const [, name, kind, nth] = /^(\w{1,3}?)(?:(L)|#([1-5]))$/.exec(field) ?? [];
  if (field === 'L') return (day) => day.getUTCDay() === 6;
  if (name !== undefined) {
    const [wanted] = valuesOf(name, 1, 7, WEEKDAYS) ?? [];
    if (wanted === undefined) return undefined;
    return (day) => {
      const inOrder = kind === 'L' ? day.getUTCDate() > lastDate(day) - 7 : Math.ceil(day.getUTCDate() / 7) === Number(nth);
      return day.getUTCDay() + 1 === wanted && inOrder;
    };
  }
  const weekdays = valuesOf(field, 1, 7, WEEKDAYS);
  return weekdays && ((day) => weekdays.includes(day.getUTCDay() + 1));
}
