import type { Logger, Meter } from '@loadin/observability';
import type { WrittenObject } from './sink.js';
import type { Note, Slice } from './stream.js';

/**
 * Brings a slice as a whole from its source to where it belongs, and commits it as one: tables into Parquet. Nothing of it is seen before its commit, so nothing is
 * landed; an attempt that did not commit reads anew, and once something is committed every later attempt only completes it.
 */
export interface Loader {
  /** The name in the jobs file, the ledger and the report: `s3_bronze`. */
  readonly name: string;
  /** As `Sink.layout`. */
  readonly layout?: string;
  /**
   * Loads the slice, or completes what an earlier attempt has committed of it: then it answers as that one would have. Throws `FatalError`, `RetryableError` or
   * `StopError`; whatever is uncommitted then is given up.
   */
  load(load: Load, options: LoadOptions): Promise<Loaded>;
}

/** What is to be loaded. All of it comes from the plan, so that every attempt is asked the same. */
export interface Load {
  readonly job: string;
  readonly runId: string;
  /** UUIDv5 of run id and stream. */
  readonly ingestionId: string;
  /** `postgres.orders` */
  readonly stream: string;
  readonly source: string;
  readonly dataType: string;
  /** ISO 8601 UTC. */
  readonly scheduledTime: string;
  /** The plan's second of this stream: the only time that output may carry. */
  readonly second: string;
  /** The run reads everything again, wherever the checkpoint is. */
  readonly fullRefresh: boolean;
  readonly slice: Slice;
}

export interface LoadOptions {
  /** Aborted by a stop of the run, and when another process has taken the slice over. */
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly logger: Logger;
  /** To be called right before the commit: throws `StopError` when another process has taken the slice over, or the run is stopped. */
  readonly beforeCommit: () => Promise<void>;
  /** Rows so far. */
  readonly onProgress: (counts: LoadCounts) => void;
}

export interface LoadCounts {
  readonly read: number;
  /** Rows that the source gave again, or that have not changed: they were delivered before. */
  readonly deduplicated: number;
  /** Rows that are in no file; each is in the dead letters. */
  readonly rejected: number;
}

/** What a slice came to. What was read and is neither rejected nor deduplicated is delivered. */
export interface Loaded extends LoadCounts {
  readonly objects: readonly WrittenObject[];
  readonly notes: readonly Note[];
}
