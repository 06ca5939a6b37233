import { cursorOrder, rankOf, type Cursor } from '@loadin/pipeline';
import type { Column, RowBlock } from '@loadin/postgres-source';
import { cursorOf } from './set-plan.js';
import type { BronzeTable } from './types.js';

export interface CursorColumn {
  /** The latest of a block, whose rows come in the order of the cursor, in ISO 8601 or decimal digits; `undefined` for rows that it can't place. */
  see(block: RowBlock): string | undefined;
  /** The latest that was seen. */
  readonly latest: Cursor | null;
}

/** Follows the cursor of a table's rows; `undefined` without one. */
export async function cursorColumn(entity: BronzeTable, columns: readonly Column[]): Promise<CursorColumn | undefined> {
  const { decodeRow } = await import('./postgres-parts.js');
  const { cursorKind = 'time' } = entity;
  const name = cursorOf(entity);
  const place = columns.findIndex((column) => column.name === name);
  if (name === undefined || place < 0) return undefined;
  const order = cursorOrder([cursorKind]);
  let latest: Cursor | null = null;
  return {
    see(block) {
      // In order: the last row has the latest. Those that can't be placed come in blocks of their own.
      const text = isoText(decodeRow(block, block.count - 1)[place] ?? '');
      if (rankOf(cursorKind, text) === undefined) return undefined;
      if (latest === null || order.compare([text], latest) > 0) latest = [text];
      return text;
    },
    get latest() {
      return latest;
    },
  };
}

/** `2024-01-15 10:30:00.12+00` as `2024-01-15T10:30:00.12Z`; numbers, days and anything else stay. */
export const isoText = (text: string): string =>
  text.replace(/^(\d{4}-\d\d-\d\d) (.*?)([+-]00(?::?00)?)?$/, (_, day, time, zone) => `${day}T${time}${zone === undefined ? '' : 'Z'}`);
