import type { JsonObject } from '../../ports/json.js';
import type { Loaded } from '../../ports/loader.js';

/** What is read again to prove that a run's data is where its report says. */
export interface VerifyContext {
  /** The entity id of a normalized record; `undefined` when it has none. */
  readonly idOf: (dataType: string, record: JsonObject) => string | undefined;
  /** How the keys of a stream's raw objects of one second begin. */
  readonly rawPrefix: (stream: { readonly source: string; readonly data_type: string; readonly second: string }) => string;
  /** Default: lake alone. */
  readonly stream?: StreamReader;
  /** For streams that are loaded as a whole. Default: only their reports are looked at. */
  readonly loads?: LoadReader;
  /** Ids held in memory at once; a run with more is read in several passes. Default 1,000,000 (about 45 MB). */
  readonly idsInMemory?: number;
  readonly signal?: AbortSignal;
  /** Epoch milliseconds, now. */
  readonly now: number;
}

/** A stream that can be read back for as long as it keeps its records. */
export interface StreamReader {
  /** The sink's name in the ledger: `kinesis`. */
  readonly sink: string;
  /** `kinesis://name`, for messages. */
  readonly uri: string;
  /** Epoch milliseconds: what was put before is not there any more. */
  oldest(): Promise<number>;
  /** Everything that was put from `from` until `until` (epoch milliseconds), page by page. */
  read(from: number, until: number): AsyncIterable<StreamEntry>;
}

export interface StreamEntry {
  /** The partition key. */
  readonly key: string;
  readonly data: Uint8Array;
  /** Shard and sequence number, for messages. */
  readonly where: string;
}

/** Reads again what a loader has committed of a stream of a run; `undefined` when it has committed nothing. */
export type LoadReader = (load: LoadToVerify, options: { readonly signal?: AbortSignal }) => Promise<CommittedLoad | undefined>;

export interface LoadToVerify {
  readonly job: string;
  readonly runId: string;
  readonly stream: string;
  readonly source: string;
  readonly dataType: string;
  /** The plan's second of the stream; absent when the plan is gone. */
  readonly second?: string;
  readonly loader: string;
}

export interface CommittedLoad {
  /** As the commit says it. */
  readonly loaded: Loaded;
  /** Objects that are there, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  /** What is there otherwise than it was committed, or without having been. */
  readonly differences: readonly Difference[];
  readonly notes: readonly string[];
}

export type DifferenceKind =
  /** The object is not there. */
  | 'missing'
  /** Other bytes than the report says. */
  | 'content'
  /** It is not what a raw object looks like. */
  | 'format'
  /** It says that it belongs to another run, stream, slice or part. */
  | 'identity'
  /** Records or envelope do not count up. */
  | 'counts'
  /** A record without an id, or an id that is there twice. */
  | 'ids'
  /** It lies among the run's objects, and no report names it. */
  | 'unreported'
  /** The report itself does not add up. */
  | 'ledger'
  /** Lake and stream differ. */
  | 'stream';

export interface Difference {
  /** `s3://…` of the object, or the stream. */
  readonly where: string;
  readonly kind: DifferenceKind;
  readonly message: string;
}

export interface VerifiedStream {
  readonly stream: string;
  readonly objects: number;
  readonly records: number;
  readonly bytes: number;
  /** What was looked at on the stream; `null` when the job has none, or none was asked for. */
  readonly on_stream: { readonly found: number; readonly matched: number; readonly repeated: number; readonly not_visible: number } | null;
  readonly differences: readonly Difference[];
  /** What could not be looked at, and why. */
  readonly notes: readonly string[];
}

export interface VerifiedRun {
  readonly run_id: string;
  readonly job: string;
  readonly scheduled_time: string;
  readonly streams: readonly VerifiedStream[];
  readonly differences: number;
}
