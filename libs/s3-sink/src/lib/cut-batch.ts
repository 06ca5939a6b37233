import type { Batch, BatchRecord } from '@loadin/pipeline';
import { MAX_RECORD_BYTES, MAX_RECORDS } from './raw-object.js';

/**
 * A batch of any size as batches that an object holds: `part`, `part + 1`, … The cuts depend on the records alone, so that every attempt makes the same
 * ones; one within the limits is given back as it is. What was rejected counts with the first.
 */
export function cutBatch(batch: Batch): readonly Batch[] {
  if (surelyFits(batch)) return [batch];
  const pieces: BatchRecord[][] = [];
  let [piece, bytes]: [BatchRecord[], number] = [[], 0];
  for (const record of batch.records) {
    const size = Buffer.byteLength(record.json);
    // One that no object can hold takes no room: it is answered for and left out.
    const room = size > MAX_RECORD_BYTES ? 0 : size + COMMA;
    if (piece.length === MAX_RECORDS || bytes + room > MAX_RECORD_BYTES + COMMA) {
      pieces.push(piece);
      [piece, bytes] = [[], 0];
    }
    piece.push(record);
    bytes += room;
  }
  pieces.push(piece);
  return pieces.map((records, index) => ({ ...batch, records, part: batch.part + index, rejected: index === 0 ? batch.rejected : 0 }));
}

const COMMA = 1;

/** A UTF-16 unit takes at most three bytes in UTF-8: nearly every batch needs no closer look. */
const surelyFits = ({ records }: Batch): boolean =>
  records.length <= MAX_RECORDS && records.reduce((sum, { json }) => sum + json.length * 3 + COMMA, 0) <= MAX_RECORD_BYTES;
