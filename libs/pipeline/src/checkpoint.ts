import { RevisionConflictError } from './errors.js';
import type { Cursor, Interval } from './ports/cursor.js';
import type { JsonObject } from './ports/json.js';
import type { StateStore } from './ports/state-store.js';

/** Durable progress of a (job, stream). The first three fields are the ones that people know from `checkpoints.json`. */
export interface Checkpoint {
  /**
   * ISO 8601 UTC: the scheduled time of the last completed run. Of an incremental stream whose cursor begins with a time: that time, with all its digits;
   * `null` while it has never given a record.
   */
  readonly last_sync_timestamp: string | null;
  /** Records that run delivered to every sink. */
  readonly record_count: number;
  /** When it was written, by the writer's clock. */
  readonly updated_at: string;
  readonly run_id: string;
  /** Incremental streams: the first part of the cursor from which the next run reads on, as the source writes it; `null`: from the beginning. */
  readonly cursor?: string | null;
  /** The other parts of the cursor. Without it all records of the first part are read again. */
  readonly cursor_key?: readonly string[];
  /** What has been read beyond the cursor already. */
  readonly intervals?: readonly Interval[];
  /** The cursor that `intervals` were written with: with another they don't count. */
  readonly intervals_of?: Cursor | null;
}

export const checkpointKey = (job: string, streamId: string): string => `checkpoint/${job}/${streamId}`;

/** `undefined` also for one that was emptied: nothing was ever synced then. */
export async function readCheckpoint(state: StateStore, job: string, streamId: string): Promise<Checkpoint | undefined> {
  const value = (await state.get(checkpointKey(job, streamId)))?.value;
  return typeof value?.['last_sync_timestamp'] === 'string' ? (value as unknown as Checkpoint) : undefined;
}

/**
 * Moves the checkpoint of a stream that is read in full. It is the last thing that happens to a stream of a run; one that is already further (a late retry of an
 * older run) is left alone. Fields that others keep in the item stay.
 */
export async function moveCheckpoint(state: StateStore, job: string, streamId: string, next: Checkpoint): Promise<Checkpoint> {
  const key = checkpointKey(job, streamId);
  for (;;) {
    const item = await state.get(key);
    const current = item?.value as unknown as Checkpoint | undefined;
    if (isFurther(current?.last_sync_timestamp, next.last_sync_timestamp)) return current as Checkpoint;
    try {
      await state.put(key, { ...(item?.value ?? {}), ...next } as unknown as JsonObject, item?.revision ?? null);
      return next;
    } catch (error) {
      // Someone else moved it in between: what counts is who is further, so look again.
      if (!(error instanceof RevisionConflictError)) throw error;
    }
  }
}

const isFurther = (one: string | null | undefined, other: string | null): boolean =>
  typeof one === 'string' && typeof other === 'string' && Date.parse(one) > Date.parse(other);
