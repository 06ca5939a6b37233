import { copyFormat, type CopyColumn } from './copy-format.js';
import { objectFormat } from './object-format.js';
import type { RowFormat } from './row-decoder.js';

/** A feed's format as data. */
export type FormatDescription =
  | { readonly feed: 'copy'; readonly columns: readonly CopyColumn[]; readonly places: readonly number[]; readonly where: string }
  | { readonly feed: 'records' };

/** @param nameOf for `textOf` alone */
export function formatOf(description: FormatDescription, nameOf: (column: number) => string = String): RowFormat {
  return description.feed === 'copy' ? copyFormat(description.columns, description.places, description.where) : objectFormat(nameOf);
}
