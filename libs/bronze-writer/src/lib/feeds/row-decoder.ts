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

/**
 * Appends the row between `start` and `end` to the columns. Answers −1, or the place in the schema of the first column that can't hold its value: then the
 * columns are unfit for use until they are reset.
 */
export type AppendRow = (bytes: Uint8Array, start: number, end: number) => number;

/** What a feed keeps of a row, and how that becomes values. */
export interface RowFormat {
  appender(columns: TargetColumns): AppendRow;
  /** The row for people: for a quarantined one. */
  textOf(bytes: Uint8Array, start: number, end: number): string;
}
