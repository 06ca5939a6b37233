import { sizeAt } from './extremes.js';
import type { ColumnData } from './column-data.js';

/** A page's share of a column. Values count from the first of the column, bytes are those of PLAIN values. */
export interface PageCut {
  readonly firstRow: number;
  readonly fromEntry: number;
  readonly toEntry: number;
  readonly fromValue: number;
  readonly toValue: number;
  readonly fromByte: number;
  readonly toByte: number;
}

/** parquet-java's default: enough for compression, small enough to skip the others of a column with the page index. */
const PAGE_ROWS = 20_000;
const PAGE_BYTES = 1024 * 1024;

/** Cuts a column between rows. A page has at least one row, however large that is. */
export function cutPages(data: ColumnData): PageCut[] {
  const { definitions, repetitions, entries, values, length, maxDefinition, width } = data;
  const plain = data.dictionary === undefined;
  // The usual case of small row groups: there is nothing to cut.
  if (entries <= PAGE_ROWS && (!plain || length <= PAGE_BYTES))
    return [{ firstRow: 0, fromEntry: 0, toEntry: entries, fromValue: 0, toValue: values, fromByte: 0, toByte: plain ? length : 0 }];
  const pages: PageCut[] = [];
  let page = { firstRow: 0, fromEntry: 0, fromValue: 0, fromByte: 0 };
  let [row, value, byte] = [0, 0, 0];
  for (let entry = 0; entry < entries; entry++) {
    const isRow = repetitions === undefined || repetitions[entry] === 0;
    if (isRow && (row - page.firstRow >= PAGE_ROWS || byte - page.fromByte >= PAGE_BYTES)) {
      pages.push({ ...page, toEntry: entry, toValue: value, toByte: byte });
      page = { firstRow: row, fromEntry: entry, fromValue: value, fromByte: byte };
    }
    if (isRow) row++;
    if (definitions[entry] !== maxDefinition) continue;
    value++;
    if (plain) byte += width === 0 ? sizeAt(data, byte) : width;
  }
  pages.push({ ...page, toEntry: entries, toValue: value, toByte: byte });
  return pages;
}
