import { RevisionConflictError } from './errors.js';
import type { JsonObject } from './ports/json.js';
import type { StateStore } from './ports/state-store.js';

/** Durable progress of a (job, stream). The first three fields are the ones that people know from `checkpoints.json`. */
export interface Checkpoint {
  /** The scheduled time of the last completed run, ISO 8601 UTC. */
  readonly last_sync_timestamp: string;
  /** Records that run delivered to every sink. */
  readonly record_count: number;
  /** When it was written, by the writer's clock. */
  readonly updated_at: string;
  readonly run_id: string;
}

export const checkpointKey = (job: string, streamId: string): string => `checkpoint/${job}/${streamId}`;

/** `undefined` also for one that was emptied: nothing was ever synced then. */
export async function readCheckpoint(state: StateStore, job: string, streamId: string): Promise<Checkpoint | undefined> {
  const value = (await state.get(checkpointKey(job, streamId)))?.value;
  return typeof value?.['last_sync_timestamp'] === 'string' ? (value as unknown as Checkpoint) : undefined;
}

/**
 * Moves a checkpoint forward. It is the last thing that happens to a stream of a run; one that is already further (a late retry of an
 * older run) is left alone. Fields that others keep in the item stay.
 */
export async function moveCheckpoint(state: StateStore, job: string, streamId: string, next: Checkpoint): Promise<Checkpoint> {
  const key = checkpointKey(job, streamId);
  for (;;) {
    const item = await state.get(key);
    const current = item?.value as unknown as Checkpoint | undefined;
    if (current !== undefined && Date.parse(current.last_sync_timestamp) > Date.parse(next.last_sync_timestamp)) return current;
    try {
      await state.put(key, { ...(item?.value ?? {}), ...next } as JsonObject, item?.revision ?? null);
      return next;
    } catch (error) {
      // Someone else moved it in between: what counts is who is further, so look again.
      if (!(error instanceof RevisionConflictError)) throw error;
    }
  }
}
