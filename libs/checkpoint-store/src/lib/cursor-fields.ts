import { compareRanks, rankOf, utcText, type CursorKind, type JsonObject } from '@loadin/pipeline';
import { isDeepStrictEqual } from 'node:util';
import { CURSOR_KEY } from './checkpoint-value.js';

/** The first part of the cursor of an incremental stream, as its source writes it. */
const CURSOR = 'cursor';
const TIME = 'last_sync_timestamp';
const INTERVALS = ['intervals', 'intervals_of'];

/**
 * An edited checkpoint with the fields of its cursor fitting together, as far as the edit did not give them itself: `last_sync_timestamp` and the cursor it stands for
 * say the same time; the key part is of the cursor that was there, and so is what is known beyond it; and what no run has left so is no run's.
 */
export function withFittingCursor(before: JsonObject, after: JsonObject): JsonObject {
  const isGiven = (field: string): boolean => !isDeepStrictEqual(before[field], after[field]);
  const changed: Record<string, JsonObject[string] | undefined> = { ...after };
  if (isTimeOf(before)) {
    const time = after[CURSOR];
    if (isGiven(TIME) && !isGiven(CURSOR)) changed[CURSOR] = after[TIME] ?? null;
    else if (isGiven(CURSOR) && !isGiven(TIME)) changed[TIME] = typeof time === 'string' ? (utcText(time) ?? time) : null;
  }
  if (changed[TIME] === before[TIME] && changed[CURSOR] === before[CURSOR]) return after;
  for (const field of [CURSOR_KEY, ...INTERVALS]) if (!isGiven(field)) changed[field] = undefined;
  // A time that a run has left and that is no cursor counts for streams that are read in full; this one is somebody's, and counts.
  if (before[CURSOR] === undefined && !isGiven('run_id')) changed['run_id'] = undefined;
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Whether `last_sync_timestamp` is the cursor's time. */
function isTimeOf({ [TIME]: time, [CURSOR]: cursor }: JsonObject): boolean {
  return typeof time === 'string' && typeof cursor === 'string' && compare('time', time, cursor) === 0;
}

/** What would be read again after such an edit; `undefined`: nothing. */
export function lossOf(before: JsonObject | null, after: JsonObject): string | undefined {
  const cursor = before?.[CURSOR];
  // Another cursor than a time is not what `last_sync_timestamp` says.
  const field = typeof cursor === 'string' && rankOf('time', cursor) === undefined ? CURSOR : TIME;
  const [from, to] = [before?.[field], after[field]];
  if (typeof to !== 'string' && typeof to !== 'number') return 'The checkpoint would be empty: everything would be read again';
  // A time that somebody has made impossible says nothing of what was read.
  if (typeof from !== 'string' || (field === TIME && rankOf('time', from) === undefined)) return undefined;
  if (!isBackward(from, String(to))) return undefined;
  return `The checkpoint would go backward, from ${from} to ${to}: what lies between would be read again`;
}

/** By the kind that both of them are. */
function isBackward(from: string, to: string): boolean {
  for (const kind of ['number', 'time', 'text'] as const) {
    const order = compare(kind, to, from);
    if (order !== undefined) return order < 0;
  }
  return false;
}

function compare(kind: CursorKind, a: string, b: string): number | undefined {
  const [one, other] = [rankOf(kind, a), rankOf(kind, b)];
  return one === undefined || other === undefined ? undefined : compareRanks(one, other);
}
