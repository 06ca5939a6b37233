import { compareDecimals, readDecimal, type NumberReading } from '../fields/number-text.js';
import { utf8 } from '../fields/text.js';
import type { TimeReading } from '../fields/time-text.js';

// A name of its own: in a context of node:vm, where Jest runs specifications, every look-up of a global is a call.
const { min } = Math;

/** Bytes that are kept of a least and a greatest value; of texts that begin alike so far no more is said. */
export const KEPT_BYTES = 64;

/** The least or the greatest value so far. */
export interface Extreme {
  /** Bytes of the value; a number may be longer than `KEPT_BYTES`, a text's are its first. */
  bytes: Uint8Array;
  /** -1 while there is none. */
  length: number;
  /** Whether more of the value followed. */
  isCut: boolean;
  /** Numbers: the nearest double. Times: seconds. */
  value: number;
  micros: number;
  isShort: boolean;
}

/** The first `KEPT_BYTES` as a text; a character that is cut in two is left out. */
export function keptText(bytes: Uint8Array, start: number, end: number): string {
  let to = min(end, start + KEPT_BYTES);
  if (to < end) while (to > start && ((bytes[to] as number) & 0xc0) === 0x80) to--;
  return utf8(bytes, start, to);
}

export const createExtreme = (): Extreme => ({ bytes: new Uint8Array(KEPT_BYTES), length: -1, isCut: false, value: 0, micros: 0, isShort: true });

function keep(extreme: Extreme, bytes: Uint8Array, start: number, end: number): void {
  const length = end - start;
  if (extreme.bytes.length < length) extreme.bytes = new Uint8Array(length);
  for (let n = 0; n < length; n++) extreme.bytes[n] = bytes[start + n] as number;
  extreme.length = length;
}

/** `sign` is 1 for the greatest, -1 for the least. */
export function updateNumber(extreme: Extreme, sign: 1 | -1, reading: NumberReading, bytes: Uint8Array, start: number, end: number): void {
  const { value, short } = reading;
  if (extreme.length >= 0) {
    if (sign * value < sign * extreme.value) return;
    // Doubles that are equal may stand for numbers that are not, unless both are short.
    if (value === extreme.value && ((short && extreme.isShort) || sign * compareTexts(extreme, bytes, start, end) >= 0)) return;
  }
  keep(extreme, bytes, start, end);
  extreme.value = value;
  extreme.isShort = short;
}

function compareTexts({ bytes: kept, length }: Extreme, bytes: Uint8Array, start: number, end: number): number {
  const [a, b] = [readDecimal(kept, 0, length), readDecimal(bytes, start, end)];
  return a === undefined || b === undefined ? 0 : compareDecimals(a, b);
}

export function updateTime(extreme: Extreme, sign: 1 | -1, { seconds, micros }: TimeReading, bytes: Uint8Array, start: number, end: number): void {
  if (extreme.length >= 0 && (sign * seconds < sign * extreme.value || (seconds === extreme.value && sign * micros <= sign * extreme.micros))) return;
  keep(extreme, bytes, start, min(end, start + KEPT_BYTES));
  extreme.value = seconds;
  extreme.micros = micros;
}

/** Below 0 when the extreme comes first. */
export function compareBytes({ bytes: kept, length }: Extreme, bytes: Uint8Array, start: number, end: number): number {
  const shared = min(length, end - start);
  for (let n = 0; n < shared; n++) {
    const difference = (kept[n] as number) - (bytes[start + n] as number);
    if (difference !== 0) return difference;
  }
  return length - (end - start);
}

/** By bytes, which is the order of code points. */
export function updateText(extreme: Extreme, sign: 1 | -1, bytes: Uint8Array, start: number, end: number): void {
  const to = min(end, start + KEPT_BYTES);
  if (extreme.length >= 0) {
    const order = -compareBytes(extreme, bytes, start, to);
    if (order * sign <= 0) return;
  }
  keep(extreme, bytes, start, to);
  extreme.isCut = to < end;
}
