import { rankOf, type Cursor } from '@loadin/pipeline';
import type { Column, RowBlock } from '@loadin/postgres-source';
import type { BronzeTable } from './types.js';

export interface CursorColumn {
  /** Rows come in the order of the cursor; those that it can't place before all others. */
  see(block: RowBlock): void;
  /** The latest that was seen, in ISO 8601 or decimal digits. */
  readonly latest: Cursor | null;
}

/** Follows the cursor of a table's rows; `undefined` without one. */
export async function cursorColumn({ cursor, cursorKind = 'time' }: BronzeTable, columns: readonly Column[]): Promise<CursorColumn | undefined> {
  const { decodeRow } = await import('./postgres-parts.js');
  const place = columns.findIndex(({ name }) => name === cursor);
  if (place < 0) return undefined;
  let latest: Cursor | null = null;
  return {
    see(block) {
      // In order: the last row has the latest, unless it can't be placed, which those that follow will be.
      const text = isoText(decodeRow(block, block.count - 1)[place] ?? '');
      if (rankOf(cursorKind, text) !== undefined) latest = [text];
    },
    get latest() {
      return latest;
    },
  };
}

/** `2024-01-15 10:30:00.12+00` as `2024-01-15T10:30:00.12Z`; anything else stays. */
export const isoText = (text: string): string =>
  text.replace(/^(\d{4,}-\d\d-\d\d) /, '$1T').replace(/[+-]00(?::?00)?$/, (zone) => (text.includes(':') ? 'Z' : zone));
