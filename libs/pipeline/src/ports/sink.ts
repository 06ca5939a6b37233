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
   * What decides names and bytes of its output besides the batch, in a word for people: `json`, `json.gz`. It belongs to the plan of a run: an attempt whose sink has
   * another one is refused, because it would put a part beside the one that is there. Default: nothing does.
   */
  readonly layout?: string;
  /**
   * Writing the same batch again must leave the same result (an object that is there already counts as delivered) or, for a
   * stream, repeat the same records. Throws `FatalError`, `RetryableError` or `StopError` when nothing of the batch was taken. The signal is
   * not aborted by a stop of the run, which lets the batch under way end.
   */
  write(batch: Batch, options: SinkOptions): Promise<WriteResult>;
  /** For sinks whose output can be read back and replaced: a replay puts right what stands there. A stream has none, it is sent the records again. */
  readonly replacing?: Replacing;
  close?(): Promise<void>;
}

/** What a replay needs of a sink that keeps one object for each batch of a slice. */
export interface Replacing {
  /** Numbers of the parts of a slice that stand there, ascending. */
  parts(slice: SliceAddress, options: SinkOptions): Promise<readonly number[]>;
  /** Looks at what stands in the place of a batch; writes nothing. */
  compare(batch: Batch, options: SinkOptions): Promise<Standing>;
  /**
   * Puts the batch in the place of what `compare` found, and only of that: when somebody else wrote there meanwhile it compares anew, says so
   * (`WrittenObject.races`) and tries again. A batch without records and rejections stands for a part that a replay needs no more: nothing is put
   * where nothing is.
   */
  replace(batch: Batch, standing: Standing, options: SinkOptions): Promise<WriteResult>;
}

/** What stands in the place of a batch. */
export interface Standing {
  /** `damaged`: it can't be read as what this sink writes. */
  readonly state: 'identical' | 'different' | 'damaged' | 'missing';
  /** The ETag that was compared; `null` when it is missing. */
  readonly revision: string | null;
  /** Of the batch that it was compared with: what `WrittenObject.checksum` says once it is written. */
  readonly checksum: string;
  /** `record_hash` of the records that stand there; given when it is different. */
  readonly hashes?: readonly string[];
}

export type SliceAddress = Omit<Batch, 'part' | 'records' | 'rejected'>;

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
  /** Set by a replay when the record is other than what was delivered before: the id of the run that is replayed. Streams carry it as `replay_of`. */
  readonly replayOf?: string;
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
  /** MD5 of the content before compression, lower-case hex. With it a replay knows what was delivered although the object is gone. */
  readonly checksum?: string;
  /** Set by a replay: the ETag of what this took the place of. */
  readonly replaced?: string;
  /** Set by a replay: how often somebody else wrote the object between the look at it and the write. */
  readonly races?: number;
}
