import type { Loader } from './ports/loader.js';
import type { BatchRecord, Sink } from './ports/sink.js';
import type { Stream } from './ports/stream.js';
import type { Transform } from './ports/transform.js';

/** A named set of streams with their sinks. */
export interface Job {
  readonly name: string;
  readonly streams: readonly JobStream[];
}

export interface JobStream {
  readonly stream: Stream;
  readonly transform: Transform;
  readonly sinks: readonly Sink[];
  /** Brings whole slices where they belong, in place of transform and sinks, of which there are none then. Default: none. */
  readonly loader?: Loader;
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

export const DEFAULT_MAX_REJECTED = 0.01;
