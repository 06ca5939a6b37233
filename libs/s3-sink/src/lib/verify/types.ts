import type { Difference, WrittenObject } from '@loadin/pipeline';

/** What one stream of a run has written: the `objects` of every `write`, or those of its report. */
export interface RawManifest {
  readonly runId: string;
  readonly source: string;
  readonly dataType: string;
  readonly objects: readonly WrittenObject[];
  /**
   * The plan's second, `2024-11-08T12:00:00Z`: then objects that lie among these and that the manifest does not have are found too. Default: nothing
   * is listed.
   */
  readonly second?: string;
}

export interface VerifyOptions {
  /** Cancels. Default: never. */
  readonly signal?: AbortSignal;
  /**
   * Objects that are read at once. Default: 2 raw objects, each of which is held as a whole, up to 16 MB and several times that while it is parsed; 4
   * committed ones, which stream by.
   */
  readonly concurrency?: number;
}

/** What was found. Everything is as the manifest says when there are no `differences`. */
export interface Verification {
  /** Objects that were looked at; those that are missing don't count. */
  readonly objects: number;
  /** As they are stored. */
  readonly bytes: number;
  /** In the order of the manifest, then what it does not have. */
  readonly differences: readonly Difference[];
}

export interface RawVerification extends Verification {
  readonly records: number;
}
