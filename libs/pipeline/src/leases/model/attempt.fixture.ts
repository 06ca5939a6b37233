import { FatalError, RetryableError, StopError } from '@loadin/resilience';
import type { Json, Job } from '../../index.js';
import { moveCheckpoint } from '../../checkpoint.js';
import { createListStream, toArtist } from '../../runs/list-stream.fixture.js';
import { ensurePlan } from '../../plan/plan.js';
import { hold } from '../hold.js';
import type { HeldItem, LeaseOptions } from '../types.js';
import type { ModelProcess } from './process.fixture.js';

/** A run of the model: two slices of three batches each. */
export interface ModelRun {
  readonly id: string;
  readonly at: string;
}
export const SLICES = [0, 1] as const;
export const BATCHES = 3;
export const STREAM = 'spotify.artists';
export const runs: readonly ModelRun[] = [
  { id: 'first', at: '2024-11-08T02:00:00Z' },
  { id: 'second', at: '2024-11-08T03:00:00Z' },
];

export interface Delivery {
  readonly by: string;
  readonly run: string;
  readonly slice: number;
  readonly batch: number;
  /** Batches that the stored progress had acknowledged when it was sent. */
  readonly saved: number;
}

export interface AttemptContext {
  readonly process: ModelProcess;
  readonly run: ModelRun;
  /** Plans as they were seen, as JSON. */
  readonly plans: { readonly run: string; readonly plan: string }[];
  readonly deliveries: Delivery[];
  /** Batches that the stored progress of a slice has acknowledged now. */
  readonly savedOf: (key: string) => number;
}

export type Outcome = 'complete' | 'stopped' | 'failed' | 'incomplete';

export const sliceKey = (run: string, slice: number): string => `progress/${run}/${STREAM}/${slice}`;
export const JOB_KEY = 'lease/job/daily';

/** What one process does for a run: it plans, delivers every slice batch by batch, and finishes when all slices are. */
export async function attempt(context: AttemptContext): Promise<Outcome> {
  try {
    await plan(context);
    for (const slice of SLICES) await deliver(context, slice);
    return await finish(context);
  } catch (error) {
    if (error instanceof StopError) return 'stopped';
    if (error instanceof RetryableError) return 'failed';
    throw error;
  }
}

const leasesOf = ({ process: { name, state, clock } }: AttemptContext): LeaseOptions => ({ state, clock, owner: name, lengthMs: 3_000 });

async function holding<Result>(context: AttemptContext, key: string, work: (held: HeldItem) => Promise<Result>): Promise<Result> {
  const held = await hold(leasesOf(context), key);
  try {
    return await work(held);
  } finally {
    await held.release();
  }
}

/** A source that offers every planner something else: only a stored plan makes them agree. */
async function plan(context: AttemptContext): Promise<void> {
  const { process, run, plans } = context;
  const source = createListStream({ slices: [[]] });
  const slices = SLICES.map((ordinal) => ({ ordinal, name: `slice ${ordinal} of ${process.name}`, bounds: {} }));
  const job: Job = {
    name: 'daily',
    streams: [{ stream: { ...source, plan: () => slices }, transform: (raw: Json) => toArtist(raw), sinks: [], schemaVersion: '1' }],
  };
  await holding(context, JOB_KEY, async () => {
    const { plan: seen } = await ensurePlan(job, run.id, run.at, process);
    plans.push({ run: run.id, plan: JSON.stringify(seen) });
  });
}

async function deliver(context: AttemptContext, slice: number): Promise<void> {
  const { process, run, deliveries, savedOf } = context;
  const key = sliceKey(run.id, slice);
  const done = (value: { readonly batches?: unknown } | undefined): true | undefined => (value?.batches === BATCHES ? true : undefined);
  const held = await hold(leasesOf(context), key, { settled: done });
  if (held === true) return;
  try {
    for (let batch = Number(held.current?.['batches'] ?? 0); batch < BATCHES; batch += 1) {
      await held.check();
      await process.step(`send ${key} batch ${batch}`);
      deliveries.push({ by: process.name, run: run.id, slice, batch, saved: savedOf(key) });
      await held.save({ batches: batch + 1 });
    }
  } finally {
    await held.release();
  }
}

async function finish(context: AttemptContext): Promise<Outcome> {
  const { process, run } = context;
  return holding(context, JOB_KEY, async () => {
    for (const slice of SLICES) {
      const item = await process.state.get(sliceKey(run.id, slice));
      if (item?.value['batches'] !== BATCHES) return 'incomplete';
    }
    const next = { last_sync_timestamp: run.at, record_count: SLICES.length * BATCHES, updated_at: run.at, run_id: run.id };
    const moved = await moveCheckpoint(process.state, 'daily', STREAM, next);
    if ((moved.last_sync_timestamp ?? '') < run.at) throw new FatalError('the checkpoint is behind the run');
    return 'complete';
  });
}
