import { checkpointKey } from '../checkpoint.js';
import { containsInterval, contiguousEnd, subtractIntervals } from '../cursors/intervals.js';
import { cursorOrder, type CursorOrder } from '../cursors/order.js';
import { incrementalCursor } from '../cursors/settle-checkpoint.js';
import { knownIntervals } from '../cursors/settle.js';
import { syncState } from '../cursors/stored.js';
import type { SyncState } from '../cursors/types.js';
import type { Cursor, Interval } from '../ports/cursor.js';
import type { JsonObject } from '../ports/json.js';
import type { StateStore } from '../ports/state-store.js';
import type { Note, PlanContext, RecordOrder, Slice, SlicedStream } from '../ports/stream.js';
import type { Survey } from './survey.js';

export interface SlicePlanning {
  readonly job: string;
  readonly scheduledTime: string;
  readonly state: Pick<StateStore, 'uri' | 'get'>;
  readonly fullRefresh: boolean;
  readonly survey: Survey;
}

export interface PlannedSlices {
  readonly slices: readonly Slice[];
  readonly since?: Cursor;
  readonly survey?: JsonObject;
  readonly notes: readonly Note[];
}

/** The slices of a stream; those of an incremental one from its checkpoint on, without what is read already. Those that are left keep their ordinals. */
export async function slicesOf(stream: SlicedStream, planning: SlicePlanning): Promise<PlannedSlices> {
  const { job, scheduledTime, state, fullRefresh } = planning;
  const cursor = incrementalCursor(stream);
  if (cursor === undefined) return cut(stream, { scheduledTime, fullRefresh }, planning);
  if (fullRefresh) return withNotes(stream, cursor, await cut(stream, { scheduledTime, fullRefresh }, planning));
  const key = checkpointKey(job, stream.id);
  const known = syncState(cursor, (await state.get(key))?.value, `${state.uri}, ${key}`);
  const since = known.watermark ?? undefined;
  const planned = await cut(stream, { scheduledTime, fullRefresh, ...(since !== undefined && { since }) }, planning);
  const left = stillToRead(cursorOrder(cursor.kinds), known, planned.slices);
  const notes: Note[] = known.isOfFullRuns
    ? [note(`${stream.id} was read in full until now: its checkpoint is no cursor, so all is read once more`)]
    : [];
  if (planned.slices.length > 0 && left.length === 0)
    notes.push(note(`${stream.id} has been read beyond ${scheduledTime} already: nothing is left to read`));
  return withNotes(stream, cursor, { ...planned, slices: left, notes, ...(since !== undefined && { since }) });
}

async function cut(stream: SlicedStream, context: PlanContext, planning: SlicePlanning): Promise<PlannedSlices> {
  const survey = await planning.survey(stream, context);
  const surveyed = survey !== undefined && { survey };
  return { slices: stream.plan({ ...context, ...surveyed }), ...surveyed, notes: [] };
}

/**
 * Nothing where everything was read already (an old scheduled time), else what is not read by a run that left a gap before it. What joins the watermark is read again
 * together with what is new: nothing was there, and a record may have turned up late.
 */
function stillToRead(order: CursorOrder, known: SyncState, planned: readonly Slice[]): readonly Slice[] {
  const all = knownIntervals(known);
  const without = (done: readonly Interval[]) => planned.filter(({ interval }) => interval === undefined || !containsInterval(order, done, interval));
  const isDone = without(all).length === 0;
  const end = contiguousEnd(order, all, null);
  return isDone ? [] : without(end === undefined ? all : subtractIntervals(order, all, [{ from: null, to: end }]));
}

/** Its checkpoint would stay where it is for ever, run after run. */
function withNotes({ id }: SlicedStream, { ordered }: RecordOrder, planned: PlannedSlices): PlannedSlices {
  if (ordered || planned.slices.every(({ interval }) => interval !== undefined && interval.to !== null)) return planned;
  const message = `${id} gives its records in no order and no end of what is read is known: its checkpoint does not move, and the next run reads the same again`;
  return { ...planned, notes: [...planned.notes, { kind: 'capability', message }] };
}

const note = (message: string): Note => ({ kind: 'skipped', message });
