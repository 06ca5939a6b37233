import type { Expectation } from './expect/types.js';
import type { LoadType, Profile } from './profile/types.js';

/** Whole rows of COPY text: row `i` is `bytes` from `starts[i]` up to `ends[i]`, without its line break. */
export interface CopyRows {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export interface InspectedColumn {
  readonly name: string;
  /**
   * Of COPY text: as Postgres' `format_type` prints it (`numeric(10,2)`), of a domain the type below it. Of records: `decimal(12,2)`, `timestamptz`, … as bronze
   * names its types; without it numbers, truth values and texts are told apart by what comes.
   */
  readonly type?: string;
}

/** Which load is looked at; stands in its profile. */
export interface InspectedLoad {
  readonly job: string;
  readonly runId: string;
  /** `postgres.orders` */
  readonly stream: string;
  readonly entity: string;
  readonly ingestionId: string;
  readonly loadType: LoadType;
  /** ISO 8601 UTC. */
  readonly scheduledTime: string;
}

export interface InspectorOptions {
  readonly load: InspectedLoad;
  /** Of COPY text: all of them, in the order of the rows' fields. Of records: those that are declared. */
  readonly columns: readonly InspectedColumn[];
  /** As `readExpectations` gives them. Default: none. */
  readonly expect?: readonly Expectation[];
  /** Of the entity's last completed load of either kind: for `freshness`. Default: none yet. */
  readonly previous?: Profile;
  /** Of the entity's last completed load of the same kind (full or incremental): for `row_count_change`. Default: none yet. */
  readonly previousOfKind?: Profile;
  /** Needed when an expectation is a `reference`. Default: other entities are not known, and such expectations are reported as not looked at. */
  readonly references?: References;
  /** Whether a profile is made. Default true. */
  readonly profile?: boolean;
  /** Keys of a `unique` that are held in memory (16 bytes each, at most); more of them go through a sorted file. Default 2,000,000. */
  readonly uniqueKeysInMemory?: number;
  /** Values of another entity that a `reference` may have (16 bytes each, at most); with more of them it is reported as not looked at. Default 8,000,000. */
  readonly referenceValues?: number;
  /** For the keys that do not fit into memory. Default: the system's. */
  readonly spillDirectory?: string;
}

/** The values that other entities have. */
export interface References {
  /** `column` is undefined for the entity's key, which then must be one column. Undefined: nothing of the entity is known. */
  open(entity: string, column: string | undefined): Promise<ReferenceValues | undefined>;
}

export interface ReferenceValues {
  /** The source's texts, in any order and as often as they come. */
  readonly values: AsyncIterable<readonly string[]>;
  /** What they are, for people: `the keys of the full load of 2026-03-01T02:00:00Z`. */
  readonly origin: string;
  /** Whether the entity has no others. If not, a value that is not among them may exist all the same: nothing is quarantined or stopped for it. */
  readonly complete: boolean;
}

/** Looks at all rows of a load, in their order, before they are written. One of the two `inspect…`, as often as there are rows. */
export interface Inspector {
  /** Which of the block's rows are to be left out. Nothing of the block is kept. Throws `FatalError` for a row of another number of fields. */
  inspectBlock(block: CopyRows): readonly LeftOutRow[];
  /** Which of the records are to be left out. What is no object is passed over: it is for the loader to reject. */
  inspectRecords(records: readonly unknown[]): readonly LeftOutRow[];
  /** When all rows have been looked at, before the commit. */
  finish(): Promise<Inspection>;
  /** Gives up what is held; after `finish`, and when the load fails. */
  close(): void;
}

/** A row that breaks an expectation with the severity `quarantine`. */
export interface LeftOutRow {
  /** Its place in the block, or among the records. */
  readonly row: number;
  /** For the dead letter, without the row's values: `total is not between 0 and 10000; email does not match ^.+@.+$`. */
  readonly reason: string;
}

export interface Inspection {
  /** Looked at. */
  readonly rows: number;
  readonly leftOut: number;
  /** Broken expectations, and those that could not be looked at, in the order of their declaration. */
  readonly findings: readonly Finding[];
  /** Why nothing may be committed; see `assertMayCommit`. */
  readonly refusal?: string;
  /** Of the rows that were not left out. */
  readonly profile?: Profile;
}

export interface Finding {
  readonly check: Expectation['check'];
  readonly columns: readonly string[];
  readonly severity: Expectation['severity'];
  /** `unchecked`: could not be looked at, and `message` says why. */
  readonly status: 'broken' | 'unchecked';
  /** Rows that break it, where it is a matter of rows. */
  readonly rows?: number;
  /** For the report: `3 of 1,204 rows: total is not between 0 and 10000`; of an incremental load `3 of 1,204 changed rows`. No values of rows. */
  readonly message: string;
}
