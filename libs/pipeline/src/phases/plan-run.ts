import { inSpan } from '@loadin/observability';
import { FatalError } from '@loadin/resilience';
import { settleBefore } from '../loads/earlier-load.js';
import { ensurePlan, type Plan } from '../plan/plan.js';
import { checkLayouts } from '../plan/sink-layouts.js';
import { readReport, reportKey, type RunReport } from '../report/report.js';
import { beginAttempt, findRun, type FoundRun, type RunRequest } from '../runs/run-record.js';
import type { StreamOfJob } from '../job.js';
import { holdJob } from './hold-job.js';
import { plannedStreams, type PlannedStream } from './planned-streams.js';
import { openPhase, type Phase, type PhaseOptions } from './phase-options.js';
import { scheduledFor } from './scheduled-for.js';

export interface PlanRunOptions extends PhaseOptions {
  /** `job.streams` holds these alone already; given so that the run has an id of its own. Default: all streams of the job. */
  readonly only?: readonly string[];
  /** The scheduled time, ISO 8601 with a zone. Default: a manual run. */
  readonly at?: string;
  /** Make a new run although this one is complete. Default false. */
  readonly again?: boolean;
  /** Incremental streams are read from the beginning. Default false. */
  readonly fullRefresh?: boolean;
}

/** A run that is to be worked on, or one that is complete already. */
export interface PlannedRun {
  readonly run_id: string;
  readonly job: string;
  readonly scheduled_time: string;
  /** How many attempts there have been, with this one; 0 when the run was complete before. */
  readonly attempt: number;
  /** Slices that may be worked on at the same time, wave after wave: those of a later one read what an earlier one lands. Empty when the run is complete. */
  readonly waves: readonly (readonly PlannedSlice[])[];
  /** Of a run that is complete. */
  readonly report?: RunReport;
}

export interface PlannedSlice {
  readonly stream: string;
  /** Its ordinal. */
  readonly slice: number;
  /** For people. */
  readonly name: string;
}

/**
 * The first phase of a run: fixes what is to be read, and counts an attempt, while it holds the job's lease. Throws `FatalError` (configuration: nothing is read
 * yet) and `StopError` (another process is planning or finishing a run of this job).
 */
export async function planRun(options: PlanRunOptions): Promise<PlannedRun> {
  const begun = await beginRun(openPhase(options), options);
  await begun.released;
  if ('report' in begun) {
    const { run_id, job, scheduled_time } = begun.report;
    return { run_id, job, scheduled_time, attempt: 0, waves: [], report: begun.report };
  }
  const { run_id, job, scheduled_time } = begun.plan;
  return { run_id, job, scheduled_time, attempt: begun.attempt, waves: wavesOf(begun.streams) };
}

type Begun =
  | { readonly report: RunReport }
  | {
      readonly plan: Plan;
      readonly streams: readonly PlannedStream[];
      readonly found: FoundRun;
      readonly attempt: number;
      readonly resumed: boolean;
    };

/** Slices need not wait until the job is given back (`released`), but the process must. */
export type BegunRun = Begun & { readonly released: Promise<void> };

export async function beginRun(phase: Phase, options: PlanRunOptions): Promise<BegunRun> {
  return inSpan('loadin.plan', { 'loadin.job': phase.job.name }, async (span) => {
    const begun = await begin(phase, options);
    if ('plan' in begun) span.set({ 'loadin.run_id': begun.plan.run_id, 'loadin.attempt': begun.attempt, 'loadin.resumed': begun.resumed });
    return begun;
  });
}

async function begin(phase: Phase, { at, only, again, fullRefresh }: PlanRunOptions): Promise<BegunRun> {
  const { job, clock, state } = phase;
  const began = clock.now();
  const request: RunRequest = { job: job.name, only, at: at === undefined ? undefined : scheduledFor(at, began), again };
  const complete = await completed(await findRun(state, request, began), phase);
  if (complete !== undefined) return { report: complete, released: Promise.resolve() };
  const held = await holdJob(phase);
  try {
    const begun = await plan(phase, request, began, fullRefresh ?? false, () => held.check());
    return { ...begun, released: held.release() };
  } catch (error) {
    await held.release();
    throw error;
  }
}

async function plan(phase: Phase, request: RunRequest, began: number, fullRefresh: boolean, check: () => Promise<void>): Promise<Begun> {
  const { job, lake, state, clock, observe, signal } = phase;
  // What was so before the lease may not be so any more.
  const found = await findRun(state, request, clock.now());
  const complete = await completed(found, phase);
  if (complete !== undefined) return { report: complete };
  const { logger: planningLogger } = phase;
  const loadsBefore = (jobStream: StreamOfJob) =>
    settleBefore(job.name, jobStream, { lake, state, now: clock.now(), signal, logger: planningLogger });
  const planning = { lake, state, fullRefresh, signal, logger: planningLogger, loadsBefore };
  const { plan: made, created } = await ensurePlan(job, found.record.run_id, found.record.scheduled_time, planning);
  const streams = plannedStreams(job, made);
  for (const { jobStream, streamPlan } of streams) if (!created) await checkLayouts(state, made.run_id, jobStream, streamPlan);
  await check();
  const attempt = await beginAttempt(state, request, found, began, clock.now());
  const { record } = attempt;
  observe({ type: 'planned', plan: made, resumed: !created, attempt: record.attempts });
  const logger = phase.logger.child({ run_id: made.run_id, attempt: record.attempts });
  logger.info(`Starting: ${job.name}`, { scheduled_time: made.scheduled_time, resumed: !created });
  return { plan: made, streams, found: attempt, attempt: record.attempts, resumed: !created };
}

/** The report of a run that is complete; `undefined` while there is something to do. */
export async function completed({ record }: FoundRun, { job, lake }: Phase): Promise<RunReport | undefined> {
  if (record.status !== 'complete') return undefined;
  const report = await readReport(lake, job.name, record.run_id);
  if (report === undefined) {
    throw new FatalError('this run is complete, but its report is not in the lake', {
      where: `${lake.uri}/${reportKey(job.name, record.run_id)}`,
      hint: 'Check the bucket setting, or make a new run with --again.',
    });
  }
  // A copy that had failed, and slept before it stored its report, has put it over the complete one: all is done, so the run is finished anew.
  return report.status === 'complete' ? { ...report, already_complete: true } : undefined;
}

function wavesOf(streams: readonly PlannedStream[]): PlannedSlice[][] {
  const waves: PlannedSlice[][] = [];
  for (const { streamPlan, wave } of streams) {
    while (waves.length <= wave) waves.push([]);
    for (const { ordinal, name } of streamPlan.slices) waves[wave]?.push({ stream: streamPlan.id, slice: ordinal, name });
  }
  return waves.filter(({ length }) => length > 0);
}
