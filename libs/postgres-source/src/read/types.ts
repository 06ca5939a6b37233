import type { Table } from '../catalogue/types.js';

/** Which rows of a table, and in which order. */
export interface TableRead {
  readonly table: Table;
  /** Columns to read, in the order in which they are given. Default: all, in the table's order. Key and cursor must be among them. */
  readonly columns?: readonly string[];
  /** Columns whose values together name a row. Default: the primary key, else the first unique key; `[]`: there is none. */
  readonly key?: readonly string[];
  /** Column that tells changes: rows are read in the order of cursor and key. Default: none, in the order of the key. */
  readonly cursor?: string;
  /** Only rows whose cursor is this or later, less the look-back. As the column's values are written (times in ISO 8601 too). Default: from the beginning. */
  readonly from?: string;
  /**
   * What is read again before `from`, for rows that were committed late: milliseconds for times, units for numbers. Default: 600,000 (10 min) for times, an hour more for local times
   * (`timeZone`): clocks go through one twice a year. 0 for numbers.
   */
  readonly lookBack?: number;
  /** Only rows whose cursor is earlier than this instant (of a date: that day is included). ISO 8601 with zone. For cursors that are times. Default: no end. */
  readonly below?: string;
  /** The zone in which a cursor `timestamp` without time zone is written. Default `UTC`. */
  readonly timeZone?: string;
  /** A slice: a half-open range of the order (cursor and key, or key). Bounds may have fewer values than the order has columns. Default: everything. */
  readonly range?: Range;
  /**
   * Rows that a cursor can't place: it is null, or infinite. They are read first, all of them each time, by the slice that has no lower bound. Default `true`; `false`: they
   * are left out.
   */
  readonly unplaced?: boolean;
  /** `false`: in whatever order is fastest for the server; then a lost connection can't be made up for. Default `true` where there is a key. */
  readonly ordered?: boolean;
}

export interface Range {
  /** Values of the first columns of the order; included. `null`: from the first row. */
  readonly from: readonly string[] | null;
  /** Not included. `null`: to the last row. */
  readonly below: readonly string[] | null;
}

/** After which row reading goes on. JSON. */
export interface Position {
  readonly phase: Phase;
  /** That row's values of the phase's order; `null`: from the phase's first row. */
  readonly last: readonly string[] | null;
}

/** `unplaced`: rows that the cursor can't place, by key · `placed`: the others, by cursor and key; without a cursor all */
export type Phase = 'unplaced' | 'placed';
