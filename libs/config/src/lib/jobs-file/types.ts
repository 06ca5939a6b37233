import type { SinkOptions } from './sink-options.js';
import type { StreamOptionsOf } from './stream-options.js';

/** A jobs file that is right: options merged from stream, job and defaults. */
export interface JobsFile {
  /** Where it came from, for messages. */
  readonly path: string;
  /** By name, in the order of the file. */
  readonly jobs: ReadonlyMap<string, JobDefinition>;
  /** How each sink keeps what it is given. */
  readonly sinkOptions: Readonly<SinkOptions>;
  /** What is right but should be looked at, with its place; each one line. */
  readonly warnings: readonly string[];
}

export interface JobDefinition {
  readonly name: string;
  /** EventBridge's expression; undefined: on request only. */
  readonly schedule: string | undefined;
  /** IANA name of the zone whose wall clock the schedule goes by; undefined: UTC. */
  readonly timeZone?: string;
  readonly streams: readonly JobStream[];
  readonly sinks: readonly string[];
  /** Those of the file: the same in every job. */
  readonly sinkOptions: Readonly<SinkOptions>;
}

/** A stream of a job with its options; `id` tells which options they are. */
export type JobStream = {
  [Id in keyof StreamOptionsOf]: { readonly id: Id; readonly options: Readonly<StreamOptionsOf[Id]> };
}[keyof StreamOptionsOf];

/** A place in the jobs file: keys and list indexes from the top. */
export type Path = readonly (string | number)[];

export interface Finding {
  readonly path: Path;
  readonly message: string;
  /** Point at the key instead of at its value. */
  readonly atKey?: boolean;
}
