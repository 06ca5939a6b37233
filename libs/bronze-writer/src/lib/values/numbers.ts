import type { ColumnData } from '../parquet/column-data.js';
import { Physical } from '../parquet/physical.js';
import { appendBigEndian, appendBigInt64, appendDouble, appendFloat, appendInt32, appendInt64, appendShortBigEndian } from './append-value.js';
import { ascii, digits, MINUS, POINT, ZERO } from './ascii.js';

/** Digits that a double holds for certain. */
const SAFE_DIGITS = 15;

/** Not a whole number of at most 15 digits: NaN. */
function shortWhole(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  const from = negative ? start + 1 : start;
  if (end - from > SAFE_DIGITS) return NaN;
  const value = digits(bytes, from, end);
  if (value < 0) return NaN;
  return negative ? 0 - value : value;
}

export function appendInt32Text(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  const value = shortWhole(bytes, start, end);
  if ((value | 0) !== value) return false;
  appendInt32(data, value);
  return true;
}

export function appendInt64Text(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  const value = shortWhole(bytes, start, end);
  if (!Number.isNaN(value)) {
    appendInt64(data, value);
    return true;
  }
  const text = ascii(bytes, start, end);
  return /^-?\d{1,30}$/.test(text) && appendBigInt64(data, BigInt(text));
}

export function appendIntegerText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  const text = ascii(bytes, start, end);
  return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) && appendInt64Text(data, bytes, start, end);
}

const POWERS_OF_TEN = Float64Array.from({ length: SAFE_DIGITS }, (_, n) => 10 ** n);

/** The usual case, `123.45`: whole number and power of ten are exact in a double, so that their quotient is the nearest one to the text. NaN for any other form. */
function shortFloating(bytes: Uint8Array, start: number, end: number): number {
  const from = bytes[start] === MINUS ? start + 1 : start;
  if (end - from > SAFE_DIGITS || from === end) return NaN;
  let value = 0;
  let point = end - 1;
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (bytes[at] === POINT && point === end - 1 && at > from && at < point) point = at;
    else return NaN;
  }
  const absolute = value / (POWERS_OF_TEN[end - 1 - point] ?? 1);
  return from > start ? -absolute : absolute;
}

const NOT_FINITE: ReadonlyMap<string, number> = new Map([NaN, Infinity, -Infinity].map((value) => [String(value), value]));

/** Postgres prints the shortest text that is this number again, so that reading it as one is exact. */
function floating(bytes: Uint8Array, start: number, end: number): number | undefined {
  const short = shortFloating(bytes, start, end);
  if (!Number.isNaN(short)) return short;
  const text = ascii(bytes, start, end);
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Number(text);
  return NOT_FINITE.get(text);
}

export function appendFloatText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  const value = floating(bytes, start, end);
  if (value === undefined || (Number.isFinite(value) && !Number.isFinite(Math.fround(value)))) return false;
  appendFloat(data, value);
  return true;
}

export function appendDoubleText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  const value = floating(bytes, start, end);
  if (value === undefined) return false;
  appendDouble(data, value);
  return true;
}

/** False when the text is no number (NaN), or has other digits than zeros where the type has no place. */
export function appendDecimalText(data: ColumnData, bytes: Uint8Array, start: number, end: number): boolean {
  if (data.scalar.kind !== 'decimal') return false;
  const { precision, scale } = data.scalar;
  const negative = bytes[start] === MINUS;
  const from = negative ? start + 1 : start;
  let point = from;
  while (point < end && bytes[point] !== POINT) point++;
  let last = end;
  while (last > point + 1 + scale && bytes[last - 1] === ZERO) last--;
  const after = Math.max(0, last - point - 1);
  if (after > scale || point === from || (point < end && point + 1 === end)) return false;
  if (point - from + scale <= Math.min(SAFE_DIGITS, precision)) {
    const unscaled = shortUnscaled(bytes, from, point, last) * (POWERS_OF_TEN[scale - after] ?? NaN);
    return unscaled >= 0 && appendShortUnscaled(data, negative ? 0 - unscaled : unscaled);
  }
  const text = ascii(bytes, from, point) + ascii(bytes, point + 1, last);
  if (!/^\d+$/.test(text)) return false;
  const unscaled = BigInt(text) * 10n ** BigInt(scale - after);
  if (unscaled >= 10n ** BigInt(precision)) return false;
  return appendUnscaled(data, negative ? -unscaled : unscaled);
}

/** The usual case: all digits before and behind the point together in a double; below zero when one of them is none. */
function shortUnscaled(bytes: Uint8Array, from: number, point: number, last: number): number {
  const whole = digits(bytes, from, point);
  if (last <= point + 1) return whole;
  const fraction = digits(bytes, point + 1, last);
  return whole < 0 || fraction < 0 ? -1 : whole * (POWERS_OF_TEN[last - point - 1] ?? NaN) + fraction;
}

function appendShortUnscaled(data: ColumnData, signed: number): boolean {
  if (data.physical === Physical.INT32) appendInt32(data, signed);
  else if (data.physical === Physical.INT64) appendInt64(data, signed);
  else appendShortBigEndian(data, signed);
  return true;
}

function appendUnscaled(data: ColumnData, unscaled: bigint): boolean {
  if (data.physical === Physical.INT32) appendInt32(data, Number(unscaled));
  else if (data.physical === Physical.INT64) return appendBigInt64(data, unscaled);
  else appendBigEndian(data, unscaled);
  return true;
}
