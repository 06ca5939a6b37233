import type { Batch, BatchRecord } from '@loadin/pipeline';
import type { BodyBuffers } from './body-buffers.js';

/**
 * The object's content: one line of compact JSON and a newline, so that line-based readers (Athena's JSON SerDe) take it as one row.
 * The records' own JSON is used as it is: the same text in the lake, in the stream and under the hash. Counts are of this object.
 * What it gives lies in memory of `buffers`.
 */
export function rawBody(batch: Batch, records: readonly BatchRecord[], buffers: BodyBuffers): Buffer {
  const failed = batch.rejected + batch.records.length - records.length;
  const result = {
    success: true,
    source: batch.source,
    data_type: batch.dataType,
    records_processed: records.length + failed,
    records_successful: records.length,
    records_failed: failed,
    timestamp: batch.second,
    run_id: batch.runId,
    ingestion_id: batch.ingestionId,
    slice: batch.sliceOrdinal,
    part: batch.part,
  };
  return bytesOf(`{"ingestion_result":${JSON.stringify(result)},"records":[`, records, ']}\n', buffers);
}

const COMMA = ','.charCodeAt(0);
/** Of the texts' length: room for what is not ASCII. */
const SLACK = 1 / 16;

/** Of the text, in UTF-16 units: up to here it is joined and written at once, which is quicker then. */
const JOINED = 128 * 1024;

/** Large ones are written piece by piece: a text of the whole, joined first, would be 16 MB more on the heap, and takes three times as long. */
function bytesOf(before: string, records: readonly BatchRecord[], after: string, buffers: BodyBuffers): Buffer {
  const length = records.reduce((sum, { json }) => sum + json.length + 1, before.length + after.length);
  if (length <= JOINED) return Buffer.from(`${before}${records.map(({ json }) => json).join(',')}${after}`);
  let body = buffers.take(Math.ceil(length * (1 + SLACK)));
  let at = 0;
  const makeRoom = (more: number): void => {
    if (at + more <= body.length) return;
    const larger = buffers.take(Math.ceil((at + more) * 1.5));
    body.copy(larger, 0, 0, at);
    buffers.giveBack(body);
    body = larger;
  };
  const put = (text: string): void => {
    // A UTF-16 unit takes at most three bytes in UTF-8: only near the end it is worth a closer look.
    if (at + text.length * 3 > body.length) makeRoom(Buffer.byteLength(text));
    at += body.write(text, at);
  };
  put(before);
  for (const { json } of records) {
    put(json);
    if (at === body.length) makeRoom(1);
    body[at] = COMMA;
    at += 1;
  }
  if (records.length > 0) at -= 1;
  put(after);
  return body.subarray(0, at);
}
