import { FatalError } from '@loadin/resilience';
import type { Cursor, CursorKind } from '../ports/cursor.js';
import { compareRanks, rankOf, type Rank } from './rank.js';

/** The order of a stream's cursors. */
export interface CursorOrder {
  /** Negative when `a` lies before `b`. Throws `FatalError` for what is no cursor of this stream. */
  compare(a: Cursor, b: Cursor): number;
  /** Whether it is one: not empty, no more parts than kinds, each of its kind. */
  isCursor(value: unknown): value is Cursor;
  /** The one that lies later; of two in the same place (a time in two zones) the one that comes first as text, so that it does not matter which came first. */
  later(a: Cursor, b: Cursor): Cursor;
  earlier(a: Cursor, b: Cursor): Cursor;
}

export function cursorOrder(kinds: readonly CursorKind[]): CursorOrder {
  const rank = (part: string, index: number): Rank => {
    const kind = kinds[index];
    const found = kind === undefined ? undefined : rankOf(kind, part);
    if (found === undefined) throw new FatalError(`${JSON.stringify(part)} is no cursor: part ${index + 1} of ${kinds.length} is a ${kind}`);
    return found;
  };
  const compare = (a: Cursor, b: Cursor): number => {
    for (let i = 0; i < a.length && i < b.length; i += 1) {
      const [one = '', other = ''] = [a[i], b[i]];
      if (one === other) continue;
      const order = compareRanks(rank(one, i), rank(other, i));
      if (order !== 0) return order;
    }
    return a.length - b.length;
  };
  const pick = (a: Cursor, b: Cursor, sign: 1 | -1): Cursor => {
    const order = compare(a, b) * sign;
    if (order !== 0) return order > 0 ? a : b;
    return JSON.stringify(a) <= JSON.stringify(b) ? a : b;
  };
  return {
    compare,
    isCursor(value): value is Cursor {
      if (!Array.isArray(value) || value.length === 0 || value.length > kinds.length) return false;
      return value.every((part, i) => typeof part === 'string' && rankOf(kinds[i] ?? 'text', part) !== undefined);
    },
    later: (a, b) => pick(a, b, 1),
    earlier: (a, b) => pick(a, b, -1),
  };
}
