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
  if (data.width === 0) return textExtremes(data, from, to, at, used);
  let [min, max, start] = [-1, -1, at];
  for (let n = from; n < to; n++) {
    const next = start + sizeAt(data, start);
    if (used?.[n] !== 0) {
      if (isNaNAt(data, start)) return undefined;
      if (min < 0) min = max = start;
      else if (compareAt(data, start, min) < 0) min = start;
      else if (compareAt(data, start, max) > 0) max = start;
    }
    start = next;
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
      } else if (head < minHead || (head === minHead && compareAt(data, start, min) < 0)) {
        min = start;
        minHead = head;
      } else if (head > maxHead || (head === maxHead && compareAt(data, start, max) > 0)) {
        max = start;
        maxHead = head;
      }
    }
    start += 4 + length;
  }
  return min < 0 ? undefined : { min, max };
}

/** The first four bytes as a number that sorts as they do; shorter texts as if zeros followed. */
function headOf(bytes: Uint8Array, at: number, length: number): number {
  const byte = (n: number): number => (n < length ? (bytes[at + n] ?? 0) : 0);
  return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) >>> 0;
}

/** Bytes of the stored value that begins there, with its length where it has one. */
export const sizeAt = (data: ColumnData, start: number): number => (data.width === 0 ? 4 + getUint32(data.bytes, start) : data.width);

const isNaNAt = ({ physical, float32, float64 }: ColumnData, start: number): boolean =>
  (physical === Physical.DOUBLE && Number.isNaN(float64[start >> 3])) || (physical === Physical.FLOAT && Number.isNaN(float32[start >> 2]));

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
