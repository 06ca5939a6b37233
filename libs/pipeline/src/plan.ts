import { FatalError } from '@loadin/resilience';
import { ingestionId } from './identity.js';
import type { Job } from './job.js';
import type { ObjectStore } from './ports/object-store.js';
import type { StateStore } from './ports/state-store.js';
import type { Slice, Stream } from './ports/stream.js';
import { RevisionConflictError } from './errors.js';
import { plusSeconds } from './time.js';

/** What a run fixed before it read anything. Every attempt, on whatever machine, reads this one. */
export interface Plan {
  readonly version: 1;
  readonly run_id: string;
  readonly job: string;
  /** ISO 8601 UTC. */
  readonly scheduled_time: string;
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
}

const MAX_SLICES = 1000;
/** A claim goes to the next free second; so many runs of one source in one second mean something else is wrong. */
const MAX_CLAIMS = 300;

/** Where all plans lie, job by job. */
export const PLANS = '_loadin/plans/';

export const planKey = (job: string, runId: string): string => `${PLANS}${job}/${runId}.json`;

export interface PlanningContext {
  readonly lake: ObjectStore;
  readonly state: StateStore;
}

/** The stored plan of this run, or a new one, stored conditionally: of two planners one wins and both use the winner's. */
export async function ensurePlan(
  job: Job,
  runId: string,
  scheduledTime: string,
  { lake, state }: PlanningContext,
): Promise<{ plan: Plan; created: boolean }> {
  const key = planKey(job.name, runId);
  const stored = await lake.get(key);
  if (stored !== undefined) return { plan: parsePlan(stored, key), created: false };
  const streams: StreamPlan[] = [];
  for (const { stream } of job.streams) streams.push(await planStream(stream, runId, scheduledTime, state));
  const plan: Plan = { version: 1, run_id: runId, job: job.name, scheduled_time: scheduledTime, streams };
  const { created } = await lake.putIfAbsent(key, Buffer.from(`${JSON.stringify(plan)}\n`), { contentType: 'application/json' });
  if (created) return { plan, created };
  const winner = await lake.get(key);
  if (winner === undefined) throw new FatalError('the plan of this run disappeared while it was read', { where: `${lake.uri}/${key}` });
  return { plan: parsePlan(winner, key), created: false };
}

async function planStream(stream: Stream, runId: string, scheduledTime: string, state: StateStore): Promise<StreamPlan> {
  const slices = stream.plan({ scheduledTime });
  if (slices.length > MAX_SLICES) {
    throw new FatalError(`${stream.id} would have ${slices.length} slices; a stream can have ${MAX_SLICES}`, {
      hint: 'Split its selection over several jobs.',
    });
  }
  const second = await claimSecond(stream, runId, scheduledTime, state);
  return { id: stream.id, source: stream.source, data_type: stream.dataType, ingestion_id: ingestionId(runId, stream.id), second, slices };
}

/** Object names carry the second: when another run has it for this source and data type, the next free one is taken. */
async function claimSecond(stream: Stream, runId: string, scheduledTime: string, state: StateStore): Promise<string> {
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
