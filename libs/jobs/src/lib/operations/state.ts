import type { PastState } from '@loadin/checkpoint-store';
import { readSettings, type Environment } from '@loadin/config';
import { checkpointKey, FatalError, isoSecond, systemClock, type Clock, type JsonObject } from '@loadin/pipeline';
import { connect } from '../connect.js';
import { openState } from '../stores.js';

/** Which checkpoint. */
export interface CheckpointName {
  readonly environment: Environment;
  readonly job: string;
  /** As `loadin state show` names it: `ticketmaster.events`. */
  readonly stream: string;
  readonly clock?: Clock;
}

export interface CheckpointChange {
  readonly uri: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject;
  readonly unchanged: boolean;
}

/** A checkpoint and the states that it has had, oldest first; the last one is the current one. Throws `FatalError` when there is none. */
export const showCheckpoint = (
  name: CheckpointName,
): Promise<{ readonly uri: string; readonly value: JsonObject; readonly history: readonly PastState[] }> =>
  withState(name, async ({ state, key }) => {
    const item = await state.get(key);
    if (item === undefined)
      throw new FatalError(`There is no checkpoint of ${name.job} ${name.stream}`, { where: state.uri, hint: 'loadin state show lists them.' });
    return { uri: state.uri, value: item.value, history: await state.history(key) };
  });

/** Sets `field=value` pairs, or what `edit` makes of the whole checkpoint. Refuses what is empty or goes backward unless it is forced. */
export const changeCheckpoint = (
  name: CheckpointName,
  change: readonly string[] | ((current: JsonObject) => Promise<JsonObject>),
  force: boolean,
): Promise<CheckpointChange> =>
  withState(name, async ({ state, key, now }) => {
    const { editCheckpoint, withFields } = await import('@loadin/checkpoint-store');
    const edit = typeof change === 'function' ? change : (current: JsonObject) => withFields(current, change);
    return { uri: state.uri, ...(await editCheckpoint(state, key, edit, { force, now })) };
  });

/** Makes a revision of the history current again. */
export const restoreState = (name: CheckpointName, rev: number, force: boolean): Promise<CheckpointChange> =>
  withState(name, async ({ state, key, now }) => {
    const { restoreCheckpoint } = await import('@loadin/checkpoint-store');
    return { uri: state.uri, ...(await restoreCheckpoint(state, key, rev, { force, now })) };
  });

/** Nothing was ever synced: the next run begins at the beginning. */
export const resetState = (name: CheckpointName): Promise<CheckpointChange> =>
  withState(name, async ({ state, key, now }) => {
    const { resetCheckpoint } = await import('@loadin/checkpoint-store');
    return { uri: state.uri, ...(await resetCheckpoint(state, key, now)) };
  });

interface OpenCheckpoint {
  readonly state: Awaited<ReturnType<typeof openState>>;
  readonly key: string;
  readonly now: string;
}

async function withState<Result>(
  { environment, job, stream, clock = systemClock }: CheckpointName,
  use: (open: OpenCheckpoint) => Promise<Result>,
): Promise<Result> {
  for (const name of [job, stream]) {
    if (name === '' || name.includes('/'))
      throw new FatalError(`"${name}" is no name of a job or a stream`, { hint: 'loadin state show lists them.' });
  }
  const aws = connect(environment);
  try {
    const state = await openState(readSettings(environment, ['state']), aws, true);
    return await use({ state, key: checkpointKey(job, stream), now: isoSecond(clock.now()) });
  } finally {
    await aws.close();
  }
}
