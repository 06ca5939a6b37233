import { encodeChunk } from './parquet/column-chunk.js';
import { createColumnData, repeatValue, resetColumnData, type ColumnData } from './parquet/column-data.js';
import type { Codec } from './parquet/compression.js';
import type { EncodedRowGroup, FileColumn } from './parquet/row-group.js';
import type { RowAppender, RowFormat } from './feeds/row-decoder.js';
import { DELETED_COLUMN, fileColumns, METADATA_COLUMNS, type PlacedColumn } from './schema/file-columns.js';
import type { TableSchema } from './schema/table-schema.js';
import { sortRows } from './sort-rows.js';
import type { StoredRows } from './stored-rows.js';
import { textAppender } from './values/text-value.js';

/** The same in every row of a load. */
export interface RowConstants {
  /** `_ingestion_ts`, ISO 8601 with a zone. */
  readonly ingestionTs: string;
  readonly sourceSystem: string;
  readonly ingestionId: string;
}

export interface RowEncoderOptions {
  readonly format: RowFormat;
  readonly codec: Codec;
  readonly constants: RowConstants;
  /** Places in the schema. */
  readonly sortBy: readonly number[];
  /** Whether there is a column `_deleted`. */
  readonly deletes: boolean;
}

export interface EncodedColumns {
  readonly group: EncodedRowGroup;
  readonly columns: readonly FileColumn[];
  /** Columns, by name, whose dictionary did not pay. */
  readonly plain: readonly string[];
}

/** Or the row, and the place in the schema of the column that can't hold its value. */
export type Encoded = EncodedColumns | { readonly row: number; readonly column: number };

export interface EncodeOptions {
  readonly schema: TableSchema;
  /** Rows that are left out. */
  readonly without: ReadonlySet<number>;
  /** Columns, by name, for which no dictionary is tried: it did not pay before. */
  readonly plain: ReadonlySet<string>;
}

/** What is made depends on what it is given alone, and not on what it has made before. */
export interface RowEncoder {
  encode(rows: StoredRows, options: EncodeOptions): Encoded;
  /** All rows that don't fit the schema, each with the first column that can't hold its value. */
  misfits(rows: StoredRows, schema: TableSchema): { readonly row: number; readonly column: number }[];
}

interface Prepared {
  readonly schema: TableSchema;
  readonly placed: readonly PlacedColumn[];
  readonly columns: readonly FileColumn[];
  readonly data: readonly ColumnData[];
  readonly hashes: ColumnData;
  readonly deleted: ColumnData | undefined;
  readonly appender: RowAppender;
}

export function createRowEncoder({ format, codec, constants, sortBy, deletes }: RowEncoderOptions): RowEncoder {
  let prepared: Prepared | undefined;

  const prepare = ({ schema, plain }: EncodeOptions): Prepared => {
    prepared = prepared?.schema === schema ? prepared : prepareColumns(schema, format, deletes);
    const { data, hashes, deleted, placed, appender } = prepared;
    data.forEach((each, n) => resetColumnData(each, !plain.has(placed[n]?.name ?? '')));
    resetColumnData(hashes, false);
    if (deleted !== undefined) resetColumnData(deleted, false);
    appender.begin();
    return prepared;
  };

  return {
    encode(rows, options) {
      const { placed, data, hashes, deleted, columns, appender } = prepare(options);
      const plain: string[] = [];
      const sorted = sortRows(rows, { format, placed, sortBy, without: options.without });
      if ('column' in sorted) return sorted;
      const misfit = appendRows(appender, rows, sorted.order);
      if (misfit !== undefined) return misfit;
      const source = data.map((each, n) => {
        checkRows(each, sorted.order.length, placed[n]?.name ?? '');
        const tried = each.dictionary !== undefined && each.values > LEAST_TRIED;
        const chunk = encodeChunk(each, codec);
        if (tried && each.dictionary === undefined) plain.push(placed[n]?.name ?? '');
        return chunk;
      });
      checkRows(hashes, sorted.order.length, '_record_hash');
      const metadata = metadataColumns(constants, hashes, sorted.order.length);
      if (deleted !== undefined) metadata.push(deleted);
      const chunks = [...source, ...metadata.map((each) => encodeChunk(each, codec))];
      return { columns, plain, group: { rows: sorted.order.length, chunks, sortedBy: sorted.sortedBy } };
    },
    misfits(rows, schema) {
      const found: { row: number; column: number }[] = [];
      // Without dictionaries: to empty those for each row takes longer than all else.
      const placed = fileColumns(schema);
      const data = placed.map(({ type }) => createColumnData(type, false));
      const appender = format.appender({ placed, data, hashes: undefined, deleted: undefined });
      for (let row = 0; row < rows.count; row++) {
        data.forEach((each) => resetColumnData(each, false));
        const column = appender.append(rows.bytes, rows.starts[row] ?? 0, rows.ends[row] ?? 0);
        if (column >= 0) found.push({ row, column });
      }
      return found;
    },
  };
}

/** Apart from what is done with the columns then: V8 compiles a loop again whenever its function goes on behind it with what it has not seen there. */
function appendRows(appender: RowAppender, rows: StoredRows, order: Uint32Array): { row: number; column: number } | undefined {
  const { bytes, starts, ends } = rows;
  for (let n = 0; n < order.length; n++) {
    const row = order[n] ?? 0;
    const column = appender.append(bytes, starts[row] ?? 0, ends[row] ?? 0);
    if (column >= 0) return { row, column };
  }
  appender.end();
  return undefined;
}

/** A column that is shorter than the others would make a file that reads as something else: rather none. */
function checkRows({ repetitions, entries }: ColumnData, rows: number, name: string): void {
  if (repetitions === undefined ? entries !== rows : entries < rows) throw new Error(`column ${name} has ${entries} entries of ${rows} rows`);
}

/** Fewer values say nothing about the next row group. */
const LEAST_TRIED = 1_000;

/** The columns of a file with this schema. */
export function columnsIn(schema: TableSchema, deletes: boolean): FileColumn[] {
  const columns = fileColumns(schema).map(({ name, type }): FileColumn => ({ name, type }));
  return [...columns, ...METADATA_COLUMNS, ...(deletes ? [DELETED_COLUMN] : [])];
}

function prepareColumns(schema: TableSchema, format: RowFormat, deletes: boolean): Prepared {
  const placed = fileColumns(schema);
  const data = placed.map(({ type }) => createColumnData(type, true));
  const hashes = createColumnData({ kind: 'string' }, false);
  const deleted = deletes ? createColumnData(DELETED_COLUMN.type, false) : undefined;
  const appender = format.appender({ placed, data, hashes, deleted });
  return { schema, placed, columns: columnsIn(schema, deletes), data, hashes, deleted, appender };
}

/** In the order of `METADATA_COLUMNS`. */
function metadataColumns({ ingestionTs, sourceSystem, ingestionId }: RowConstants, hashes: ColumnData, rows: number): ColumnData[] {
  const constant = (kind: 'timestamptz' | 'string', text: string): ColumnData => {
    const data = createColumnData({ kind }, true);
    const bytes = new TextEncoder().encode(text);
    textAppender({ kind })(data, bytes, 0, bytes.length);
    repeatValue(data, rows);
    return data;
  };
  return [constant('timestamptz', ingestionTs), constant('string', sourceSystem), hashes, constant('string', ingestionId)];
}
