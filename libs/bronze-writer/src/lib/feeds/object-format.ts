import { appendNull, type ColumnData } from '../parquet/column-data.js';
import { appendDeleted } from './append-deleted.js';
import { appendHashBytes } from './append-hash.js';
import type { RowFormat } from './row-decoder.js';
import { taggedAppender, type AppendTagged } from './tagged-appender.js';
import { readTagged, taggedEnd } from './tagged-value.js';

/**
 * A record in memory: its hash (32 digits; the first one of a tombstone has 0x80 beside), then for each value that is not null the column's place in the schema
 * (2 bytes) and the tagged value.
 */
export const HASH_BYTES = 32;
export const TOMBSTONE = 0x80;
export const MAX_COLUMNS = 0xffff;

interface Target {
  readonly data: ColumnData;
  readonly append: AppendTagged;
  /** Number of the last row that had a value. */
  row: number;
}

export function objectFormat(nameOf: (column: number) => string): RowFormat {
  return {
    textOf(bytes, start, end) {
      const members: [string, unknown][] = [];
      for (let at = start + HASH_BYTES; at < end; at = taggedEnd(bytes, at + 2))
        members.push([nameOf(columnAt(bytes, at)), readTagged(bytes, at + 2)]);
      return JSON.stringify(Object.fromEntries(members));
    },
    appender({ placed, data, hashes, deleted }) {
      const targets: (Target | undefined)[] = [];
      placed.forEach(({ source, type }, n) => (targets[source] = { data: data[n] as ColumnData, append: taggedAppender(type), row: 0 }));
      const all = targets.filter((target) => target !== undefined);
      let row = 0;
      return (bytes, start, end) => {
        row++;
        for (let at = start + HASH_BYTES; at < end; at = taggedEnd(bytes, at + 2)) {
          const column = columnAt(bytes, at);
          const target = targets[column];
          if (target === undefined) continue;
          if (!target.append(target.data, bytes, at + 2)) return column;
          target.row = row;
        }
        for (const target of all) if (target.row !== row) appendNull(target.data);
        if (hashes !== undefined) appendHashBytes(hashes, bytes, start);
        if (deleted !== undefined) appendDeleted(deleted, (bytes[start] ?? 0) >= TOMBSTONE);
        return -1;
      };
    },
  };
}

const columnAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
