import type { Taken } from '../slices/intake.js';
import type { Cursor } from '../ports/cursor.js';
import type { Json } from '../ports/json.js';
import type { Note, Slice, Stream, StreamCursor } from '../ports/stream.js';
import { cursorOrder, type CursorOrder } from './order.js';
import type { Reached } from './types.js';

/** Watches how far a slice comes while its groups go to the sinks. Gives `undefined` for a stream without a cursor. */
export interface Reach {
  /**
   * After each group of pages, once the letters of its rejected records are written. `accepted`: records of the slice accepted so far, this group's
   * included.
   */
  mark(accepted: number, taken: readonly Taken[]): void;
  /** How far all is safe when of the accepted records the first `acknowledged` are, in every sink, delivered or in the dead letters. */
  reached(acknowledged: number): Reached | undefined;
  /** Once the slice is finished. */
  finished(): Reached | undefined;
  /** What the source's records are like, for the report. */
  notes(): Note[];
}

interface Mark {
  readonly accepted: number;
  readonly cursor: Cursor;
}

/** `saved`: how far an earlier attempt came. */
export function createReach(stream: Pick<Stream, 'cursor' | 'key'>, slice: Slice, saved?: Reached): Reach {
  const { cursor } = stream;
  if (cursor === undefined) return { mark: () => undefined, reached: () => undefined, finished: () => undefined, notes: () => [] };
  return watch({ cursor, key: (raw) => stream.key(raw) }, slice, saved);
}

function watch(stream: { readonly cursor: StreamCursor; key(raw: Json): string | undefined }, slice: Slice, saved?: Reached): Reach {
  const { cursor } = stream;
  const order = cursorOrder(cursor.kinds);
  const changes = createChanges(order, slice);
  let marks: Mark[] = [];
  let safe = saved?.cursor ?? null;
  let highest: Cursor | null = null;
  /** Where records may share a place more of them may follow the latest: only what lies before it is complete. */
  let complete: Cursor | null = null;
  const mayShare = cursor.kinds.length === 1;
  let withoutCursor = 0;
  let isOutOfOrder = saved?.out_of_order ?? false;

  /** Nothing from here on counts as reached: there may be more that was not read yet. */
  const keepBefore = (found: Cursor): void => {
    const edge = edgeOf(found);
    marks = marks.filter((mark) => order.compare(mark.cursor, edge) < 0);
    if (safe !== null && order.compare(safe, edge) > 0) safe = edge;
  };
  const see = ({ raw, intake }: Taken): void => {
    if (intake.kind === 'null_entry') return;
    const found = cursorIn(cursor, order, raw);
    if (found === undefined) {
      withoutCursor += 1;
      return;
    }
    if (highest !== null && order.compare(found, highest) < 0) {
      isOutOfOrder = true;
      keepBefore(found);
    } else if (highest === null || order.compare(found, highest) > 0) {
      complete = mayShare ? highest : found;
      highest = found;
    }
    const key = intake.kind === 'rejected' ? undefined : stream.key(raw);
    if (key !== undefined && changes.see(key, found, intake.kind === 'accepted')) keepBefore(found);
  };

  return {
    mark(accepted, taken) {
      taken.forEach(see);
      // A list that has gone back once may do so again: then only its end says that all was read.
      const going = complete !== null && !isOutOfOrder ? order.earlier(complete, changes.again ?? complete) : undefined;
      if (going !== undefined) marks.push({ accepted, cursor: going });
    },
    reached(acknowledged) {
      const done = marks.filter((mark) => mark.accepted <= acknowledged);
      marks = marks.slice(done.length);
      const last = done.at(-1)?.cursor;
      if (last !== undefined) safe = safe === null ? last : order.later(safe, last);
      return { cursor: safe, ...(cursor.ordered && isOutOfOrder && { out_of_order: true }) };
    },
    finished: () => ({ cursor: highest, ...(changes.again !== undefined && { again: changes.again }) }),
    notes: () => notesOn(cursor.ordered && isOutOfOrder, withoutCursor),
  };
}

/**
 * Finds records that come again, changed, while a slice is read whose end is not known: a run delivers an id once, so the later state is not
 * delivered by it. Where the end is known what changes meanwhile lies beyond it.
 */
function createChanges(order: CursorOrder, { interval }: Slice) {
  const isEndKnown = interval !== undefined && interval.to !== null;
  const first = new Map<string, Cursor>();
  let again: Cursor | undefined;
  return {
    get again(): Cursor | undefined {
      return again;
    },
    /** `true`: it was delivered in an earlier state. */
    see(key: string, cursor: Cursor, isAccepted: boolean): boolean {
      if (isEndKnown) return false;
      if (isAccepted) first.set(key, cursor);
      const known = first.get(key);
      if (isAccepted || known === undefined || order.compare(cursor, known) <= 0) return false;
      const edge = edgeOf(cursor);
      again = again === undefined ? edge : order.earlier(again, edge);
      return true;
    },
  };
}

/** Before all records of its first part. Where that is the only one, the next run reads it again itself. */
const edgeOf = ([first]: Cursor): Cursor => [first];

/** One that can't be read moves nothing, and holds up nothing: the record itself is judged elsewhere. */
function cursorIn(cursor: StreamCursor, order: CursorOrder, raw: Json): Cursor | undefined {
  try {
    const found = cursor.of(raw);
    return order.isCursor(found) ? found : undefined;
  } catch {
    return undefined; // a shape that nobody foresaw: the same as none
  }
}

function notesOn(isOutOfOrder: boolean, withoutCursor: number): Note[] {
  const notes: Note[] = [];
  if (isOutOfOrder) notes.push({ kind: 'drift', message: 'records came out of the order of their cursors: the checkpoint moves when all are read' });
  if (withoutCursor > 0)
    notes.push({ kind: 'drift', message: `${withoutCursor} records have no cursor: once delivered, only a full refresh finds their changes` });
  return notes;
}
