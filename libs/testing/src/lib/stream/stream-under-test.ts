import type { Cursor, Page, Stream } from '@loadin/pipeline';

/** A stream and the hands on its source; what is left out is not checked, so give what you can. */
export interface StreamUnderTest {
  readonly stream: Stream;
  /** The pages that another stream of the run has landed, for a stream that has `readsAfter`. Default: none. */
  readonly landed?: (streamId: string) => readonly Page[];
  /** How many requests have reached the source: shows what is read ahead, and what is read after the end. */
  readonly requests?: () => number;
  /** From the n-th request on (1: the next one) the source fails, for good and in a way that no retry survives. */
  readonly failFrom?: (n: number) => void;
  /** From now on the source takes requests and never answers. */
  readonly hang?: () => void;
  readonly close?: () => unknown;
}

/** Makes the stream under test, as another process would: called at least once a check, always over the same source with the same records. */
export type MakeStream = () => StreamUnderTest | Promise<StreamUnderTest>;

export interface StreamChecksOptions {
  /** Of the plan. Default: `2026-03-01T12:00:00Z`. */
  readonly scheduledTime?: string;
  /** Texts that must be nowhere in what leaves the stream: keys, secrets, tokens and their encoded forms. Default: none. */
  readonly canaries?: readonly (string | RegExp)[];
  /** At how many pages of a slice a read is broken off and continued, evenly spread. Default: 8; `Infinity`: at every page. */
  readonly interruptions?: number;
  /**
   * Whether a continued read may give records again that were given before it was broken off, as a read by cursor does at a border between equal
   * cursors. They must have keys: the pipeline delivers a key once. Default: `false`.
   */
  readonly mayRepeat?: boolean;
  /** Streams with a cursor: where the oldest record lies that a read from `since` on may give, of a source that looks back. Default: at `since` itself. */
  readonly oldest?: (since: Cursor) => Cursor;
  /** The largest position, in bytes of JSON. Default: 8,192: it is stored with every page. */
  readonly maxPositionBytes?: number;
  /** The largest `bounds` of a slice, in bytes of JSON. Default: 65,536: the plan of a run is read by every attempt. */
  readonly maxBoundsBytes?: number;
  /** How long a cancelled read may take to end, real milliseconds. Default: 2,000. */
  readonly promptMs?: number;
}

export type StreamSettings = Required<StreamChecksOptions>;
