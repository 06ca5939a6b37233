/** What can be run in Athena, one statement at a time, in the order in which they are given. */
export interface Statement {
  readonly kind: 'schema' | 'drop' | 'table' | 'view' | 'query';
  /** `bronze.orders`; of a query the name that people look it up by. */
  readonly name: string;
  /** The Glue database that it belongs to. */
  readonly database: Database;
  /** One line, for people. */
  readonly description: string;
  /** Without a semicolon. */
  readonly sql: string;
  /** What the statement can't do, and what to do about it; one sentence or two each. Empty when there is nothing to be said. */
  readonly notes: readonly string[];
}

export type Database = 'bronze' | 'raw' | 'logs';

/** A column as it is in files, its type by the name that schema files have: `int64`, `decimal(10,2)`, `list<timestamptz>`; null: in no file yet. */
export interface FileColumn {
  readonly name: string;
  readonly type: string | null;
}

/** What is known of a bronze entity. */
export interface BronzeEntity {
  /** Also its folder under `data/bronze/`. */
  readonly entity: string;
  /** Every schema that its files have, oldest first, with the columns' names as in the files. */
  readonly versions: readonly { readonly version: number; readonly columns: readonly FileColumn[] }[];
  /** The columns, as in the files, whose values together name a row. Default: not known, and then there is no view of the latest rows. */
  readonly key?: readonly string[];
  /** The column, as in the files, that every change makes greater. Default: not known. */
  readonly cursor?: string;
  /** The first ingestion date that there is, `YYYY-MM-DD`. Default: `DEFAULT_SINCE`. */
  readonly since?: string;
}

/** As much of JSON Schema as the records' schemas have. */
export interface RecordSchema {
  readonly type?: string | readonly string[];
  readonly items?: RecordSchema;
  readonly properties?: Readonly<Record<string, RecordSchema>>;
}

/** One data type of the raw zone. */
export interface RawRecords {
  readonly source: string;
  /** `events`; also the name of the view. */
  readonly dataType: string;
  /** Of one record, without what only the stream adds. */
  readonly schema: RecordSchema;
  /** The first year that there is. Default: that of `DEFAULT_SINCE`. */
  readonly sinceYear?: number;
}

/** A lake, or what of it there is. Zones that are not given get no statements. */
export interface Lake {
  readonly bronze?: { readonly bucket: string; readonly entities: readonly BronzeEntity[] };
  readonly raw?: { readonly bucket: string; readonly records: readonly RawRecords[] };
  /** `since`: the first day with logs, `YYYY-MM-DD`. Default: `DEFAULT_SINCE`. */
  readonly logs?: { readonly bucket: string; readonly since?: string };
}

/** Nothing in a lake is older; each day more is a request to S3 in a query that names no days. */
export const DEFAULT_SINCE = '2024-01-01';
