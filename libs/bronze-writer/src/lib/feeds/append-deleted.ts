import { endRow, type ColumnData } from '../parquet/column-data.js';
import { appendByteValue } from '../values/append-value.js';

export function appendDeleted(data: ColumnData, isDeleted: boolean): void {
  appendByteValue(data, isDeleted ? 1 : 0);
  endRow(data, 1);
}
