import type { Logger, Meter } from '@loadin/observability';
import type { LoadinError } from '@loadin/resilience';
import type { JsonObject } from './json.js';

/** Where batches go. It answers per record, by index, and only after the record is durable. */
export interface Sink {
  /** `s3_raw`, `kinesis`: the name in the jobs file, the ledger and dead letters. */
  readonly name: string;
  /** The largest batch that it wants; the pipeline builds batches up to these limits, the same ones in every attempt. */
  readonly limits: { readonly maxRecords: number; readonly maxBytes: number };
  /**
   * Writing the same batch again must leave the same result (an object that is there already counts as delivered) or, for a
   * stream, repeat the same records. Throws `FatalError`, `RetryableError` or `StopError` when nothing of the batch was taken. The signal is
   * not aborted by a stop of the run, which lets the batch under way end.
   */
  write(batch: Batch, options: SinkOptions): Promise<WriteResult>;
  close?(): Promise<void>;
}

export interface SinkOptions {
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly logger: Logger;
}

export interface Batch {
  readonly runId: string;
  /** UUIDv5 of run id and stream. */
  readonly ingestionId: string;
  readonly source: string;
  readonly dataType: string;
  readonly sliceOrdinal: number;
  /** Counts the batches of this sink in this slice from 0. */
  readonly part: number;
  /** The plan's second of this stream, `2024-11-08T12:00:00Z`: the only time that output may carry. */
  readonly second: string;
  readonly records: readonly BatchRecord[];
  /** Raw records that were rejected between the first and the last record of this batch; part of its object's counts. */
  readonly rejected: number;
}

export interface BatchRecord {
  /** The entity id, e.g. `spotify_4Z8W4fKeB5YxbusRsdQVPb`: the partition key. */
  readonly id: string;
  readonly value: JsonObject;
  /** `JSON.stringify(value)`, made once for all sinks. */
  readonly json: string;
  /** MD5 of the canonical JSON, lower-case hex. */
  readonly hash: string;
}

/** A sink's answer for one record. */
export type Ack =
  /** Durable. */
  | { readonly status: 'delivered' }
  /** It will never be accepted as it is: to the dead-letter store, with this reason. */
  | { readonly status: 'undeliverable'; readonly reason: string; readonly errorClass: string }
  /** Not taken yet, and nothing is wrong with it: a later attempt sends it, and it alone. `WriteResult.error` says what was in the way. */
  | { readonly status: 'pending' };

export interface WriteResult {
  /** One for each record of the batch, same index. */
  readonly acks: readonly Ack[];
  readonly objects: readonly WrittenObject[];
  /** Why some acks are `pending`; given exactly when there are such. */
  readonly error?: LoadinError;
}

export interface WrittenObject {
  /** `s3://bucket/key` */
  readonly uri: string;
  readonly bytes: number;
  readonly records: number;
  /** An earlier attempt wrote it; the same bytes. */
  readonly existed: boolean;
}
