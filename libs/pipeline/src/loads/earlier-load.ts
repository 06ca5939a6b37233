import { settleCheckpoint } from '../cursors/settle-checkpoint.js';
import type { LoadedStream, StreamOfJob } from '../job.js';
import { parsePlan, planKey, type LoadsBefore } from '../plan/plan.js';
import type { LastLoad, LoadsOf } from '../ports/loader.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { StateStore } from '../ports/state-store.js';
import type { Note } from '../ports/stream.js';
import { faultOfCursor, reachedByLoad } from '../slices/loaded.js';
import { isoSecond } from '../time.js';

export interface EarlierStores {
  readonly lake: ObjectStore;
  readonly state: StateStore;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Moves the checkpoint by the last load of a stream, when the run that has committed it did not come to that: as that run would have, by its own plan. Two may do so at once, and
 * it may be repeated. Gives what the reader of the next report must know.
 */
export async function settleLastLoad(of: LoadsOf, jobStream: LoadedStream, last: LastLoad, { lake, state, now }: EarlierStores): Promise<Note[]> {
  const { runId, open } = last;
  if (runId === null || open === undefined) return [];
  const key = planKey(of.job, runId);
  const stored = await lake.get(key);
  const plan = stored && parsePlan(stored, key);
  const streamPlan = plan?.streams.find(({ id }) => id === of.stream);
  const notes: Note[] = [];
  if (plan === undefined || streamPlan === undefined)
    notes.push(isOpen(of, runId, 'its plan is gone, so its checkpoint can not be moved: what it has brought comes again'));
  else if (faultOfCursor(open, jobStream.stream) !== undefined)
    notes.push(isOpen(of, runId, 'it was read by another cursor, so its checkpoint can not be moved: what it has brought comes again'));
  else
    await settleCheckpoint(state, {
      plan,
      streamPlan,
      stream: jobStream.stream,
      slices: streamPlan.slices.map((slice) => {
        const reached = reachedByLoad(jobStream, slice, open);
        return { slice, finished: slice.ordinal === 0, ...(slice.ordinal === 0 && reached && { reached }) };
      }),
      complete: streamPlan.slices.length === 1,
      recordCount: open.read - open.deduplicated - open.rejected,
      now: isoSecond(now),
    });
  await jobStream.loader.history?.settled(of, runId);
  return notes;
}

const isOpen = ({ stream }: LoadsOf, runId: string, why: string): Note => ({
  kind: 'skipped',
  message: `The run ${runId} has committed ${stream} and was not ended; ${why}`,
});

/** Before a stream is planned: whatever an earlier run has committed of it can be seen, and its checkpoint has moved. `undefined` for streams without such a history. */
export async function settleBefore(
  job: string,
  jobStream: StreamOfJob,
  { signal, logger, ...stores }: EarlierStores & Parameters<NonNullable<LoadedStream['loader']['history']>['last']>[1],
): Promise<LoadsBefore | undefined> {
  if (jobStream.loader === undefined || jobStream.loader.history === undefined) return undefined;
  const of = loadsOf(job, jobStream);
  const last = await jobStream.loader.history.last(of, { signal, logger });
  return { after: last.runId, notes: [...last.notes, ...(await settleLastLoad(of, jobStream, last, stores))] };
}

export const loadsOf = (job: string, { stream }: Pick<StreamOfJob, 'stream'>): LoadsOf => ({ job, stream: stream.id, dataType: stream.dataType });
