import { createColumnData, type ColumnData } from './parquet/column-data.js';
import { compareAt } from './parquet/extremes.js';
import type { SortedBy } from './parquet/row-group.js';
import type { RowFormat } from './feeds/row-decoder.js';
import type { PlacedColumn } from './schema/file-columns.js';
import type { StoredRows } from './stored-rows.js';

export interface SortOptions {
  readonly format: RowFormat;
  readonly placed: readonly PlacedColumn[];
  /** Places in the schema. */
  readonly sortBy: readonly number[];
  readonly without: ReadonlySet<number>;
}

const UNORDERED: ReadonlySet<string> = new Set(['list', 'float', 'double']);

export type Sorted = { readonly order: Uint32Array; readonly sortedBy: readonly SortedBy[] } | { readonly row: number; readonly column: number };

/** A key of all rows: where each one's value begins, −1 for null. */
interface Key {
  readonly data: ColumnData;
  readonly at: Int32Array;
}

/** The order in which the rows are written: by the keys, nulls last, and as they came where those are equal. Or the first row that a key can't hold. */
export function sortRows(rows: StoredRows, { format, placed, sortBy, without }: SortOptions): Sorted {
  const arrived = new Uint32Array(rows.count - without.size);
  for (let row = 0, n = 0; row < rows.count; row++) if (!without.has(row)) arrived[n++] = row;
  // Lists have no order and NaN none either; a column of nothing but nulls is not in the file.
  const keys = sortBy.flatMap((source) => {
    const column = placed.findIndex((each) => each.source === source && !UNORDERED.has(each.type.kind));
    return column < 0 ? [] : [column];
  });
  if (keys.length === 0) return { order: arrived, sortedBy: [] };
  const read = readKeys(
    rows,
    arrived,
    format,
    keys.map((column) => placed[column] as PlacedColumn),
  );
  if ('column' in read) return read;
  const compare = comparer(read.keys);
  const isSorted = arrived.every((row, n) => n === 0 || compare(arrived[n - 1] ?? 0, row) <= 0);
  return { order: isSorted ? arrived : arrived.sort(compare), sortedBy: keys.map((column) => ({ column })) };
}

function readKeys(
  rows: StoredRows,
  arrived: Uint32Array,
  format: RowFormat,
  placed: readonly PlacedColumn[],
): { keys: Key[] } | { row: number; column: number } {
  const keys = placed.map(({ type }): Key => ({ data: createColumnData(type, false), at: new Int32Array(rows.count).fill(-1) }));
  const appender = format.appender({ placed, data: keys.map(({ data }) => data), hashes: undefined, deleted: undefined });
  appender.begin();
  for (const row of arrived) {
    const before = keys.map(({ data }) => ({ length: data.length, values: data.values }));
    const column = appender.append(rows.bytes, rows.starts[row] ?? 0, rows.ends[row] ?? 0);
    if (column >= 0) return { row, column };
    keys.forEach(({ data, at }, n) => {
      if (data.values > (before[n]?.values ?? 0)) at[row] = before[n]?.length ?? 0;
    });
  }
  return { keys };
}

function comparer(keys: readonly Key[]): (a: number, b: number) => number {
  return (a, b) => {
    for (const { data, at } of keys) {
      const [left, right] = [at[a] ?? -1, at[b] ?? -1];
      const difference = left < 0 || right < 0 ? Number(left < 0) - Number(right < 0) : compareAt(data, left, right);
      if (difference !== 0) return difference;
    }
    return a - b;
  };
}
