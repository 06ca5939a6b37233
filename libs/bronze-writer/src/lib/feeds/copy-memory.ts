import type { ColumnData } from '../parquet/column-data.js';
import { BATCH_SIZES, createHashBatch, type HashBatch } from '../wasm/hash-batch.js';
import { rowKernel } from '../wasm/row-kernel.js';
import { splitRow, type Fields } from './copy-fields.js';

/** A member of a row's JSON. */
export interface CopyMember {
  /** `{"a":` or `,"b":` */
  readonly before: Uint8Array;
  /** Number of the field. */
  readonly source: number;
  readonly json: 'string' | 'number' | 'boolean';
}

/** A row whose fields were found. It is of use until the next one is read. */
export interface CopyMemory {
  readonly fields: Fields;
  /** The memory in which the fields lie. */
  bytes: Uint8Array;
  /** Whether there is nothing but ASCII in it. */
  isAscii: boolean;
  /** Finds the fields of a row, and answers how many there are. */
  read(bytes: Uint8Array, start: number, end: number): number;
  /** For hashes that are appended to this column. */
  batch(hashes: ColumnData): HashBatch;
  /** Writes the JSON of the row to a batch; false for a row for which it has no place, or that has a number or truth value with a backslash in it. */
  writeJson(batch: HashBatch): boolean;
}

/** A longer row is read where it is. */
const LONGEST_ROW = 24 * 1024;
const FORMS = { string: 0, number: 1, boolean: 2 } as const;
const MEMBER_WORDS = 4;
/** A byte may need six in JSON, null four; and there are quotation marks, and a bracket at the end. */
const mostJson = (row: number, fields: number): number => row * 6 + fields * 6 + 2;

/** Memory for one row after the other of so many fields. */
export function copyMemory(count: number, members: readonly CopyMember[]): CopyMemory {
  const texts = members.reduce((sum, { before }) => sum + before.length, 0);
  const { kernel, places } = rowKernel({
    ...{ starts: 4 * count, fieldEnds: 4 * count, escaped: count, plan: 4 * MEMBER_WORDS * members.length, before: texts, row: LONGEST_ROW },
    ...BATCH_SIZES,
  });
  const { bytes: memory, words } = kernel;
  const planEnd = places.plan + 4 * MEMBER_WORDS * members.length;
  members.forEach(({ before, source, json }, n) => {
    const at =
      n === 0
        ? places.before
        : (words[(places.plan >> 2) + (n - 1) * MEMBER_WORDS] ?? 0) + (words[(places.plan >> 2) + (n - 1) * MEMBER_WORDS + 1] ?? 0);
    memory.set(before, at);
    words.set([at, before.length, source, FORMS[json]], (places.plan >> 2) + n * MEMBER_WORDS);
  });
  const fields: Fields = {
    starts: words.subarray(places.starts >> 2, (places.starts >> 2) + count),
    ends: words.subarray(places.fieldEnds >> 2, (places.fieldEnds >> 2) + count),
    escaped: memory.subarray(places.escaped, places.escaped + count),
    plain: new Uint8Array(1024),
  };
  let length = 0;
  let source: Buffer = Buffer.alloc(0);
  const row: CopyMemory = {
    fields,
    bytes: memory,
    isAscii: false,
    read(bytes, start, end) {
      length = end - start;
      if (length > LONGEST_ROW) {
        row.bytes = bytes;
        row.isAscii = false;
        return splitRow(fields, bytes, start, end);
      }
      row.bytes = memory;
      if (source.buffer !== bytes.buffer || source.byteOffset !== bytes.byteOffset || source.length !== bytes.length)
        source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      source.copy(memory, places.row, start, end);
      const found = kernel.split(places.row, places.row + length, places.starts, places.fieldEnds, places.escaped, count);
      row.isAscii = found > 0;
      return Math.abs(found);
    },
    batch: (hashes) => createHashBatch(kernel, places, hashes),
    writeJson(batch) {
      const out = row.bytes === memory && members.length > 0 ? batch.room(texts + mostJson(length, count)) : -1;
      if (out < 0) return false;
      const end = kernel.json(places.plan, planEnd, places.starts, places.fieldEnds, places.escaped, out);
      if (end > 0) batch.end(end);
      return end > 0;
    },
  };
  return row;
}
