import { COLON, digits, MINUS, PLUS, SPACE } from '../values/ascii.js';
import { daysOf, offsetSeconds } from '../values/instants.js';

/** No event date, or none that a partition can have. */
export const NO_DAY = 0;

/**
 * The day of a date or timestamp text as a number YYYYMMDD; in UTC when a zone stands behind it. `NO_DAY` when the text is none, for ±infinity, and before
 * year 1 or after 9999.
 */
export function eventDay(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 10 || bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return NO_DAY;
  const [year, month, day] = [digits(bytes, start, start + 4), digits(bytes, start + 5, start + 7), digits(bytes, start + 8, start + 10)];
  const days = daysOf(year, month, day);
  if (year < 1 || Number.isNaN(days)) return NO_DAY;
  const plain = year * 10_000 + month * 100 + day;
  if (end - start === 10) return plain;
  if (bytes[start + 10] !== SPACE && bytes[start + 10] !== 0x54) return NO_DAY;
  // BC: no partition of the calendar's years.
  if (bytes[end - 1] === 0x43) return NO_DAY;
  return isUtc(bytes, start, end) ? plain : dayInUtc(bytes, start, end, days, plain);
}

/** `Z`, `+00`, or no zone: the usual ones. */
function isUtc(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end - 1] === 0x5a) return true;
  for (let at = start + 16; at < end; at++) {
    if (bytes[at] === MINUS || bytes[at] === PLUS) return end - at === 3 && digits(bytes, at + 1, end) === 0;
  }
  return true;
}

/** Of a time with a zone, however exact: with digits beyond the microsecond the value is text, and its day still that in UTC. */
function dayInUtc(bytes: Uint8Array, start: number, end: number, days: number, plain: number): number {
  const [hours, minutes] = [digits(bytes, start + 11, start + 13), digits(bytes, start + 14, start + 16)];
  let sign = start + 16;
  while (sign < end && bytes[sign] !== MINUS && bytes[sign] !== PLUS) sign++;
  const offset = offsetSeconds(bytes, sign + 1, end);
  if (hours < 0 || minutes < 0 || offset < 0) return plain;
  const second = bytes[start + 16] === COLON ? Math.max(0, digits(bytes, start + 17, start + 19)) : 0;
  const instant = days * 86_400 + hours * 3_600 + minutes * 60 + second - (bytes[sign] === PLUS ? offset : -offset);
  const date = new Date(Math.floor(instant / 86_400) * 86_400_000);
  const year = date.getUTCFullYear();
  return year < 1 || year > 9999 ? NO_DAY : year * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** `YYYY-MM-DD`; null for `NO_DAY`. */
export function dayText(day: number): string | null {
  if (day === NO_DAY) return null;
  const text = String(day).padStart(8, '0');
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}
