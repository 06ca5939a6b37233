import { createColumnData, resetColumnData, type ColumnData } from '../parquet/column-data.js';
import { digits, MINUS, SPACE } from '../values/ascii.js';
import { appendTimestamptzText, daysOf } from '../values/instants.js';

/** No event date, or none that a partition can have. */
export const NO_DAY = 0;

/**
 * The day of a date or timestamp text as a number YYYYMMDD; in UTC when a zone stands behind it. `NO_DAY` when the text is none, for ±infinity, and before
 * year 1 or after 9999.
 */
export function eventDay(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 10 || bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return NO_DAY;
  const [year, month, day] = [digits(bytes, start, start + 4), digits(bytes, start + 5, start + 7), digits(bytes, start + 8, start + 10)];
  if (year < 1 || Number.isNaN(daysOf(year, month, day))) return NO_DAY;
  const plain = year * 10_000 + month * 100 + day;
  if (end - start === 10) return plain;
  if (bytes[start + 10] !== SPACE && bytes[start + 10] !== 0x54) return NO_DAY;
  // BC: no partition of the calendar's years.
  if (bytes[end - 1] === 0x43) return NO_DAY;
  return isUtc(bytes, start, end) ? plain : dayInUtc(bytes, start, end, plain);
}

/** `Z`, `+00`, or no zone: the usual ones. */
function isUtc(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end - 1] === 0x5a) return true;
  for (let at = start + 19; at < end; at++) {
    if (bytes[at] === MINUS || bytes[at] === 0x2b) return end - at === 3 && digits(bytes, at + 1, end) === 0;
  }
  return true;
}

let scratch: ColumnData | undefined;

function dayInUtc(bytes: Uint8Array, start: number, end: number, plain: number): number {
  scratch ??= createColumnData({ kind: 'timestamptz' }, false);
  resetColumnData(scratch, false);
  if (!appendTimestamptzText(scratch, bytes, start, end)) return plain;
  const micros = (scratch.int32[1] ?? 0) * 4294967296 + ((scratch.int32[0] ?? 0) >>> 0);
  const date = new Date(Math.floor(micros / 1000));
  const year = date.getUTCFullYear();
  return year < 1 || year > 9999 ? NO_DAY : year * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** `YYYY-MM-DD`; null for `NO_DAY`. */
export function dayText(day: number): string | null {
  if (day === NO_DAY) return null;
  const text = String(day).padStart(8, '0');
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}
