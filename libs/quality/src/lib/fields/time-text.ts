/** What the bytes of a date or time say. */
export interface TimeReading {
  /** Seconds since 1970-01-01T00:00:00Z, whole. NaN where the bytes are no time, ±Infinity for Postgres' `infinity`. */
  seconds: number;
  /** 0 to 999,999 behind them; further digits are dropped. */
  micros: number;
}

const DAY = 86_400;

/**
 * Reads what Postgres prints (ISO, `2026-03-01 18:30:00.5+00`, `0044-03-15 BC`, `infinity`) and ISO 8601 (`2026-03-01T18:30:00Z`); a day is its midnight,
 * a time without a zone is one of UTC.
 */
export function readTime(reading: TimeReading, bytes: Uint8Array, start: number, end: number): void {
  reading.seconds = NaN;
  reading.micros = 0;
  const bc = end - start > 12 && bytes[end - 1] === 0x43 && bytes[end - 2] === 0x42 && bytes[end - 3] === 0x20;
  const to = bc ? end - 3 : end;
  let at = start;
  while (at < to && isDigit(bytes[at])) at++;
  const year = at - start < 4 || at - start > 7 ? -1 : number(bytes, start, at);
  if (year < 0) return readInfinity(reading, bytes, start, end);
  if (to - at < 6 || bytes[at] !== 0x2d || bytes[at + 3] !== 0x2d) return;
  const day = dayNumber(bc ? 1 - year : year, number(bytes, at + 1, at + 3), number(bytes, at + 4, at + 6));
  if (Number.isNaN(day)) return;
  at += 6;
  if (at === to) reading.seconds = day * DAY;
  else if (bytes[at] === 0x20 || bytes[at] === 0x54 || bytes[at] === 0x74) readClock(reading, bytes, at + 1, to, day * DAY);
}

function readClock(reading: TimeReading, bytes: Uint8Array, start: number, end: number, midnight: number): void {
  const ofDay = clockSeconds(bytes, start, end);
  if (ofDay < 0) return;
  let at = start + 5;
  if (bytes[at] === 0x3a) at += 3;
  if (bytes[at] === 0x2e) {
    const from = ++at;
    let micros = 0;
    for (; at < end && isDigit(bytes[at]); at++) if (at - from < 6) micros = micros * 10 + (bytes[at] as number) - 0x30;
    if (at === from) return;
    for (let digits = at - from; digits < 6; digits++) micros *= 10;
    reading.micros = micros;
  }
  const offset = zoneSeconds(bytes, at, end);
  if (!Number.isNaN(offset)) reading.seconds = midnight + ofDay - offset;
}

/** Seconds since midnight of `18:30` or `18:30:05`, whatever follows; `24:00` is the end of the day; -1 for anything else. */
export function clockSeconds(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 5 || bytes[start + 2] !== 0x3a) return -1;
  const [hours, minutes] = [number(bytes, start, start + 2), number(bytes, start + 3, start + 5)];
  const seconds =
    bytes[start + 5] === 0x3a && end - start >= 8 ? number(bytes, start + 6, start + 8) : end - start > 5 && bytes[start + 5] === 0x3a ? -1 : 0;
  if (hours < 0 || hours > 24 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60 || (hours === 24 && minutes + seconds > 0)) return -1;
  return hours * 3600 + minutes * 60 + seconds;
}

/** Of nothing, `Z`, `+05`, `+0530`, `+05:30` or `+05:30:15`; NaN for anything else. */
function zoneSeconds(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  const sign = bytes[start];
  if (end - start === 1) return sign === 0x5a || sign === 0x7a ? 0 : NaN;
  if (sign !== 0x2b && sign !== 0x2d) return NaN;
  let [seconds, unit, at] = [0, 3600, start + 1];
  for (; at < end && unit >= 1; unit /= 60) {
    if (at > start + 1 && bytes[at] === 0x3a) at++;
    const value = at + 2 <= end ? number(bytes, at, at + 2) : -1;
    if (value < 0 || (unit < 3600 && value > 59)) return NaN;
    seconds += value * unit;
    at += 2;
  }
  return at === end ? (sign === 0x2d ? -seconds : seconds) : NaN;
}

function readInfinity(reading: TimeReading, bytes: Uint8Array, start: number, end: number): void {
  const negative = bytes[start] === 0x2d;
  const from = negative ? start + 1 : start;
  if (end - from !== 8) return;
  for (let n = 0; n < 8; n++) if (bytes[from + n] !== 'infinity'.charCodeAt(n)) return;
  reading.seconds = negative ? -Infinity : Infinity;
}

/** Days since 1970-01-01 in the Gregorian calendar at all times, as Postgres counts; NaN when there is no such day. */
function dayNumber(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NaN;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function number(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
