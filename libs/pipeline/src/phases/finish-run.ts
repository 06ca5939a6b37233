import { inSpan, type LogFields } from '@loadin/observability';
import { FatalError, StopError } from '@loadin/resilience';
import { isHeld, tryHold } from '../leases/try-hold.js';
import type { HeldItem } from '../leases/types.js';
import { parsePlan, planKey, type Plan } from '../plan/plan.js';
import { addLedgers } from '../report/ledger.js';
import { noteReport } from '../report/note-report.js';
import { ENDED, reportKey, type RunReport, storeReport } from '../report/report.js';
import { endAttempt, readRun, type FoundRun } from '../runs/run-record.js';
import { detailsOf, problemOf, sliceErrorOf, type SliceError } from '../slices/slice-error.js';
import { addTimes } from '../slices/slice-time.js';
import type { ReportedSlice } from '../report/stream-report.js';
import { finishStreams, type FinishedStream } from './finish-streams.js';
import { holdJob } from './hold-job.js';
import { completed } from './plan-run.js';
import { jobLeaseKey, openPhase, type Phase, type PhaseOptions } from './phase-options.js';
import { verdict } from './verdict.js';

export interface FinishRunOptions extends PhaseOptions {
  readonly runId: string;
}

/** What a process knows itself that has planned the run and worked on it. */
export interface OwnWork {
  readonly plan: Plan;
  readonly found: FoundRun;
  /** What its slices came to, by stream: it knows that better than the stores. */
  readonly slices: ReadonlyMap<string, readonly ReportedSlice[]>;
}

/**
 * The last phase of a run: from the progress of its slices, wherever they were worked on, moves the checkpoints, stores the report and marks the run complete, while it
 * holds the job's lease. When slices are not done the report says which and why, and the run can be gone on with. A run that is complete is answered with its report.
 * Throws `FatalError` for a run that was never planned, and what the stores throw as long as nothing is known of the run.
 */
export async function finishRun(options: FinishRunOptions): Promise<RunReport> {
  const phase = openPhase(options);
  const { streams } = await storedPlan(phase, options.runId);
  const planned = new Set(streams.map(({ id }) => id));
  // A run of some of the job's streams is finished by them.
  return endRun({ ...phase, job: { ...phase.job, streams: phase.job.streams.filter(({ stream }) => planned.has(stream.id)) } }, options.runId);
}

/** With `own`, what keeps the run from being finished is in the report. */
export async function endRun(phase: Phase, runId: string, own?: OwnWork): Promise<RunReport> {
  return inSpan('loadin.finish', { 'loadin.job': phase.job.name, 'loadin.run_id': runId }, async (span) => {
    const report = await end(phase, runId, own);
    noteReport(span, report);
    return report;
  });
}

async function end(phase: Phase, runId: string, own?: OwnWork): Promise<RunReport> {
  const began = phase.clock.now();
  const held = await holdToFinish(phase);
  try {
    const run = await lookAt(phase, runId, own);
    if ('complete' in run) return run.complete;
    const { found, plan, error } = run;
    const inTheWay = [...(isTaken(held) ? [] : [held]), ...(error === undefined ? [] : [error])];
    const report = await reportOf(phase, plan, found, { began, inTheWay, slices: own?.slices ?? new Map(), moves: isTaken(held) });
    const logger = phase.logger.child({ run_id: runId, attempt: found.record.attempts });
    const stored = isTaken(held) && error === undefined ? await store({ ...phase, logger }, found, report, held) : notStored(report);
    logger.info(`${ENDED[stored.status]}: ${phase.job.name}`, ending(stored));
    return stored;
  } finally {
    if (isTaken(held)) await held.release();
  }
}

/** What queries over logs ask of a run's last line. */
function ending({ status, duration_ms, streams, problems }: RunReport): LogFields {
  const { read, accepted, rejected, deduplicated } = addLedgers(
    streams.map(({ ledger }) => ledger),
    [],
  );
  return { status, duration_ms: Math.round(duration_ms), read, accepted, rejected, deduplicated, problems };
}

/** A run that is to be finished; what keeps it from being looked at, when its own process finishes it. */
type RunToEnd = { readonly found: FoundRun; readonly plan: Plan; readonly error?: SliceError } | { readonly complete: RunReport };

async function lookAt(phase: Phase, runId: string, own: OwnWork | undefined): Promise<RunToEnd> {
  try {
    const [found, plan] = await Promise.all([knownRun(phase, runId), storedPlan(phase, runId)]);
    const complete = await completed(found, phase);
    return complete === undefined ? { found, plan } : { complete };
  } catch (error) {
    if (own === undefined) throw error;
    phase.logger.error('The run could not be finished', { error: sliceErrorOf(error).message, ...detailsOf(error) });
    return { found: own.found, plan: own.plan, error: sliceErrorOf(error) };
  }
}

/** Why it can't be held is for the report: slices have been worked on by now. Who is told to stop does not wait. */
async function holdToFinish(phase: Phase): Promise<HeldItem | SliceError> {
  try {
    if (!phase.signal.aborted) return await holdJob(phase);
    const taken = await tryHold(phase.jobLeases, jobLeaseKey(phase.job));
    if (isHeld(taken)) return taken;
    throw new StopError(`${taken.lease.owner ?? 'somebody'} holds the job until ${taken.lease.expires_at}`, { reason: 'lease' });
  } catch (error) {
    return sliceErrorOf(error);
  }
}

const isTaken = (held: HeldItem | SliceError): held is HeldItem => 'lost' in held;

async function knownRun({ state }: Phase, runId: string): Promise<FoundRun> {
  const found = await readRun(state, runId);
  if (found !== undefined) return found;
  throw new FatalError(`there is no run ${runId}`, { where: state.uri, hint: 'Plan it first, and give the run id that planning answers.' });
}

export async function storedPlan({ lake, job }: Pick<Phase, 'lake' | 'job'>, runId: string): Promise<Plan> {
  const key = planKey(job.name, runId);
  const stored = await lake.get(key);
  if (stored !== undefined) return parsePlan(stored, key);
  throw new FatalError(`the run ${runId} of ${job.name} has no plan`, {
    where: `${lake.uri}/${key}`,
    hint: 'Plan it first, and give the job and the run id that planning answers.',
  });
}

interface Ending {
  /** When finishing began, epoch milliseconds. */
  readonly began: number;
  /** What keeps the run from being finished. */
  readonly inTheWay: readonly SliceError[];
  readonly slices: OwnWork['slices'];
  /** Whether checkpoints may be moved. */
  readonly moves: boolean;
}

async function reportOf(phase: Phase, plan: Plan, { record }: FoundRun, { began, inTheWay, slices, moves }: Ending): Promise<RunReport> {
  const { job, lake, clock, dryRun } = phase;
  const since = Date.parse(record.attempt_at ?? record.started_at);
  const streams = await finishStreams(phase, plan, { since, moves, own: slices });
  const now = clock.now();
  return {
    report_version: 1,
    run_id: plan.run_id,
    job: job.name,
    scheduled_time: plan.scheduled_time,
    ...verdict(streams, inTheWay),
    already_complete: false,
    attempts: record.attempts,
    dry_run: dryRun,
    started_at: record.started_at,
    duration_ms: Math.max(0, now - since),
    time: timeOf(streams, record.planning_ms ?? 0, now - began),
    problems: [...streams.flatMap(({ problems }) => problems), ...new Set(inTheWay.flatMap(unfinished))],
    streams: streams.map(({ report }) => report),
    report_uri: dryRun ? null : `${lake.uri}/${reportKey(job.name, plan.run_id)}`,
  };
}

/** A stop on purpose is no problem. */
const unfinished = (error: SliceError): string[] => (error.reason === 'cancelled' ? [] : [`the run could not be finished: ${problemOf(error)}`]);

const timeOf = (streams: readonly FinishedStream[], planningMs: number, finishingMs: number): RunReport['time'] => ({
  planning_ms: planningMs,
  ...addTimes(streams.flatMap(({ report }) => report.time ?? [])),
  finishing_ms: Math.max(0, finishingMs),
});

/**
 * Stores the report and notes the run's status. A complete run's report first: a run that is marked complete has one. Any other not while somebody is at work on a
 * slice, nor when a copy has begun since the record was read: those report when they end. That a copy began earlier says nothing: it may have left the run to this one.
 */
async function store(phase: Phase, found: FoundRun, report: RunReport, held: HeldItem): Promise<RunReport> {
  if (report.reason === 'lease') return notStored(report);
  const { lake, state, logger } = phase;
  try {
    await held.check();
    if (report.status === 'complete') {
      await storeReport(lake, report);
      await endAttempt(state, found, 'complete');
      return report;
    }
    if (!(await endAttempt(state, found, report.status))) return takenOver(report);
    await storeReport(lake, report);
    return report;
  } catch (error) {
    const { action, message } = sliceErrorOf(error);
    if (action === 'stop') return takenOver(report, message);
    logger.error("The run's end could not be stored", { error: message, ...detailsOf(error) });
    return endUnstored(report, message);
  }
}

const takenOver = (report: RunReport, why = 'another copy of this run has begun since'): RunReport => ({
  ...report,
  status: 'stopped',
  reason: 'lease',
  problems: [...report.problems, `${why}: its report counts`],
});

const notStored = (report: RunReport): RunReport => ({ ...report, report_uri: null });

/** Everything else is as the report says; but who looks at the run later does not learn it. */
function endUnstored(report: RunReport, why: string): RunReport {
  const problem = `the run's end could not be stored (the next attempt does it): ${why}`;
  const failed: { -readonly [Name in keyof RunReport]: RunReport[Name] } = { ...report, status: 'failed', problems: [...report.problems, problem] };
  delete failed.reason;
  delete failed.resume_after;
  return notStored(failed);
}
