import type { Expectation } from '../expect/types.js';
import type { FieldView, Row } from '../fields/row.js';
import type { Finding } from '../types.js';

/** What is held against each row. */
export interface RowCheck {
  readonly expectation: Expectation;
  /** Why a row is left out. */
  readonly reason: string;
  /** Whether the row is as expected. */
  holds(row: Row, view: FieldView): boolean;
  /** Called once for each row that stays in the load. */
  keep?(row: Row, view: FieldView): void;
  /** Rows that broke it so far. */
  broken: number;
  /** When all rows have been looked at: what there is to say beyond `broken` rows. */
  finish?(ended: Ended): Outcome;
  /** What the next incremental load has to know: the newest time of a column, ISO 8601. */
  newest?(): readonly [column: string, time: string] | undefined;
  close?(): void;
}

export interface Ended {
  /** Rows in words: `2,000 rows`, `2,000 changed rows`. */
  readonly all: string;
  readonly rows: number;
  readonly kept: number;
}

export interface Outcome {
  /** Besides those that were counted row by row. */
  readonly broken?: number;
  /** In place of the text that counts rows. */
  readonly message?: string;
  readonly status?: Finding['status'];
  /** Nothing may be committed, whatever the severity. */
  readonly refuses?: boolean;
}
