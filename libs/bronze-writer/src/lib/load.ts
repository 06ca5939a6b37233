import { FatalError } from '@loadin/resilience';
import type { Output } from './output/types.js';
import { createColumnData } from './parquet/column-data.js';
import { isCompression, type Compression } from './parquet/compression.js';
import type { Part } from './part-writer.js';
import type { RowRoom } from './partitions/row-room.js';
import type { ContractMode, SchemaColumn, TableSchema } from './schema/table-schema.js';
import { textAppender } from './values/text-value.js';

/** A row that its column's type can't hold, or that has a column too many. */
export interface QuarantinedRow {
  /** As the source gave it: a line of COPY, or the record's JSON without nulls. */
  readonly text: string;
  readonly column: string;
  readonly reason: string;
}

/** What one load of an entity is. */
export interface BronzeLoad {
  /** Also the folder: letters, digits, `_`, `-` and `.`. */
  readonly entity: string;
  /** `YYYY-MM-DD`. */
  readonly ingestionDate: string;
  readonly loadType: 'full' | 'incremental';
  /** In each row and in each file's name. */
  readonly ingestionId: string;
  /** ISO 8601 with a zone, as exact as a microsecond; from the plan, so that a repetition writes the same bytes. */
  readonly ingestionTs: string;
  readonly sourceSystem: 'rds' | 'api';
  readonly output: Output;
  /** The column whose day (UTC) is the event date. Default: none; all rows lie in `__HIVE_DEFAULT_PARTITION__`, as do those without a day. */
  readonly partitionBy?: string;
  /** Columns by which the rows of a row group are sorted. Default: none; rows stay as they come. */
  readonly sortBy?: readonly string[];
  /** What the last load of this entity ended with. Default: none. */
  readonly schema?: TableSchema;
  /** Types of columns, by `parseTypeName`; others are inferred. COPY's columns are declared by their Postgres types. Default: none. */
  readonly columns?: readonly SchemaColumn[];
  /** Default: `evolve`, with which no load fails for its data. Begins with the second load when the first had nothing to go by. */
  readonly contract?: ContractMode;
  /** Must keep the row or count it: it is in no file. Default: needed with `quarantine`. */
  readonly onQuarantined?: (row: QuarantinedRow) => void;
  /** The files get a column `_deleted`: false in rows, true in the tombstones of `GoneKeys`. Default: false. */
  readonly deletes?: boolean;
  /** Default: `zstd`. */
  readonly compression?: Compression;
  /** Of zstd, from 1 to 22. Default: 1, which leaves 10 % more bytes than 3 and needs half the time. */
  readonly compressionLevel?: number;
  /** Rows that wait before some of them become a row group; where those end depends on it. Default: 96 MiB. */
  readonly memoryBytes?: number;
  /** Memory for rows that wait, shared by loads that run side by side; rows for which there is none wait on the disk. No byte of the files depends on it. Default: `memoryBytes` of its own. */
  readonly room?: RowRoom;
  /** Bytes of rows, as the source gives them, in a row group. Default: 24 MiB, some 80,000 rows. */
  readonly rowGroupBytes?: number;
  /** Bytes of a file after which another begins. Default: 512 MiB. */
  readonly targetFileBytes?: number;
  /**
   * For rows that don't fit into memory: as many bytes as the source gives, and a third more when dates have several row groups each. Default: the system's
   * folder for temporary files.
   */
  readonly spillDirectory?: string;
  /**
   * 1: a thread beside this one makes row groups too, of the same bytes; for some 100,000 rows and more where there are two processors. A thread that can't be
   * started is an error. Default: 0.
   */
  readonly threads?: 0 | 1;
  /**
   * Whether the thread is to be started, of which `threads: 1` speaks: asked before each row group until it answers true. `bytes` of rows have come by then.
   * Default: yes, with the first row group.
   */
  readonly threadWhen?: (bytes: number) => boolean;
  /** Where the thread's module lies, for programs that are bundled: `@loadin/bronze-writer/encoder-thread`, bundled by itself. Default: beside this one. */
  readonly threadFile?: URL;
  /** Ends the load. Default: never. */
  readonly signal?: AbortSignal;
}

/** What a load wrote. */
export interface BronzeReport {
  readonly entity: string;
  /** Rows in the files, tombstones too. */
  readonly rows: number;
  readonly quarantined: number;
  /** By event date. */
  readonly parts: readonly Part[];
  /** What the next load should be given. */
  readonly schema: TableSchema;
  readonly spilledBytes: number;
}

/** Throws `FatalError` for a load that could only end badly; before anything is written. */
export function checkLoad(load: BronzeLoad): void {
  const { entity, ingestionDate, ingestionId, ingestionTs, compression = 'zstd', compressionLevel = 1 } = load;
  const problems = [
    /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(entity) ? '' : `entity "${entity}" can't be the name of a folder`,
    isOfType('date', ingestionDate) && ingestionDate.length === 10 ? '' : `ingestionDate "${ingestionDate}" is not a day YYYY-MM-DD`,
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(ingestionId) ? '' : `ingestionId "${ingestionId}" can't be in the name of a file`,
    isOfType('timestamptz', ingestionTs) ? '' : `ingestionTs "${ingestionTs}" is no ISO 8601 instant with a zone, of microseconds at most`,
    isCompression(compression) ? '' : `compression "${String(compression)}" is none of zstd, snappy, none`,
    Number.isInteger(compressionLevel) && compressionLevel >= 1 && compressionLevel <= 22 ? '' : 'compressionLevel is not from 1 to 22',
    load.contract === 'quarantine' && load.onQuarantined === undefined ? 'the contract quarantine needs onQuarantined, or rows would vanish' : '',
    (load.rowGroupBytes ?? 1) > 0 && (load.memoryBytes ?? 1) > 0 && (load.targetFileBytes ?? 1) > 0 ? '' : 'a number of bytes is not above 0',
  ].filter((problem) => problem !== '');
  if (problems.length > 0) throw new FatalError(`The load can't begin: ${problems.join('; ')}`, { where: entity });
}

/** Throws `FatalError` for tombstones in a load whose files have no column that says so. */
export function checkDeletes({ deletes, entity }: BronzeLoad): void {
  if (deletes !== true)
    throw new FatalError('There are keys that are gone, and the load writes no deletions', { where: entity, hint: 'Set deletes.' });
}

function isOfType(kind: 'date' | 'timestamptz', text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  return textAppender({ kind })(createColumnData({ kind }, false), bytes, 0, bytes.length);
}

/** `data/bronze/{entity}/ingestion_date=…/load_type=…/event_date=…/part-00000-{ingestion id}.parquet` */
export function partPath(load: BronzeLoad, eventDate: string | null, part: number): string {
  const date = eventDate ?? '__HIVE_DEFAULT_PARTITION__';
  const folder = `data/bronze/${load.entity}/ingestion_date=${load.ingestionDate}/load_type=${load.loadType}/event_date=${date}`;
  return `${folder}/part-${String(part).padStart(5, '0')}-${load.ingestionId}.parquet`;
}
