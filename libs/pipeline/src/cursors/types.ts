import type { Cursor, Interval } from '../ports/cursor.js';
import type { Slice } from '../ports/stream.js';

/** How far a slice of an incremental stream has come. Kept with its progress. */
export interface Reached {
  /**
   * Every record up to here is delivered or in the dead letters; of a finished slice the latest that was read. `null`: none. Of a cursor with one part, which several
   * records may share, an unfinished slice counts only up to the last place that it has left behind.
   */
  readonly cursor: Cursor | null;
  /** Of an unfinished slice: its records came out of order, so a later attempt moves it no further before the end either. */
  readonly out_of_order?: true;
  /**
   * Of a finished slice: a record from here on came again while it was read, changed; a run delivers an id once, so the next one has to
   * read on from here.
   */
  readonly again?: Cursor;
}

/** How an attempt leaves a slice. */
export interface SliceEnd {
  readonly slice: Slice;
  /** Every record of it is delivered or in the dead letters. */
  readonly finished: boolean;
  readonly reached?: Reached;
}

/** What a checkpoint says of an incremental stream. */
export interface SyncState {
  /** The next run reads from here on; `null`: from the beginning. */
  readonly watermark: Cursor | null;
  /** What has been read completely and lies beyond the watermark: after the latest record that there was, or after a slice that is still open. Merged. */
  readonly intervals: readonly Interval[];
}
