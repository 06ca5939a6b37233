import { copyFormat, type CopyColumn } from './copy-format.js';
import { objectFormat } from './object-format.js';
import type { RowFormat } from './row-decoder.js';
import type { Shape } from './shapes.js';

/** A feed's format as data. */
export type FormatDescription =
  | { readonly feed: 'copy'; readonly columns: readonly CopyColumn[]; readonly places: readonly number[]; readonly where: string }
  /** Shapes are added while records come. */
  | { readonly feed: 'records'; readonly shapes: Shape[] };

export function formatOf(description: FormatDescription): RowFormat {
  return description.feed === 'copy' ? copyFormat(description.columns, description.places, description.where) : objectFormat(description.shapes);
}
