import { getUint32 } from './parquet/bytes.js';

/** Rows one after the other in memory, each behind its length in four bytes. */
export interface StoredRows {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Finds the rows again; `count` of them. */
export function storedRows(bytes: Uint8Array, length: number, count: number): StoredRows {
  const [starts, ends] = [new Uint32Array(count), new Uint32Array(count)];
  let at = 0;
  for (let row = 0; row < count; row++) {
    const size = getUint32(bytes, at);
    starts[row] = at + 4;
    at += 4 + size;
    ends[row] = at;
  }
  if (at !== length) throw new Error(`${count} rows should take ${length} bytes and take ${at}`);
  return { bytes, count, starts, ends };
}
