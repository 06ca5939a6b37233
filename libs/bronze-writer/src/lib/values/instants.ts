import type { ColumnData } from '../parquet/column-data.js';
import { appendBigInt64, appendInt32, appendInt64 } from './append-value.js';
import { COLON, digits, isText, MINUS, PLUS, POINT, SPACE, twoDigits, ZERO } from './ascii.js';

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
const DAY_SECONDS = 86_400;
/** Seconds whose microseconds a double still holds exactly: to the year 2255. */
const SAFE_SECONDS = 9_000_000_000;
/** DuckDB reads this number of microseconds, and its negative, as infinity. */
const INFINITE_MICROS = 2n ** 63n - 1n;

/** Days since 1970-01-01 in the proleptic Gregorian calendar; year 0 is 1 BC. NaN when there is no such day. */
export function daysOf(year: number, month: number, day: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month < 1 || month > 12 || day < 1) return NaN;
  const monthDays = (DAYS_BEFORE_MONTH[month] ?? 0) - (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (leap && month === 2 ? 1 : 0);
  if (day > monthDays) return NaN;
  const before = year - 1;
  const leaps = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return before * 365 + leaps + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (leap && month > 2 ? 1 : 0) + day - 719_163;
}

/** ` BC` */
const isBC = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start > 3 && bytes[end - 1] === 0x43 && isText(bytes, end - 3, end, ' BC');

const isFourDigits = (bytes: Uint8Array, at: number): boolean => twoDigits(bytes, at) >= 0 && twoDigits(bytes, at + 2) >= 0;

/** Where the year ends: at the first hyphen. */
function yearEnd(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start + 4] === MINUS && start + 4 < end && isFourDigits(bytes, start)) return start + 4;
  let at = start;
  while (at < end && bytes[at] !== MINUS) at++;
  return at;
}

/** Days of `YYYY-MM-DD` (more digits of the year allowed); NaN when it is none. */
function days(bytes: Uint8Array, start: number, end: number, bc: boolean): number {
  const after = yearEnd(bytes, start, end);
  if (after - start < 4 || after - start > 7 || end - after !== 6 || bytes[after + 3] !== MINUS) return NaN;
  const year = digits(bytes, start, after);
  const month = twoDigits(bytes, after + 1);
  const day = twoDigits(bytes, after + 4);
  if (year < 1 || month < 0 || day < 0) return NaN;
  return daysOf(bc ? 1 - year : year, month, day);
}

/** As Postgres prints dates (DateStyle ISO), also BC and years of more digits; false for ±infinity. */
export function appendDateText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  const bc = isBC(bytes, start, end);
  const value = days(bytes, start, bc ? end - 3 : end, bc);
  if ((value | 0) !== value) return false;
  appendInt32(data, value);
  return true;
}

/** `2024-01-15 10:30:45.123456` or with a `T`, ` BC` behind; false with a zone, with digits beyond the microsecond, for ±infinity. */
export function appendTimestampText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  const bc = isBC(bytes, start, end);
  return appendInstant(data, bytes, start, bc ? end - 3 : end, bc, 0);
}

/** The same with a zone behind: `Z`, `+00`, `+05:30`, `-00:19:32`. */
export function appendTimestamptzText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  const bc = isBC(bytes, start, end);
  const to = bc ? end - 3 : end;
  if (bytes[to - 1] === 0x5a) return appendInstant(data, bytes, start, to - 1, bc, 0);
  let sign = to - 3;
  if (!isSign(bytes[sign])) for (sign = to - 1; sign > start && !isSign(bytes[sign]) && to - sign < 10;) sign--;
  // The hyphens of the date stand before the colons of the time.
  if (!isSign(bytes[sign]) || sign - start < 12) return false;
  const offset = offsetSeconds(bytes, sign + 1, to);
  return offset >= 0 && appendInstant(data, bytes, start, sign, bc, bytes[sign] === PLUS ? offset : -offset);
}

const isSign = (byte: number | undefined): boolean => byte === PLUS || byte === MINUS;

/** `05`, `0530`, `05:30`, `05:30:15`; −1 for anything else. */
export function offsetSeconds(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const hours = length < 2 ? -1 : twoDigits(bytes, start);
  if (length === 2) return hours < 0 ? -1 : hours * 3600;
  const colon = bytes[start + 2] === COLON;
  const minutes = digits(bytes, start + (colon ? 3 : 2), Math.min(end, start + (colon ? 5 : 4)));
  const seconds = length === 8 && colon && bytes[start + 5] === COLON ? digits(bytes, start + 6, end) : 0;
  if (hours < 0 || minutes < 0 || minutes > 59 || seconds < 0 || ![colon ? 5 : 4, 8].includes(length)) return -1;
  return hours * 3600 + minutes * 60 + seconds;
}

function appendInstant(data: ColumnData, bytes: Uint8Array, start: number, end: number, bc: boolean, offset: number): boolean {
  const usual = bc ? NaN : usualSeconds(bytes, start, end);
  const isUsual = !Number.isNaN(usual);
  const local = isUsual ? usual : unusualSeconds(bytes, start, end, bc);
  const micros = microseconds(bytes, isUsual ? start + USUAL_LENGTH : yearEnd(bytes, start, end) + USUAL_LENGTH - 4, end);
  if (Number.isNaN(local) || micros < 0) return false;
  const seconds = local - offset;
  if (Math.abs(seconds) > SAFE_SECONDS) return appendFarInstant(data, BigInt(seconds) * 1_000_000n + BigInt(micros));
  appendInt64(data, seconds * 1_000_000 + micros);
  return true;
}

/** Of `YYYY-MM-DD HH:MM:SS`. */
const USUAL_LENGTH = 19;
/** Rows of a partition have few days: the last one that was asked for, YYYYMMDD, and what `daysOf` said. */
let [lastDay, lastDays] = [0, NaN];

/** Seconds from 1970 to a time with a year of four digits; NaN for anything else. */
function usualSeconds(bytes: Uint8Array, at: number, end: number): number {
  const separator = bytes[at + 10];
  if (end - at < USUAL_LENGTH || bytes[at + 4] !== MINUS || bytes[at + 7] !== MINUS || (separator !== SPACE && separator !== 0x54)) return NaN;
  const century = twoDigits(bytes, at);
  const year = twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  const second = secondOfDay(bytes, at + 11, end);
  if ((century | year | month | day | second) < 0 || (century | year) === 0) return NaN;
  const date = century * 1_000_000 + year * 10_000 + month * 100 + day;
  if (date !== lastDay) {
    lastDay = date;
    lastDays = daysOf(century * 100 + year, month, day);
  }
  return lastDays * DAY_SECONDS + second;
}

function unusualSeconds(bytes: Uint8Array, start: number, end: number, bc: boolean): number {
  const dateEnd = yearEnd(bytes, start, end) + 6;
  const separator = bytes[dateEnd];
  const second = secondOfDay(bytes, dateEnd + 1, end);
  return (separator === SPACE || separator === 0x54) && second >= 0 ? days(bytes, start, dateEnd, bc) * DAY_SECONDS + second : NaN;
}

const appendFarInstant = (data: ColumnData, micros: bigint): boolean =>
  micros < INFINITE_MICROS && micros > -INFINITE_MICROS && appendBigInt64(data, micros);

/** Of `HH:MM:SS`; −1 when it is none. */
function secondOfDay(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8 || bytes[start + 2] !== COLON || bytes[start + 5] !== COLON) return -1;
  const hours = twoDigits(bytes, start);
  const minutes = twoDigits(bytes, start + 3);
  const seconds = twoDigits(bytes, start + 6);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) return -1;
  return hours * 3600 + minutes * 60 + seconds;
}

/** Microseconds in the last of so many digits behind the point. */
const MICROS = [1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1];

/** Of `.123456` or nothing; −1 when there is something else, or more than zeros after the sixth digit. */
function microseconds(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  if (bytes[start] !== POINT) return -1;
  let last = end;
  while (last > start + 7 && bytes[last - 1] === ZERO) last--;
  const count = last - start - 1;
  if (count > 6) return -1;
  const value = digits(bytes, start + 1, last);
  return value < 0 ? -1 : value * (MICROS[count] ?? NaN);
}
