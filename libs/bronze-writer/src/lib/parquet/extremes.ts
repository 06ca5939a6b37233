import { compareBytes, getUint32 } from './bytes.js';
import type { ColumnData } from './column-data.js';
import { Physical } from './physical.js';

/** Where the least and the greatest value begin in `ColumnData.bytes`. */
export interface Extremes {
  readonly min: number;
  readonly max: number;
}

/**
 * Over the values `from` to `to` as they are stored: with a dictionary these are its distinct values, of which `used` may leave some out. `at` is where the
 * first one begins. Undefined when there is none, and when one is NaN: parquet.thrift wants none in the statistics, but DuckDB, Spark and Postgres have it above all
 * numbers, and a reader that trusts a greatest number would not find it.
 */
export function extremesOf(data: ColumnData, from: number, to: number, at: number, used?: Uint8Array): Extremes | undefined {
  switch (data.physical) {
    case Physical.BYTE_ARRAY:
      return textExtremes(data, from, to, at, used);
    case Physical.INT32:
      return numberExtremes(data.int32, 4, { from, to, at, used });
    case Physical.FLOAT:
      return numberExtremes(data.float32, 4, { from, to, at, used });
    case Physical.DOUBLE:
      return numberExtremes(data.float64, 8, { from, to, at, used });
    case Physical.BOOLEAN:
      return numberExtremes(data.bytes, 1, { from, to, at, used });
    case Physical.INT64:
      return longExtremes(data.int32, { from, to, at, used });
    case Physical.FIXED_LEN_BYTE_ARRAY:
      return fixedExtremes(data, { from, to, at, used });
  }
}

interface Values {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly used: Uint8Array | undefined;
}

function numberExtremes(values: ArrayLike<number>, width: number, { from, to, at, used }: Values): Extremes | undefined {
  const first = at / width - from;
  let [min, max, least, greatest] = [-1, -1, 0, 0];
  for (let n = from; n < to; n++) {
    if (used !== undefined && used[n] === 0) continue;
    const value = values[first + n] ?? 0;
    if (Number.isNaN(value)) return undefined;
    if (min < 0 || value < least) {
      least = value;
      min = n;
    }
    if (max < 0 || value > greatest) {
      greatest = value;
      max = n;
    }
  }
  return min < 0 ? undefined : { min: (first + min) * width, max: (first + max) * width };
}

function longExtremes(words: Int32Array, { from, to, at, used }: Values): Extremes | undefined {
  const first = at / 8 - from;
  let [min, max] = [-1, -1];
  let [minHigh, minLow, maxHigh, maxLow] = [0, 0, 0, 0];
  for (let n = from; n < to; n++) {
    if (used !== undefined && used[n] === 0) continue;
    const high = words[(first + n) * 2 + 1] ?? 0;
    const low = (words[(first + n) * 2] ?? 0) >>> 0;
    if (min < 0 || high < minHigh || (high === minHigh && low < minLow)) {
      min = n;
      minHigh = high;
      minLow = low;
    }
    if (max < 0 || high > maxHigh || (high === maxHigh && low > maxLow)) {
      max = n;
      maxHigh = high;
      maxLow = low;
    }
  }
  return min < 0 ? undefined : { min: (first + min) * 8, max: (first + max) * 8 };
}

function fixedExtremes(data: ColumnData, { from, to, at, used }: Values): Extremes | undefined {
  let [min, max] = [-1, -1];
  for (let n = from, start = at; n < to; n++, start += data.width) {
    if (used !== undefined && used[n] === 0) continue;
    if (min < 0 || compareAt(data, start, min) < 0) min = start;
    if (max < 0 || compareAt(data, start, max) > 0) max = start;
  }
  return min < 0 ? undefined : { min, max };
}

/** Most texts differ from the least and the greatest so far in their first four bytes. */
function textExtremes(data: ColumnData, from: number, to: number, at: number, used?: Uint8Array): Extremes | undefined {
  let [min, max, start] = [-1, -1, at];
  let [minHead, maxHead] = [0, 0];
  for (let n = from; n < to; n++) {
    const length = getUint32(data.bytes, start);
    if (used?.[n] !== 0) {
      const head = headOf(data.bytes, start + 4, length);
      if (min < 0) {
        min = max = start;
        minHead = maxHead = head;
      } else if (head < minHead || (head === minHead && compareTexts(data.bytes, start, length, min) < 0)) {
        min = start;
        minHead = head;
      } else if (head > maxHead || (head === maxHead && compareTexts(data.bytes, start, length, max) > 0)) {
        max = start;
        maxHead = head;
      }
    }
    start += 4 + length;
  }
  return min < 0 ? undefined : { min, max };
}

/** Of the text whose length and bytes begin at `a` with that at `b`, when the first four bytes are the same. */
function compareTexts(bytes: Uint8Array, a: number, length: number, b: number): number {
  const other = getUint32(bytes, b);
  const common = Math.min(length, other);
  for (let n = 4; n < common; n++) {
    const difference = (bytes[a + 4 + n] ?? 0) - (bytes[b + 4 + n] ?? 0);
    if (difference !== 0) return difference;
  }
  return length - other;
}

/** The first four bytes as a number that sorts as they do; shorter texts as if zeros followed. */
function headOf(bytes: Uint8Array, at: number, length: number): number {
  if (length >= 4) return (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
  const byte = (n: number): number => (n < length ? (bytes[at + n] ?? 0) : 0);
  return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) >>> 0;
}

/** Bytes of the stored value that begins there, with its length where it has one. */
export const sizeAt = (data: ColumnData, start: number): number => (data.width === 0 ? 4 + getUint32(data.bytes, start) : data.width);

/** Below, equal or above zero, in the order that the statistics of the type have. */
export function compareAt(data: ColumnData, a: number, b: number): number {
  const { bytes, int32, physical } = data;
  switch (physical) {
    case Physical.BOOLEAN:
      return (bytes[a] ?? 0) - (bytes[b] ?? 0);
    case Physical.INT32:
      return (int32[a >> 2] ?? 0) - (int32[b >> 2] ?? 0);
    case Physical.INT64: {
      const high = (int32[(a >> 2) + 1] ?? 0) - (int32[(b >> 2) + 1] ?? 0);
      return high !== 0 ? high : ((int32[a >> 2] ?? 0) >>> 0) - ((int32[b >> 2] ?? 0) >>> 0);
    }
    case Physical.FLOAT:
      return compareDoubles(data.float32[a >> 2] ?? 0, data.float32[b >> 2] ?? 0);
    case Physical.DOUBLE:
      return compareDoubles(data.float64[a >> 3] ?? 0, data.float64[b >> 3] ?? 0);
    case Physical.FIXED_LEN_BYTE_ARRAY: {
      const first = ((bytes[a] ?? 0) ^ 0x80) - ((bytes[b] ?? 0) ^ 0x80);
      return first !== 0 ? first : compareBytes(bytes, a, a + data.width, bytes, b, b + data.width);
    }
    case Physical.BYTE_ARRAY:
      return compareBytes(bytes, a + 4, a + sizeAt(data, a), bytes, b + 4, b + sizeAt(data, b));
  }
}

/** Not by subtraction: ∞ − ∞ is NaN. */
const compareDoubles = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
