import type { LoadType } from '../profile/types.js';

/**
 * What a broken expectation leads to. `warn`: a finding, everything is loaded · `quarantine`: rows that break it are left out, each with its reason · `stop`:
 * nothing of the load is committed.
 */
export type Severity = 'warn' | 'quarantine' | 'stop';

/** What is expected of an entity's rows: plain data, as it stands in a jobs file. Nulls break `not_null` and nothing else. */
export type Expectation =
  | NotNullExpectation
  | UniqueExpectation
  | RangeExpectation
  | RegexExpectation
  | AllowedValuesExpectation
  | FreshnessExpectation
  | RowCountChangeExpectation
  | ReferenceExpectation;

export interface NotNullExpectation {
  readonly check: 'not_null';
  readonly columns: readonly string[];
  readonly severity: Severity;
}

/** No two rows of a load have the same values in all of these columns; rows with a null among them are not looked at. `quarantine` keeps the first one. */
export interface UniqueExpectation {
  readonly check: 'unique';
  readonly columns: readonly string[];
  readonly severity: Severity;
}

/**
 * Both bounds belong to the range. Numbers (a number, or its decimal text where it has more than 15 digits) are compared exactly; dates and times
 * (`2026-03-01`, `2026-03-01T02:00:00Z`) as instants, without a zone in UTC; times of day (`18:30`) as such. A value that is none of these is outside.
 */
export interface RangeExpectation {
  readonly check: 'range';
  readonly column: string;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly severity: Severity;
}

/** The pattern is found in the value; `^…$` for the whole. Linear time for every pattern and text: no look-around, no back-references. */
export interface RegexExpectation {
  readonly check: 'regex';
  readonly column: string;
  readonly pattern: string;
  readonly severity: Severity;
}

/** Texts are compared as texts, numbers exactly as numbers (`1.50` is 1.5), `true` and `false` as truth values. */
export interface AllowedValuesExpectation {
  readonly check: 'allowed_values';
  readonly column: string;
  readonly values: readonly (string | number | boolean)[];
  readonly severity: Severity;
}

/** The newest value of a column of times, of this load and of the one before it, is at most so old at the run's scheduled time. */
export interface FreshnessExpectation {
  readonly check: 'freshness';
  readonly column: string;
  readonly max_age_minutes: number;
  readonly severity: Exclude<Severity, 'quarantine'>;
}

/** Against the last completed load of the same kind: the rows of loads in full are all that there are, those of incremental ones all that have changed. */
export interface RowCountChangeExpectation {
  readonly check: 'row_count_change';
  readonly max_drop_percent?: number;
  readonly max_rise_percent?: number;
  /** Loads of this kind alone. Default: both, each against the last one of its kind. */
  readonly load_type?: LoadType;
  readonly severity: Exclude<Severity, 'quarantine'>;
}

/** Each value is one of another entity's column, by default that of its key. */
export interface ReferenceExpectation {
  readonly check: 'reference';
  readonly column: string;
  readonly entity: string;
  readonly entity_column?: string;
  readonly severity: Severity;
}

/** Something wrong in a declaration. */
export interface Fault {
  /** From the list down: `[2, 'max']`; empty for the list itself. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what would be right: `severity is "halt"; use warn, quarantine or stop`. */
  readonly message: string;
}
