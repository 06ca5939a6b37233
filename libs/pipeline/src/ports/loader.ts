import type { Logger, Meter } from '@loadin/observability';
import type { Cursor } from './cursor.js';
import type { Json } from './json.js';
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
   * `StopError`; whatever is uncommitted then is given up. Two may be at it at once when one of them was taken for dead: one commits, and both answer with what that
   * one has committed.
   */
  load(load: Load, options: LoadOptions): Promise<Loaded>;
  /**
   * What runs have committed so far. With it each run goes on after what was committed before, also by a run that was killed before it moved its checkpoint. Default: none, and
   * each run goes by the checkpoint alone.
   */
  readonly history?: LoadHistory;
}

export interface LoadHistory {
  /**
   * The last load of a stream that was committed, by whatever run of the job. Whatever its run has not come to is done first: all of it can be seen then. Asked when a run is
   * planned, while the job is held; two may ask at once. Throws as `load` does.
   */
  last(of: LoadsOf, options: Pick<LoadOptions, 'signal' | 'logger'>): Promise<LastLoad>;
  /** The checkpoint has moved by the load of this run. Nothing happens when another load was committed since. */
  settled(of: LoadsOf, runId: string): Promise<void>;
}

export type LoadsOf = Pick<Load, 'job' | 'stream' | 'dataType'>;

export interface LastLoad {
  /** `null`: there was none. */
  readonly runId: string | null;
  /** What it came to, as long as nobody has said that the checkpoint has moved by it (`settled`). */
  readonly open?: Loaded;
  /** What the reader of the next report must know: of loads that can't be completed any more. */
  readonly notes: readonly Note[];
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
  /** The run whose load was the last one (`LoadHistory.last`) when the slice was cut; `null`: there was none. Absent: not known; plans of earlier versions lack it. */
  readonly after?: string | null;
}

export interface LoadOptions {
  /** Aborted by a stop of the run, and when another process has taken the slice over. */
  readonly signal: AbortSignal;
  /** Counts what writing takes. */
  readonly meter: Meter;
  /** Counts what reading takes: its `requests` are those that a source's quota counts. */
  readonly reading: Meter;
  readonly logger: Logger;
  /** To be called right before the commit: throws `StopError` when another process has taken the slice over, or the run is stopped. */
  readonly beforeCommit: () => Promise<void>;
  /** Rows so far. May be called as often as one likes. */
  readonly onProgress: (counts: LoadCounts) => void;
  readonly letters: LoadLetters;
  /**
   * To be called before anything is read when another load than `Load.after` is the last one by now: moves the checkpoint by it and gives the slice that is left to be
   * read; `undefined`: nothing is. Default: the slice stays as it was cut.
   */
  readonly cutAnew?: (last: LastLoad) => Promise<Slice | undefined>;
}

/**
 * The dead letters of rows that are rejected. They belong to what the loader commits, and are written by it as one more object of the same commit: so there are
 * letters of exactly the rows that it left out, whatever attempts were killed before.
 */
export interface LoadLetters {
  /** The key in the lake of the n-th object with letters, from 0. */
  readonly key: (part: number) => string;
  /** `application/x-ndjson` */
  readonly contentType: string;
  /** One letter: a line of NDJSON, with the newline. */
  readonly line: (rejection: LoadRejection) => string;
}

export interface LoadRejection {
  /** For people: `amount: 1e400 is no number that its column can hold`. */
  readonly reason: string;
  /** A name for this kind of reason: `QuarantinedRow`. */
  readonly errorClass: string;
  /** The row as the source gave it. */
  readonly record: Json;
}

/** Counts of rows. What was read and is neither deduplicated nor rejected is delivered. */
export interface LoadCounts {
  /** Rows of the source; and tombstones, which say that the source has a row no more. */
  readonly read: number;
  /** Rows that the source gave again, or that have not changed: they were delivered before. */
  readonly deduplicated: number;
  /** Rows that are in no file; each is in the dead letters. */
  readonly rejected: number;
}

/** What a slice came to. The engine refuses counts that don't add up: the objects hold as many records as are delivered. */
export interface Loaded extends LoadCounts {
  /** Those with rows; not letters, sets of keys, profiles. */
  readonly objects: readonly WrittenObject[];
  readonly notes: readonly Note[];
  /**
   * Streams with a cursor: everything up to here is delivered or rejected, and this is the cursor of the latest row. `null`: there was none. The checkpoint moves to it,
   * and the rest of the slice's interval counts as read. Default: the end of the slice's interval; where that is not known, the checkpoint stays.
   */
  readonly reached?: Cursor | null;
}
