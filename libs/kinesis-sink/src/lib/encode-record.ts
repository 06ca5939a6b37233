import type { Ack, Batch, BatchRecord } from '@loadin/pipeline';

/** A record as Kinesis takes it. */
export interface Encoded {
  /** The partition key: the record's id. */
  readonly key: string;
  readonly data: Uint8Array;
  /** What Kinesis counts against its limits: data and key in UTF-8. */
  readonly bytes: number;
}

export type Refusal = Extract<Ack, { status: 'undeliverable' }>;

/** "Each partition key: 1 to 256 Unicode characters" (PutRecordsRequestEntry). */
const LONGEST_KEY = 256;

/**
 * The normalized record plus `data_type`, `ingestion_timestamp` (the plan's second), `record_hash` and `run_id`, and `replay_of` when a replay sends
 * it changed, as UTF-8 JSON; or why Kinesis would never take it.
 */
export function encodeRecord(record: BatchRecord, batch: Batch, maxBytes: number): Encoded | Refusal {
  const keyLength = [...record.id].length;
  if (keyLength === 0 || keyLength > LONGEST_KEY) {
    return refusal('InvalidPartitionKey', `its id has ${keyLength} characters; a partition key has 1 to ${LONGEST_KEY}`);
  }
  const data = Buffer.from(streamJson(record, batch));
  const bytes = data.byteLength + Buffer.byteLength(record.id);
  if (bytes > maxBytes) return refusal('RecordTooLarge', `it has ${bytes} bytes with its key; the stream takes ${maxBytes}`);
  return { key: record.id, data, bytes };
}

const OURS = ['data_type', 'ingestion_timestamp', 'record_hash', 'run_id', 'replay_of'];

function streamJson({ value, json, hash, replayOf }: BatchRecord, batch: Batch): string {
  const ours = {
    data_type: batch.dataType,
    ingestion_timestamp: batch.second,
    record_hash: hash,
    run_id: batch.runId,
    ...(replayOf !== undefined && { replay_of: replayOf }),
  };
  // The record's text is extended, not made anew: unless it has one of these names itself, which would then stand there twice.
  if (json === '{}' || OURS.some((name) => Object.hasOwn(value, name))) return JSON.stringify({ ...value, ...ours });
  return `${json.slice(0, -1)},${JSON.stringify(ours).slice(1)}`;
}

const refusal = (errorClass: string, reason: string): Refusal => ({ status: 'undeliverable', errorClass, reason });
