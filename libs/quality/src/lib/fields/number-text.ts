import { ascii } from './text.js';

/** What the bytes of a number say. */
export interface NumberReading {
  /** The nearest double; NaN where the bytes are no number, or are NaN. */
  value: number;
  /** At most 15 digits: two such numbers are equal exactly if their doubles are. */
  short: boolean;
}

const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;

/** Reads what Postgres and ECMAScript print for numbers; one reading is used again and again. */
export function readNumber(reading: NumberReading, bytes: Uint8Array, start: number, end: number): void {
  const negative = bytes[start] === 0x2d;
  let [mantissa, digits, after] = [0, 0, -1];
  for (let at = negative ? start + 1 : start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      if (mantissa > 0) digits++;
      if (after >= 0) after++;
    } else if (digit === -2 && after < 0) after = 0;
    else return readLong(reading, bytes, start, end);
  }
  // A quotient of two exact doubles is rounded once: it is what Number() gives.
  if (digits > 15 || after > 15 || end - start < (negative ? 2 : 1) + (after < 0 ? 0 : 1)) return readLong(reading, bytes, start, end);
  const value = after > 0 ? mantissa / (POWERS[after] as number) : mantissa;
  reading.value = negative ? -value : value;
  reading.short = true;
}

function readLong(reading: NumberReading, bytes: Uint8Array, start: number, end: number): void {
  const text = end - start > MOST_CHARACTERS ? '' : ascii(bytes, start, end);
  reading.value = text === '' || !NUMBER.test(text) ? NaN : Number(text);
  reading.short = false;
}

/** Of one number; Postgres' numeric has at most 131,072 digits before the point and 16,383 after it. */
const MOST_CHARACTERS = 160_000;
// Each digit can be read in one way only: what is no number is told in linear time too.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,7})?$|^[+-]?Infinity$/;
const DECIMAL = /^(?:(-)|\+)?(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,7}))?$/;

/** A decimal number as it is written, of any length. */
export interface Decimal {
  /** -1, 0, 1 */
  readonly sign: number;
  /** Without zeros at either end; empty for 0. */
  readonly digits: string;
  /** Place of the first digit: 1 for `5`, 0 for `0.5`. */
  readonly place: number;
}

/** `undefined` for what is no finite number. */
export function parseDecimal(text: string): Decimal | undefined {
  const found = text.length > MOST_CHARACTERS ? null : DECIMAL.exec(text);
  if (found === null) return undefined;
  const [, minus, before = '', behind, alone = '', exponent = '0'] = found;
  const all = before + (behind ?? alone);
  let first = 0;
  while (first < all.length && all[first] === '0') first++;
  let last = all.length;
  while (last > first && all[last - 1] === '0') last--;
  if (first === last) return { sign: 0, digits: '', place: 0 };
  return { sign: minus === undefined ? 1 : -1, digits: all.slice(first, last), place: before.length - first + Number(exponent) };
}

export const readDecimal = (bytes: Uint8Array, start: number, end: number): Decimal | undefined =>
  end - start > MOST_CHARACTERS ? undefined : parseDecimal(ascii(bytes, start, end));

/** Below 0, 0, above 0: exactly. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.place !== b.place) return a.sign * (a.place - b.place);
  return a.digits === b.digits ? 0 : a.sign * (a.digits < b.digits ? -1 : 1);
}
