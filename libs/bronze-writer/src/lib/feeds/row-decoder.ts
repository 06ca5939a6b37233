import type { ColumnData } from '../parquet/column-data.js';
import type { PlacedColumn } from '../schema/file-columns.js';

/** The columns that rows are to be appended to. */
export interface TargetColumns {
  readonly placed: readonly PlacedColumn[];
  /** One for each of them. */
  readonly data: readonly ColumnData[];
  /** `_record_hash`; none when only some of the columns are read, for sorting. */
  readonly hashes: ColumnData | undefined;
  /** `_deleted`; none when the load writes no deletions. */
  readonly deleted: ColumnData | undefined;
}

/** Appends rows to columns. */
export interface RowAppender {
  /** Before the first row of columns that were reset: forgets what is left of rows before it. */
  begin(): void;
  /**
   * Appends the row between `start` and `end`. Answers −1, or the place in the schema of the first column that can't hold its value: then the columns are unfit for use
   * until they are reset.
   */
  append(bytes: Uint8Array, start: number, end: number): number;
  /** After the last row: hashes are made of many rows at once. */
  end(): void;
}

/** What a feed keeps of a row, and how that becomes values. */
export interface RowFormat {
  /** Appends to these columns; the appender before it is of no use any more. */
  appender(columns: TargetColumns): RowAppender;
  /** The row for people: for a quarantined one. */
  textOf(bytes: Uint8Array, start: number, end: number): string;
}
