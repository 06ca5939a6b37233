import { cursorOrder, type Cursor, type CursorKind } from '@loadin/pipeline';

export interface Latest {
  see(cursor: Cursor | undefined): void;
  /** The latest that was seen. */
  readonly cursor: Cursor | null;
}

export function latestOf(kinds: readonly [CursorKind, ...CursorKind[]]): Latest {
  const order = cursorOrder(kinds);
  let latest: Cursor | null = null;
  return {
    see(cursor) {
      if (cursor !== undefined && (latest === null || order.compare(cursor, latest) > 0)) latest = cursor;
    },
    get cursor() {
      return latest;
    },
  };
}
