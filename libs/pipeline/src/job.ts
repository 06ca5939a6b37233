import type { Sink } from './ports/sink.js';
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
  /** The share of read records that may be rejected or dead-lettered before the run counts as failed. Default 0.01. */
  readonly maxRejected?: number;
  /** Version of the normalized schema, named in the report. */
  readonly schemaVersion: string;
}

export const DEFAULT_MAX_REJECTED = 0.01;
