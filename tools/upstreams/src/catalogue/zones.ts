/** Rules of daylight saving: when the local clock is an hour ahead. */
type Rule = 'none' | 'america' | 'europe' | 'australia';

const zones: Readonly<Record<string, readonly [minutes: number, rule: Rule]>> = {
  'America/New_York': [-300, 'america'],
  'America/Chicago': [-360, 'america'],
  'America/Denver': [-420, 'america'],
  'America/Phoenix': [-420, 'none'],
  'America/Los_Angeles': [-480, 'america'],
  'America/Anchorage': [-540, 'america'],
  'Pacific/Honolulu': [-600, 'none'],
  'America/Toronto': [-300, 'america'],
  'America/Halifax': [-240, 'america'],
  'America/Winnipeg': [-360, 'america'],
  'America/Mexico_City': [-360, 'none'],
  'Europe/London': [0, 'europe'],
  'Europe/Dublin': [0, 'europe'],
  'Europe/Berlin': [60, 'europe'],
  'Europe/Stockholm': [60, 'europe'],
  'Australia/Sydney': [600, 'australia'],
  'Australia/Melbourne': [600, 'australia'],
  'Australia/Brisbane': [600, 'none'],
};
const dayMs = 86_400_000;

/** Days since 1970-01-01 of a `YYYY-MM-DD` date. */
export function epochDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs;
}

/** `YYYY-MM-DD` of a day since 1970-01-01. */
export function isoDate(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** `HH:mm:ss` of a second of the day. */
export function isoTime(second: number): string {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  return `${two(second / 3600)}:${two((second % 3600) / 60)}:${two(second % 60)}`;
}

/**
 * Epoch milliseconds of a local time. Exact except in the hours of a change of clocks (before 4 in the morning of that Sunday),
 * when nothing in the catalogue starts. A table instead of `Intl`, which would take seconds for thousands of events.
 */
export function localToUtc(day: number, second: number, zone: string): number {
  const [minutes, rule] = zones[zone] ?? [0, 'none'];
  const ahead = isSummer(day, second, rule) ? 60 : 0;
  return day * dayMs + second * 1000 - (minutes + ahead) * 60_000;
}

/** A `Date`'s ISO text without milliseconds: the only format that Discovery knows. */
export function isoSecond(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

const changes = new Map<string, readonly [start: number, end: number]>();

function isSummer(day: number, second: number, rule: Rule): boolean {
  if (rule === 'none') return false;
  const year = new Date(day * dayMs).getUTCFullYear();
  const key = `${rule}${year}`;
  let range = changes.get(key);
  if (!range) changes.set(key, (range = rangeOf(rule, year)));
  const [start, end] = range;
  // On the Sunday itself the clock changes in the small hours.
  const after = (change: number): boolean => day > change || (day === change && second >= 4 * 3600);
  return rule === 'australia' ? after(start) || !after(end) : after(start) && !after(end);
}

function rangeOf(rule: Rule, year: number): readonly [number, number] {
  if (rule === 'america') return [sunday(year, 2, 2), sunday(year, 10, 1)];
  if (rule === 'europe') return [lastSunday(year, 2), lastSunday(year, 9)];
  return [sunday(year, 9, 1), sunday(year, 3, 1)];
}

function sunday(year: number, month: number, nth: number): number {
  const first = Date.UTC(year, month, 1);
  return first / dayMs + ((7 - new Date(first).getUTCDay()) % 7) + (nth - 1) * 7;
}

function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month + 1, 0);
  return last / dayMs - new Date(last).getUTCDay();
}
