import type { FileColumn } from '../parquet/row-group.js';
import { fileNames } from '../schema/file-columns.js';

/** Of a file of keys: the digests, then the key's columns as texts. */
export function keyColumns(key: readonly string[]): FileColumn[] {
  const names = fileNames(['key_digest', 'record_hash', ...key]);
  return names.map((name, n) => ({ name, type: n < 2 ? { kind: 'binary' } : { kind: 'string' } }));
}

/** Of the file's metadata: the JSON of the list of the key's columns, by their names in the source. */
export const KEY_METADATA = 'loadin.key';

/** In a row group at most. */
export const GROUP_ROWS = 65_536;
