import type { StreamPlan } from '../../plan/plan.js';
import type { SliceAddress } from '../../ports/sink.js';
import { streamReplayKey } from '../../replay/replay-record.js';
import { readRunRecord } from '../../runs/run-record.js';
import { readPlan } from '../show-run.js';
import type { Stores } from '../stores.js';
import type { SliceOfRun } from './manifest.js';
import type { OpenLetter } from './types.js';

/** The stream of a run that letters are of. */
export interface StreamOfRun {
  readonly job: string;
  readonly runId: string;
  readonly stream: StreamPlan;
  /** Revision of the state item of the stream's replays; `null` when it has none. */
  readonly replays: string | null;
}

/** The run's plan of the stream, or why its letters can't be retried now. */
export async function streamOfRun(runId: string, streamId: string, { lake, state }: Stores): Promise<StreamOfRun | string> {
  const run = await readRunRecord(state, runId);
  if (run === undefined) return `the state store does not know the run ${runId}`;
  const stream = (await readPlan(lake, run.job, runId))?.streams.find(({ id }) => id === streamId);
  // A run that goes on may still read a good copy of the record, and deliver it.
  if (run.status !== 'complete')
    return `its run is not complete (${run.status}): run it to its end first, with loadin run ${run.job} --at ${run.scheduled_time}`;
  const replayed = await state.get(streamReplayKey(runId, streamId));
  if (replayed?.value['status'] === 'running') return 'a replay of its run has begun and not ended: run that to its end first';
  if (stream === undefined) return 'the plan of its run is gone';
  return { job: run.job, runId, stream, replays: replayed?.revision ?? null };
}

/** Why a letter of a load can't be retried. It says by itself what it is, whatever the entity has become since. */
export const whyNotLater = ({ letter: { sinks, stream }, job }: OpenLetter): string =>
  `${sinks.join(', ')} commits ${stream} as a whole and adds no single row later: mend the row at its source, or what it was rejected for; the next run that reads it brings it (loadin run ${job ?? 'JOB'} --full-refresh reads all)`;

export function addressIn({ runId, stream }: StreamOfRun, sliceOrdinal: number): SliceAddress {
  const { source, data_type: dataType, second, ingestion_id: ingestionId } = stream;
  return { runId, ingestionId, source, dataType, sliceOrdinal, second };
}

export const sliceIn = ({ job, runId, stream }: StreamOfRun, slice: number): SliceOfRun => ({ job, runId, stream: stream.id, slice });
