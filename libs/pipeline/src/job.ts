import type { Loader } from './ports/loader.js';
import type { BatchRecord, Sink } from './ports/sink.js';
import type { SlicedStream, Stream } from './ports/stream.js';
import type { Transform } from './ports/transform.js';

/** A named set of streams with their sinks or loaders. */
export interface Job<Of extends StreamOfJob = StreamOfJob> {
  readonly name: string;
  readonly streams: readonly Of[];
}

/** Its records are brought either one by one to sinks, or slice by slice by a loader. */
export type StreamOfJob = JobStream | LoadedStream;

/** A stream whose pages are landed, and whose records go through a transform to sinks. */
export interface JobStream {
  readonly stream: Stream;
  readonly transform: Transform;
  readonly sinks: readonly Sink[];
  readonly loader?: undefined;
  /** The share of read records that may be rejected or dead-lettered before the run counts as failed. Default 0.01. */
  readonly maxRejected?: number;
  /** Version of the normalized schema, named in the report. */
  readonly schemaVersion: string;
  /**
   * Told of every record that an attempt accepts, before its sinks are. For advice only (an index of what has changed): slices that an earlier
   * attempt finished are not walked again, so a later attempt does not tell of their records. It must not throw.
   */
  readonly onAccepted?: (record: BatchRecord) => void;
}

/** A stream whose slices a loader brings as a whole: it reads them itself, and nothing is landed. */
export interface LoadedStream {
  readonly stream: SlicedStream;
  readonly loader: Loader;
  /** There are none beside a loader. */
  readonly sinks?: readonly [];
  readonly transform?: undefined;
  /** As `JobStream.maxRejected`. */
  readonly maxRejected?: number;
  /** As `JobStream.schemaVersion`. */
  readonly schemaVersion: string;
  /** Ids of streams whose loads it looks at: it begins when those of the same run have ended, however. Default: none. */
  readonly loadsAfter?: readonly string[];
}

export const DEFAULT_MAX_REJECTED = 0.01;

/** What its ledger and its progress are kept by. */
export const sinkNamesOf = (stream: StreamOfJob): string[] =>
  stream.loader === undefined ? stream.sinks.map(({ name }) => name) : [stream.loader.name];
