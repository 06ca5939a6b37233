import { FatalError } from '@loadin/resilience';
import { isDeepStrictEqual } from 'node:util';
import type { Checkpoint } from '../checkpoint.js';
import type { Cursor, Interval } from '../ports/cursor.js';
import type { Json, JsonObject } from '../ports/json.js';
import type { RecordOrder } from '../ports/stream.js';
import { mergeIntervals } from './intervals.js';
import { cursorOrder, type CursorOrder } from './order.js';
import { compareRanks, rankOf, utcText } from './rank.js';
import { nothingSynced } from './settle.js';
import type { SyncState } from './types.js';

/** The fields of a checkpoint that say how far an incremental stream is. */
export type StoredCursor = Pick<Checkpoint, 'cursor' | 'cursor_key' | 'intervals' | 'intervals_of'>;

export interface ReadState extends SyncState {
  /** Set when the checkpoint says a time and none that a cursor can be made of: the stream was read in full until now. */
  readonly isOfFullRuns?: true;
}

const HINT = 'Correct it with loadin state edit, bring an earlier one back with state restore, or begin anew with state reset.';

/**
 * Reads them. Where the cursor begins with a time, `last_sync_timestamp` is what counts, because people edit it: when it says another time than `cursor`, the
 * rest of the cursor is not of it, and all records of that time are read again. Intervals count only with the cursor that they were written with. Throws
 * `FatalError` for what can't be a cursor of this stream.
 */
export function syncState(stream: RecordOrder, checkpoint: JsonObject | undefined, where: string): ReadState {
  if (checkpoint === undefined) return nothingSynced;
  const order = cursorOrder(stream.kinds);
  const { last_sync_timestamp: time, cursor, run_id: run } = checkpoint;
  const byTime = stream.kinds[0] === 'time';
  if (byTime && typeof time === 'string' && cursor === undefined && typeof run === 'string') return { ...nothingSynced, isOfFullRuns: true };
  const first = byTime ? time : cursor;
  if (first === undefined || first === null) return { watermark: null, intervals: intervalsOf(checkpoint, order, null) };
  const isEdited = byTime && !isSameTime(time, cursor);
  const watermark = isEdited ? [first] : [cursor ?? first, ...keyOf(checkpoint)];
  const texts = watermark.map((part) => (typeof part === 'number' ? String(part) : part));
  if (order.isCursor(texts)) return { watermark: texts, intervals: intervalsOf(checkpoint, order, texts) };
  throw new FatalError(
    `The checkpoint has the cursor ${JSON.stringify(watermark)}; what is read by ${stream.kinds.join(' and ')} can't go on there`,
    {
      where,
      hint: HINT,
    },
  );
}

/** Writes them, and what `last_sync_timestamp` says for it; `undefined` where the cursor is no time. */
export function storedState(
  stream: RecordOrder,
  { watermark, intervals }: SyncState,
): StoredCursor & { readonly last_sync_timestamp?: string | null } {
  const [first = null, ...key] = watermark ?? [];
  return {
    ...(stream.kinds[0] === 'time' && { last_sync_timestamp: first === null ? null : (utcText(first) ?? null) }),
    cursor: first,
    ...(key.length > 0 && { cursor_key: key }),
    ...(intervals.length > 0 && { intervals, intervals_of: watermark }),
  };
}

const isSameTime = (a: Json | undefined, b: Json | undefined): boolean => {
  const [one, other] = [a, b].map((text) => (typeof text === 'string' ? rankOf('time', text) : undefined));
  return one !== undefined && other !== undefined && compareRanks(one, other) === 0;
};

function keyOf({ cursor_key: key }: JsonObject): readonly Json[] {
  if (key === undefined || key === null) return [];
  return Array.isArray(key) ? key : [key];
}

function intervalsOf({ intervals, intervals_of: of = null }: JsonObject, order: CursorOrder, watermark: Cursor | null): readonly Interval[] {
  if (!Array.isArray(intervals) || !isDeepStrictEqual(of, watermark)) return [];
  const isEnd = (value: unknown): boolean => value === null || order.isCursor(value);
  const known = (intervals as readonly unknown[]).filter((each): each is Interval => {
    const { from, to } = (each ?? {}) as Partial<Interval>;
    return isEnd(from) && to !== null && isEnd(to);
  });
  // One that can't be read is left out: then what it says is read again.
  return mergeIntervals(order, known);
}
