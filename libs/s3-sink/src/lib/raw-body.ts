import type { Batch, BatchRecord } from '@loadin/pipeline';

/**
 * The object's content: one line of compact JSON and a newline, so that line-based readers (Athena's JSON SerDe) take it as one row.
 * The records' own JSON is used as it is: the same text in the lake, in the stream and under the hash. Counts are of this object.
 */
export function rawBody(batch: Batch, records: readonly BatchRecord[]): Buffer {
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
  return Buffer.from(`{"ingestion_result":${JSON.stringify(result)},"records":[${records.map((record) => record.json).join(',')}]}\n`);
}
