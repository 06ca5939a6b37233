import type { FileColumn } from '../parquet/row-group.js';
import type { TableSchema } from './table-schema.js';

/** What every row says of its delivery, behind the source's columns. */
export const METADATA_COLUMNS: readonly FileColumn[] = [
  { name: '_ingestion_ts', type: { kind: 'timestamptz' } },
  { name: '_source_system', type: { kind: 'string' } },
  { name: '_record_hash', type: { kind: 'string' } },
  { name: '_ingestion_id', type: { kind: 'string' } },
];

/** Behind those, in loads that write deletions: true in tombstones. */
export const DELETED_COLUMN: FileColumn = { name: '_deleted', type: { kind: 'boolean' } };

/** In the path, and therefore never inside a file. */
const PARTITION_COLUMNS = ['ingestion_date', 'load_type', 'event_date'];

/**
 * The names of the source's columns in a file: as they are, but different from each other for readers that don't tell capital letters apart, and from the names
 * above: a column `event_date` of the source is `event_date_2`. One without a name is `_2`, since readers would make one up; half of a surrogate pair, which no
 * file can hold, is U+FFFD.
 */
export function fileNames(names: readonly string[]): string[] {
  const taken = new Set(['', ...METADATA_COLUMNS.map(({ name }) => name), DELETED_COLUMN.name, ...PARTITION_COLUMNS]);
  return names.map((source) => {
    const name = wellFormed(source);
    let [free, number] = [name, 1];
    while (taken.has(free.toLowerCase())) free = `${name}_${++number}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** `String.prototype.toWellFormed` (ES2024, in Node from 20). */
const wellFormed = (text: string): string => (text as string & { toWellFormed(): string }).toWellFormed();

export interface PlacedColumn extends FileColumn {
  /** Its place in the schema. */
  readonly source: number;
}

/** The source's columns as they are in a file: without those of which nothing but nulls has come. */
export function fileColumns({ columns }: TableSchema): PlacedColumn[] {
  const names = fileNames(columns.map(({ name }) => name));
  return columns.flatMap(({ type }, source) => (type === undefined ? [] : [{ name: names[source] ?? '', type, source }]));
}
