import { silentLogger, type Logger } from '@loadin/observability';
import { FatalError } from '@loadin/resilience';
import { mapLimit } from '../map-limit.js';
import { slicesOf, type PlannedSlices, type SlicePlanning } from './plan-slices.js';
import { createSurvey } from './survey.js';
import { layoutsOf, type SinkLayouts } from './sink-layouts.js';
import { ingestionId } from '../identity.js';
import type { Job, StreamOfJob } from '../job.js';
import type { JsonObject } from '../ports/json.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { StateStore } from '../ports/state-store.js';
import type { Cursor } from '../ports/cursor.js';
import type { Note, Slice, SlicedStream } from '../ports/stream.js';
import { RevisionConflictError } from '../errors.js';
import { plusSeconds } from '../time.js';

/** What a run fixed before it read anything. Every attempt, on whatever machine, reads this one. */
export interface Plan {
  readonly version: 1;
  readonly run_id: string;
  readonly job: string;
  /** ISO 8601 UTC. */
  readonly scheduled_time: string;
  /** Everything is read again, wherever the checkpoints are. */
  readonly full_refresh?: true;
  readonly streams: readonly StreamPlan[];
}

export interface StreamPlan {
  readonly id: string;
  readonly source: string;
  readonly data_type: string;
  readonly ingestion_id: string;
  /** The second that object names and all timestamps in output carry; no other run has it for this source and data type. */
  readonly second: string;
  readonly slices: readonly Slice[];
  /** Where an incremental stream was to be read from: the checkpoint when this was planned. Absent: from the beginning. */
  readonly since?: Cursor;
  /** What the source was asked before the slices were cut. */
  readonly survey?: JsonObject;
  /** The loader that brings its slices, by name: such a stream has no sinks, and nothing of it is landed. */
  readonly loader?: string;
  /** The run whose load was the last one when this was planned (`Load.after`). */
  readonly loaded_after?: string | null;
  /** How its sinks or its loader lay out what they write, by name; plans of earlier versions lack it. */
  readonly layouts?: SinkLayouts;
  /** What the reader of the report must know of the plan. */
  readonly notes?: readonly Note[];
}

const MAX_SLICES = 1000;
/** Planned side by side: each takes some calls of the state store. */
const STREAMS_AT_ONCE = 8;
/** A claim goes to the next free second; so many runs of one source in one second mean something else is wrong. */
const MAX_CLAIMS = 300;

/** Where all plans lie, job by job. */
export const PLANS = '_loadin/plans/';

export const planKey = (job: string, runId: string): string => `${PLANS}${job}/${runId}.json`;

export interface PlanningContext {
  readonly lake: ObjectStore;
  readonly state: StateStore;
  /** Read everything again; a stored plan must have been made with the same choice. Default: as a stored plan says, else no. */
  readonly fullRefresh?: boolean;
  /** For streams that ask their source before they are planned. Default: never aborted. */
  readonly signal?: AbortSignal;
  /** Silent by default. */
  readonly logger?: Logger;
  /** Asked before a stream is planned anew; may move its checkpoint. Default: there is nothing to ask. */
  readonly loadsBefore?: (jobStream: StreamOfJob) => Promise<LoadsBefore | undefined>;
}

/** What a plan has to know of the loads before it. */
export interface LoadsBefore {
  readonly after: string | null;
  readonly notes: readonly Note[];
}

/**
 * The stored plan of this run, or a new one, stored conditionally: of two planners one wins and both use the winner's. Whoever calls it holds the job's lease, so that
 * the checkpoints it goes by are not moved meanwhile. Throws `FatalError` when the stored plan was made with another choice of `fullRefresh`.
 */
export async function ensurePlan(
  job: Job,
  runId: string,
  scheduledTime: string,
  { lake, state, fullRefresh, signal = new AbortController().signal, logger = silentLogger, loadsBefore = async () => undefined }: PlanningContext,
): Promise<{ plan: Plan; created: boolean }> {
  const key = planKey(job.name, runId);
  const stored = await lake.get(key);
  if (stored !== undefined) return { plan: sameChoice(parsePlan(stored, key), fullRefresh), created: false };
  const before = await mapLimit(job.streams, STREAMS_AT_ONCE, loadsBefore);
  const survey = createSurvey({ signal, logger });
  const planning: StreamPlanning = { job: job.name, runId, scheduledTime, state, fullRefresh: fullRefresh ?? false, survey };
  // All of them before anything is written: a plan that can't be made leaves nothing behind.
  const slices = await mapLimit(job.streams, STREAMS_AT_ONCE, ({ stream }) => boundedSlices(stream, planning));
  const planned = job.streams.map((jobStream, index) => ({ jobStream, slices: slices[index] as PlannedSlices, before: before[index] }));
  const streams = await mapLimit(planned, STREAMS_AT_ONCE, (one) => planStream(one, planning));
  const refresh = planning.fullRefresh ? ({ full_refresh: true } as const) : {};
  const plan: Plan = { version: 1, run_id: runId, job: job.name, scheduled_time: scheduledTime, ...refresh, streams };
  const { created } = await lake.putIfAbsent(key, Buffer.from(`${JSON.stringify(plan)}\n`), { contentType: 'application/json' });
  if (created) return { plan, created };
  const winner = await lake.get(key);
  if (winner === undefined) throw new FatalError('the plan of this run disappeared while it was read', { where: `${lake.uri}/${key}` });
  return { plan: sameChoice(parsePlan(winner, key), fullRefresh), created: false };
}

/** What a run reads is fixed by its plan: another choice would be another run. */
function sameChoice(plan: Plan, fullRefresh: boolean | undefined): Plan {
  const planned = plan.full_refresh ?? false;
  if (fullRefresh === undefined || fullRefresh === planned) return plan;
  throw new FatalError(
    `this run was planned ${planned ? 'to read everything again' : 'to read on from the checkpoints'}, and that can't be changed`,
    {
      where: `run ${plan.run_id} of ${plan.scheduled_time}`,
      hint: `Finish it ${planned ? 'with' : 'without'} --full-refresh, or make a new one (another time; --again for a manual run).`,
    },
  );
}

interface StreamPlanning extends SlicePlanning {
  readonly state: StateStore;
  readonly runId: string;
}

async function boundedSlices(stream: SlicedStream, planning: StreamPlanning): Promise<PlannedSlices> {
  const planned = await slicesOf(stream, planning);
  if (planned.slices.length > MAX_SLICES) {
    throw new FatalError(`${stream.id} would have ${planned.slices.length} slices; a stream can have ${MAX_SLICES}`, {
      hint: 'Split its selection over several jobs.',
    });
  }
  return planned;
}

async function planStream(
  {
    jobStream,
    slices: { slices, since, survey, notes: ofSlices },
    before,
  }: { jobStream: StreamOfJob; slices: PlannedSlices; before: LoadsBefore | undefined },
  { runId, scheduledTime, state }: StreamPlanning,
): Promise<StreamPlan> {
  const { stream } = jobStream;
  const notes = [...(before?.notes ?? []), ...ofSlices];
  const second = await claimSecond(stream, runId, scheduledTime, state);
  return {
    id: stream.id,
    source: stream.source,
    data_type: stream.dataType,
    ingestion_id: ingestionId(runId, stream.id),
    second,
    slices,
    ...(since !== undefined && { since }),
    ...(survey !== undefined && { survey }),
    ...(jobStream.loader !== undefined && { loader: jobStream.loader.name }),
    ...(before !== undefined && { loaded_after: before.after }),
    layouts: layoutsOf(jobStream),
    ...(notes.length > 0 && { notes }),
  };
}

/** Object names carry the second: when another run has it for this source and data type, the next free one is taken. */
async function claimSecond(stream: SlicedStream, runId: string, scheduledTime: string, state: StateStore): Promise<string> {
  for (let offset = 0; offset < MAX_CLAIMS; offset += 1) {
    const second = plusSeconds(scheduledTime, offset);
    const key = `claim/${stream.source}/${stream.dataType}/${second}`;
    const holder = (await state.get(key))?.value['run_id'] ?? (await tryClaim(state, key, runId));
    if (holder === runId) return second;
  }
  throw new FatalError(`no free second within ${MAX_CLAIMS} s after ${scheduledTime} for ${stream.id}`, {
    where: state.uri,
    hint: 'Choose another time for one of the jobs.',
  });
}

async function tryClaim(state: StateStore, key: string, runId: string): Promise<unknown> {
  try {
    await state.put(key, { run_id: runId }, null);
    return runId;
  } catch (error) {
    if (!(error instanceof RevisionConflictError)) throw error;
    return (await state.get(key))?.value['run_id'];
  }
}

export function parsePlan(bytes: Uint8Array, key: string): Plan {
  const plan = JSON.parse(Buffer.from(bytes).toString('utf8')) as Plan;
  if (plan.version !== 1)
    throw new FatalError('this plan was written by another version of Loadin', {
      where: key,
      hint: 'Finish the run with that version, or start a new one with --again.',
    });
  return plan;
}
