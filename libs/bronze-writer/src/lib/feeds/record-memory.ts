import { appendJsonString } from '../hash/json-bytes.js';
import { newBytes, viewOf, type Bytes } from '../parquet/bytes.js';
import type { ColumnData } from '../parquet/column-data.js';
import { BATCH_SIZES, createHashBatch, type HashBatch } from '../wasm/hash-batch.js';
import { rowKernel } from '../wasm/row-kernel.js';
import type { AppendString } from './tagged-json.js';

/** Where a record lies while its JSON is made, and where that is made. Of use until the next one. */
export interface RecordMemory {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** The JSON is appended here, behind what there is. */
  json: Bytes;
  appendString: AppendString;
  /** For hashes that are appended to this column. */
  batch(hashes: ColumnData): HashBatch;
  /** @param before bytes of all that stands before the values */
  begin(batch: HashBatch, before: number, bytes: Uint8Array, start: number, end: number): void;
  /** The JSON is whole. */
  finish(batch: HashBatch): void;
}

/** A longer record is read where it is. */
const LONGEST_RECORD = 24 * 1024;
/** A text may need six bytes for each in JSON; a number, a word or an element of a list not more for its tag and value; and there are brackets. */
const mostJson = (record: number): number => record * 6 + 2;
const NO_ESCAPES = -1;

export function recordMemory(): RecordMemory {
  const { kernel, places } = rowKernel({ record: LONGEST_RECORD, ...BATCH_SIZES });
  const own = newBytes(4096);
  const inMemory: Bytes = { bytes: kernel.bytes, length: 0 };
  const appendString: AppendString = (out, _, start, end) => {
    out.length = kernel.string(out.length, start, end, NO_ESCAPES);
  };
  let source: Buffer = Buffer.alloc(0);
  const memory: RecordMemory = {
    ...{ bytes: kernel.bytes, start: 0, end: 0, json: own, appendString },
    batch: (hashes) => createHashBatch(kernel, places, hashes),
    begin(batch, before, bytes, start, end) {
      const out = end - start > LONGEST_RECORD ? -1 : batch.room(before + mostJson(end - start));
      if (out < 0) {
        own.length = 0;
        Object.assign(memory, { bytes, start, end, json: own, appendString: appendJsonString });
        return;
      }
      if (source.buffer !== bytes.buffer || source.byteOffset !== bytes.byteOffset || source.length !== bytes.length)
        source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      source.copy(kernel.bytes, places.record, start, end);
      inMemory.length = out;
      memory.bytes = kernel.bytes;
      memory.start = places.record;
      memory.end = places.record + end - start;
      memory.json = inMemory;
      memory.appendString = appendString;
    },
    finish(batch) {
      if (memory.json === own) batch.add(viewOf(own));
      else batch.end(inMemory.length);
    },
  };
  return memory;
}
