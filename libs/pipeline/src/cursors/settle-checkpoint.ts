import { isDeepStrictEqual } from 'node:util';
import { inSpan } from '@loadin/observability';
import { checkpointKey, moveCheckpoint, readCheckpoint, type Checkpoint } from '../checkpoint.js';
import { RevisionConflictError } from '../errors.js';
import type { Plan, StreamPlan } from '../plan/plan.js';
import type { JsonObject } from '../ports/json.js';
import type { StateStore } from '../ports/state-store.js';
import type { RecordOrder, SlicedStream } from '../ports/stream.js';
import { settle } from './settle.js';
import { storedState, syncState } from './stored.js';
import type { SliceEnd } from './types.js';

export interface CheckpointSettling {
  readonly plan: Plan;
  readonly streamPlan: StreamPlan;
  readonly stream: SlicedStream;
  /** Every slice of the plan, also those that were not begun. */
  readonly slices: readonly SliceEnd[];
  /** Whether all of them are finished. */
  readonly complete: boolean;
  /** Records delivered to every sink. */
  readonly recordCount: number;
  /** ISO 8601 UTC, whole seconds. */
  readonly now: string;
}

/**
 * Where the checkpoint stands after an attempt. That of a full stream moves when the stream is complete; that of an incremental one to what the attempt has
 * reached, complete or not. Repeating it changes nothing. Throws `FatalError` when what is stored can't be a cursor.
 */
export async function settleCheckpoint(state: StateStore, settling: CheckpointSettling): Promise<Checkpoint | null> {
  const { plan, stream, complete } = settling;
  const attributes = { 'loadin.job': plan.job, 'loadin.stream': stream.id, 'loadin.complete': complete };
  return inSpan('loadin.checkpoint', attributes, () => settleOf(state, settling));
}

async function settleOf(state: StateStore, settling: CheckpointSettling): Promise<Checkpoint | null> {
  const { plan, stream, complete, recordCount, now } = settling;
  const cursor = incrementalCursor(stream);
  if (cursor !== undefined) return settleIncremental(state, cursor, settling);
  if (!complete) return (await readCheckpoint(state, plan.job, stream.id)) ?? null;
  const next = { last_sync_timestamp: plan.scheduled_time, record_count: recordCount, updated_at: now, run_id: plan.run_id };
  return moveCheckpoint(state, plan.job, stream.id, next);
}

/** A stream that says how its records follow each other, and is read by it. */
export const incrementalCursor = ({ readMode, cursor }: SlicedStream): RecordOrder | undefined => (readMode === 'incremental' ? cursor : undefined);

async function settleIncremental(state: StateStore, cursor: RecordOrder, settling: CheckpointSettling): Promise<Checkpoint | null> {
  const { plan, streamPlan, stream } = settling;
  const key = checkpointKey(plan.job, stream.id);
  for (;;) {
    const item = await state.get(key);
    const before = syncState(cursor, item?.value, `${state.uri}, ${key}`);
    const after = settle(cursor, before, settling.slices, streamPlan.since ?? null);
    const isMoved = !isDeepStrictEqual({ watermark: before.watermark, intervals: before.intervals }, after);
    // Also a first run that found nothing leaves a checkpoint: it says when that was.
    if (!isMoved && (item !== undefined || !settling.complete)) return (item?.value as unknown as Checkpoint | undefined) ?? null;
    const next = nextCheckpoint(item?.value, storedState(cursor, after), settling);
    try {
      await state.put(key, next as JsonObject, item?.revision ?? null);
      return next as unknown as Checkpoint;
    } catch (error) {
      // Somebody else moved it, or edited it, in between: what is there now counts.
      if (!(error instanceof RevisionConflictError)) throw error;
    }
  }
}

/** Fields that others keep in the item stay. */
function nextCheckpoint(current: JsonObject = {}, stored: ReturnType<typeof storedState>, settling: CheckpointSettling): Record<string, unknown> {
  const { plan, complete, recordCount, now } = settling;
  const others = Object.fromEntries(
    Object.entries(current).filter(([name]) => !['cursor', 'cursor_key', 'intervals', 'intervals_of'].includes(name)),
  );
  const time = current['last_sync_timestamp'] ?? null;
  const synced = !complete || (typeof time === 'string' && Date.parse(time) > Date.parse(plan.scheduled_time)) ? time : plan.scheduled_time;
  return { ...others, last_sync_timestamp: synced, ...stored, record_count: recordCount, updated_at: now, run_id: plan.run_id };
}
