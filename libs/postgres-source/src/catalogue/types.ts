import type { ColumnType } from '../types/column-type.js';

export type TableKind = 'table' | 'partitioned table' | 'view' | 'materialized view' | 'foreign table';

/** A table as the catalogue describes it. */
export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly kind: TableKind;
  readonly columns: readonly Column[];
  /** Names of the primary key's columns in its order; empty without one. */
  readonly primaryKey: readonly string[];
  /** Other keys: unique for every row, none of their columns nullable. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Columns that an index begins with. */
  readonly indexed: readonly string[];
  /** How many rows the planner expects; exact only by accident. */
  readonly rowEstimate: number;
  /** Of the table without its indexes; 0 for views and foreign tables. */
  readonly bytes: number;
  /** Whether all of it can be read: the user may, and there is something. */
  readonly readable: boolean;
  /** Why not, where it can't. */
  readonly hindrance?: Hindrance;
}

/**
 * `rights`: the user may read nothing of it · `columns`: not all of its columns, so those that he may have to be named · `policies`: row-level security hides rows from him ·
 * `empty`: it has no column
 */
export type Hindrance = 'rights' | 'columns' | 'policies' | 'empty';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Texts: whether the server sorts this column by bytes (collation C), as no program but the server can otherwise repeat it. */
  readonly sortedByBytes: boolean;
  /** `false`: the user may not read it. */
  readonly readable?: false;
}

/** A column by which changes could be found. */
export interface CursorCandidate {
  readonly column: string;
  /** `changed`: by its name the time of the last change · `created`: a time that a change leaves as it is · `number`: grows with new rows, changes are not seen */
  readonly finds: 'changed' | 'created' | 'number';
  readonly nullable: boolean;
  /** Without an index the whole table is read to find what has changed. */
  readonly indexed: boolean;
}
