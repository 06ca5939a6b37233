import type { Ack, Batch, BatchRecord } from '@loadin/pipeline';
import { parseHashKey, type HashKey } from './hash-key.js';

/** A record as Kinesis takes it. */
export interface Encoded {
  /** The partition key: the record's id. */
  readonly key: string;
  /** The data, made when it is sent: what waits takes no more memory than the record. */
  readonly record: BatchRecord;
  readonly textOf: (record: BatchRecord) => string;
  /** What Kinesis counts against its limits: data and key in UTF-8. */
  readonly bytes: number;
  /** When the record is to go to another shard than its key says. */
  readonly explicit?: ExplicitHashKey | undefined;
}

export interface ExplicitHashKey {
  /** As the API takes it. */
  readonly decimal: string;
  readonly hashKey: HashKey;
}

export type Refusal = Extract<Ack, { status: 'undeliverable' }>;

export interface EncodeOptions {
  /** The largest record with its key. */
  readonly maxBytes: number;
  readonly explicitHashKey?: ((record: BatchRecord) => string | undefined) | undefined;
}

/** UTF-8 JSON. */
export const dataOf = ({ record, textOf }: Encoded): Uint8Array => Buffer.from(textOf(record));

/** "Each partition key: 1 to 256 Unicode characters" (PutRecordsRequestEntry). */
const LONGEST_KEY = 256;

/**
 * The records of a batch, one after the other: the normalized record plus `data_type`, `ingestion_timestamp` (the plan's second), `record_hash` and
 * `run_id`, and `replay_of` when a replay sends it changed, as UTF-8 JSON; or why Kinesis would never take it.
 */
export function createEncoder(batch: Batch, { maxBytes, explicitHashKey }: EncodeOptions): (record: BatchRecord) => Encoded | Refusal {
  const { extended, rebuilt } = streamText(batch);
  return (record) => {
    const keyLength = record.id.length > 0 && record.id.length <= LONGEST_KEY ? record.id.length : [...record.id].length;
    if (keyLength === 0 || keyLength > LONGEST_KEY) {
      return refusal('InvalidPartitionKey', `its id has ${keyLength} characters; a partition key has 1 to ${LONGEST_KEY}`);
    }
    const { textOf, bytesOf } = canBeExtended(record) ? extended : rebuilt;
    const bytes = bytesOf(record) + Buffer.byteLength(record.id);
    if (bytes > maxBytes) return refusal('RecordTooLarge', `it has ${bytes} bytes with its key; the stream takes ${maxBytes}`);
    const decimal = explicitHashKey?.(record);
    if (decimal === undefined) return { key: record.id, record, textOf, bytes };
    const hashKey = parseHashKey(decimal);
    if (hashKey === undefined) return refusal('InvalidExplicitHashKey', 'its explicit hash key is not a decimal number from 0 to 2^128 − 1');
    return { key: record.id, record, textOf, bytes, explicit: { decimal, hashKey } };
  };
}

/** Nothing that JSON writes in another way. */
const PLAIN = /^[\w-]*$/;

interface StreamText {
  readonly textOf: (record: BatchRecord) => string;
  /** Of that text in UTF-8. */
  readonly bytesOf: (record: BatchRecord) => number;
}

/** The record's text is extended, not made anew: unless it has one of our names itself, which would then stand there twice. */
function streamText({ dataType, second, runId }: Batch): { readonly extended: StreamText; readonly rebuilt: StreamText } {
  const before = `,${JSON.stringify({ data_type: dataType, ingestion_timestamp: second }).slice(1, -1)},"record_hash":"`;
  const after = `","run_id":${JSON.stringify(runId)}`;
  const added = Buffer.byteLength(before) + Buffer.byteLength(after);
  const replayText = ({ replayOf }: BatchRecord): string => (replayOf === undefined ? '' : `,"replay_of":${JSON.stringify(replayOf)}`);

  const rebuiltText = ({ value, hash, replayOf }: BatchRecord): string => {
    const ours = { data_type: dataType, ingestion_timestamp: second, record_hash: hash, run_id: runId };
    return JSON.stringify({ ...value, ...ours, ...(replayOf !== undefined && { replay_of: replayOf }) });
  };
  return {
    extended: {
      textOf: (record) => `${record.json.slice(0, -1)}${before}${record.hash}${after}${replayText(record)}}`,
      bytesOf: (record) => Buffer.byteLength(record.json) + added + record.hash.length + Buffer.byteLength(replayText(record)),
    },
    rebuilt: { textOf: rebuiltText, bytesOf: (record) => Buffer.byteLength(rebuiltText(record)) },
  };
}

const canBeExtended = ({ value, json, hash }: BatchRecord): boolean =>
  json !== '{}' &&
  value['data_type'] === undefined &&
  value['ingestion_timestamp'] === undefined &&
  value['record_hash'] === undefined &&
  value['run_id'] === undefined &&
  value['replay_of'] === undefined &&
  PLAIN.test(hash);

const refusal = (errorClass: string, reason: string): Refusal => ({ status: 'undeliverable', errorClass, reason });
