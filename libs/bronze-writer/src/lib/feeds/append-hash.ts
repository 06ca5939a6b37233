import { endRow, endValue, reserveValue, type ColumnData } from '../parquet/column-data.js';

const HASH_LENGTH = 32;

/** A hash in hexadecimal digits, as a text value. */
export function appendHash(data: ColumnData, hash: string): void {
  const start = beginHash(data);
  for (let n = 0; n < HASH_LENGTH; n++) data.bytes[start + 4 + n] = hash.charCodeAt(n);
  endHash(data, start);
}

export function appendHashBytes(data: ColumnData, bytes: Uint8Array, from: number): void {
  const start = beginHash(data);
  for (let n = 0; n < HASH_LENGTH; n++) data.bytes[start + 4 + n] = bytes[from + n] ?? 0;
  endHash(data, start);
}

function beginHash(data: ColumnData): number {
  reserveValue(data, HASH_LENGTH + 4);
  data.bytes[data.length] = HASH_LENGTH;
  data.bytes.fill(0, data.length + 1, data.length + 4);
  return data.length;
}

function endHash(data: ColumnData, start: number): void {
  data.length = start + 4 + HASH_LENGTH;
  endValue(data, start);
  endRow(data, 1);
}
