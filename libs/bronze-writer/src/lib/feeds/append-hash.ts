import { setUint32 } from '../parquet/bytes.js';
import { endRow, endValue, reserveValue, type ColumnData } from '../parquet/column-data.js';

const HASH_LENGTH = 32;

/** A hash as a text value, of its 32 hexadecimal digits in ASCII; a bit above those says something else. */
export function appendHashBytes(data: ColumnData, bytes: Uint8Array, from: number): void {
  const start = beginHash(data);
  for (let n = 0; n < HASH_LENGTH; n++) data.bytes[start + 4 + n] = (bytes[from + n] ?? 0) & 0x7f;
  endHash(data, start);
}

const HEX = new TextEncoder().encode('0123456789abcdef');

/** The same of the 16 bytes themselves. */
export function appendDigest(data: ColumnData, bytes: Uint8Array, from: number): void {
  const start = beginHash(data);
  for (let n = 0; n < HASH_LENGTH / 2; n++) {
    const byte = bytes[from + n] ?? 0;
    data.bytes[start + 4 + 2 * n] = HEX[byte >> 4] ?? 0;
    data.bytes[start + 5 + 2 * n] = HEX[byte & 15] ?? 0;
  }
  endHash(data, start);
}

function beginHash(data: ColumnData): number {
  reserveValue(data, HASH_LENGTH + 4);
  setUint32(data.bytes, data.length, HASH_LENGTH);
  return data.length;
}

function endHash(data: ColumnData, start: number): void {
  data.length = start + 4 + HASH_LENGTH;
  endValue(data, start);
  endRow(data, 1);
}
