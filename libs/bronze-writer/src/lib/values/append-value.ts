import { endValue, reserveValue, type ColumnData } from '../parquet/column-data.js';
import { internText, writeText } from '../parquet/dictionary.js';

export function appendByteValue(data: ColumnData, value: number): void {
  const start = data.length;
  reserveValue(data, 1);
  data.bytes[start] = value;
  data.length = start + 1;
  endValue(data, start);
}

export function appendInt32(data: ColumnData, value: number): void {
  const start = data.length;
  reserveValue(data, 4);
  data.int32[start >> 2] = value;
  data.length = start + 4;
  endValue(data, start);
}

/** A whole number up to ±2^53, in 64 bits. */
export function appendInt64(data: ColumnData, value: number): void {
  const high = Math.floor(value / 4294967296);
  appendInt64Words(data, value - high * 4294967296, high);
}

export function appendInt64Words(data: ColumnData, low: number, high: number): void {
  const start = data.length;
  reserveValue(data, 8);
  data.int32[start >> 2] = low;
  data.int32[(start >> 2) + 1] = high;
  data.length = start + 8;
  endValue(data, start);
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** False when 64 bits don't hold it. */
export function appendBigInt64(data: ColumnData, value: bigint): boolean {
  if (value < INT64_MIN || value > INT64_MAX) return false;
  appendInt64Words(data, Number(BigInt.asIntN(32, value)), Number(value >> 32n));
  return true;
}

export function appendFloat(data: ColumnData, value: number): void {
  const start = data.length;
  reserveValue(data, 4);
  data.float32[start >> 2] = value;
  data.length = start + 4;
  endValue(data, start);
}

export function appendDouble(data: ColumnData, value: number): void {
  const start = data.length;
  reserveValue(data, 8);
  data.float64[start >> 3] = value;
  data.length = start + 8;
  endValue(data, start);
}

/** Two's complement, the highest byte first, as many bytes as the column has. */
export function appendBigEndian(data: ColumnData, value: bigint): void {
  const start = data.length;
  reserveValue(data, data.width);
  let rest = value;
  for (let at = start + data.width - 1; at >= start; at--) {
    data.bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  data.length = start + data.width;
  endValue(data, start);
}

/** The same of a whole number up to ±2^53, without making a BigInt of it. */
export function appendShortBigEndian(data: ColumnData, value: number): void {
  const start = data.length;
  reserveValue(data, data.width);
  const high = Math.floor(value / 4294967296);
  let word = value - high * 4294967296;
  let at = start + data.width - 1;
  for (const last = at - 4; at > last; at--, word /= 256) data.bytes[at] = word;
  for (word = high; at >= start; at--, word >>= 8) data.bytes[at] = word;
  data.length = start + data.width;
  endValue(data, start);
}

/** Text (UTF-8) and binary. */
export function appendByteArray(data: ColumnData, bytes: Uint8Array, from: number, to: number): void {
  if (data.dictionary !== undefined) return internText(data, data.dictionary, bytes, from, to);
  const start = data.length;
  writeText(data, bytes, from, to);
  endValue(data, start);
}
