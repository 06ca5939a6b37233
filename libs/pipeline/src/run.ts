import { silentLogger, type Logger } from '@loadin/observability';
import { type Clock, FatalError, StopError, systemClock } from '@loadin/resilience';
import type { RunObserver } from './events.js';
import type { Job, JobStream } from './job.js';
import { ensurePlan, type Plan, type StreamPlan } from './plan.js';
import type { ObjectStore } from './ports/object-store.js';
import type { StateStore } from './ports/state-store.js';
import { ENDED, readReport, reportKey, type RunReport, type RunStatus, storeReport } from './report.js';
import { beginAttempt, endAttempt, findRun, type FoundRun, type RunRequest } from './run-record.js';
import { emptyStreamReport } from './stream-report.js';
import { runStream, type StreamOutcome, type StreamRunContext } from './stream-run.js';
import { parseScheduledTime } from './time.js';

export interface RunOptions {
  readonly job: Job;
  /** `job.streams` holds these alone already; given so that the run has an id of its own. Default: all streams of the job. */
  readonly only?: readonly string[];
  /** The scheduled time, ISO 8601 with a zone. Default: a manual run. */
  readonly at?: string;
  readonly again?: boolean;
  readonly lake: ObjectStore;
  readonly state: StateStore;
  /** Nothing durable is behind `lake`, `state` and the sinks; the report says so. Default false. */
  readonly dryRun?: boolean;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly observe?: RunObserver;
  readonly signal?: AbortSignal;
  /** Slices of one stream in flight. Default 4: the sources' rate limits are met long before. */
  readonly concurrency?: number;
}

/** A scheduler's clock may be ahead of this machine's. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

/**
 * Runs a job once, or goes on with the run that this is a retry of. Throws `FatalError` (nothing read yet: configuration, missing bucket
 * or table) and `StopError` (another copy has just begun); everything that happens later is in the report.
 */
export async function runJob(options: RunOptions): Promise<RunReport> {
  const { job, lake, state, clock = systemClock, observe = () => undefined } = options;
  const at = options.at === undefined ? undefined : scheduledFor(options.at, clock.now());
  const request: RunRequest = { job: job.name, only: options.only, at, again: options.again };
  const found = await findRun(state, request, clock.now());
  if (found.record.status === 'complete') {
    const stored = await storedReport(found, options);
    // A copy that had failed, and slept before it stored its report, has put it over the complete one: all is done, so the run is gone through for a new one.
    if (stored.status === 'complete') return stored;
  }
  const started = clock.now();
  const { plan, created } = await ensurePlan(job, found.record.run_id, found.record.scheduled_time, { lake, state });
  const planned = job.streams.map((jobStream) => ({ jobStream, streamPlan: planOf(plan, jobStream.stream.id) }));
  const running = await beginAttempt(state, request, found);
  const attempt = running.record.attempts;
  const logger = (options.logger ?? silentLogger).child({ run_id: plan.run_id, attempt });
  observe({ type: 'planned', plan, resumed: !created, attempt });
  logger.info(`Starting: ${job.name}`, { scheduled_time: plan.scheduled_time, resumed: !created });
  const signal = options.signal ?? new AbortController().signal;
  const outcomes = await runStreams(planned, { plan, lake, state, clock, logger, observe, signal, concurrency: options.concurrency ?? 4 });
  const report = await endRun(options, running, {
    report_version: 1,
    run_id: plan.run_id,
    job: job.name,
    scheduled_time: plan.scheduled_time,
    ...verdict(outcomes),
    already_complete: false,
    attempts: attempt,
    dry_run: options.dryRun ?? false,
    started_at: running.record.started_at,
    duration_ms: clock.now() - started,
    problems: outcomes.flatMap((outcome) => outcome.problems),
    streams: outcomes.map((outcome) => outcome.report),
    report_uri: options.dryRun ? null : `${lake.uri}/${reportKey(job.name, plan.run_id)}`,
  });
  logger.info(`${ENDED[report.status]}: ${job.name}`, { status: report.status, problems: report.problems });
  return report;
}

/**
 * Stores the report and notes the run's status. A complete run's report first: a run that is marked complete has one. Any other only when this
 * attempt still speaks for the run, or it would overwrite the report of a copy that has completed it.
 */
async function endRun({ lake, state }: RunOptions, running: FoundRun, report: RunReport): Promise<RunReport> {
  if (report.status === 'complete') {
    await storeReport(lake, report);
    await endAttempt(state, running, 'complete');
    return report;
  }
  if (await endAttempt(state, running, report.status)) {
    await storeReport(lake, report);
    return report;
  }
  return {
    ...report,
    status: 'stopped',
    reason: 'lease',
    problems: [...report.problems, 'another copy of this run has taken over: its report counts'],
  };
}

/** A run for a time to come would move the checkpoints there, and every run until then would find them ahead. */
function scheduledFor(text: string, now: number): string {
  const at = parseScheduledTime(text);
  if (Date.parse(at) > now + CLOCK_TOLERANCE_MS) {
    throw new FatalError(`The scheduled time ${at} lies in the future`, {
      hint: 'A run is made at its time or later: leave --at out for a run now.',
    });
  }
  return at;
}

async function storedReport({ record }: FoundRun, { job, lake }: RunOptions): Promise<RunReport> {
  const report = await readReport(lake, job.name, record.run_id);
  if (report === undefined) {
    throw new FatalError('this run is complete, but its report is not in the lake', {
      where: `${lake.uri}/${reportKey(job.name, record.run_id)}`,
      hint: 'Check the bucket setting, or make a new run with --again.',
    });
  }
  return { ...report, already_complete: true };
}

interface PlannedStream {
  readonly jobStream: JobStream;
  readonly streamPlan: StreamPlan;
}

/** Streams run side by side; one that reads what another landed starts after it, and only if that one is complete. */
async function runStreams(planned: readonly PlannedStream[], context: StreamRunContext): Promise<StreamOutcome[]> {
  const running = new Map<string, Promise<StreamOutcome>>();
  const start = ({ jobStream, streamPlan }: PlannedStream): Promise<StreamOutcome> => {
    const known = running.get(streamPlan.id);
    if (known !== undefined) return known;
    const before = planned.filter((other) => jobStream.stream.readsAfter?.includes(other.streamPlan.id));
    const outcome = Promise.all(before.map(start)).then((earlier) => {
      const blocker = earlier.find(({ report }) => report.status !== 'complete');
      return blocker === undefined ? runStream(jobStream, streamPlan, context) : notStarted(jobStream, streamPlan, blocker);
    });
    running.set(streamPlan.id, outcome);
    return outcome;
  };
  return Promise.all(planned.map(start));
}

function planOf(plan: Plan, streamId: string): StreamPlan {
  const found = plan.streams.find((stream) => stream.id === streamId);
  if (found === undefined) {
    throw new FatalError(`the stored plan of this run has no stream ${streamId}`, {
      hint: 'The jobs file has changed since the run began: put the stream aside to finish this run, or make a run of another time.',
    });
  }
  return found;
}

function notStarted(jobStream: JobStream, streamPlan: StreamPlan, blocker: StreamOutcome): StreamOutcome {
  const { stream } = blocker.report;
  const problem = `${streamPlan.id}: not started, because it reads what ${stream} lands and ${stream} is not complete`;
  return { problems: [problem], report: emptyStreamReport(jobStream, streamPlan, 'not_started') };
}

/** Failed when any stream failed; stopped when any stopped; else complete. A stream that waits for a stopped one does not make it worse. */
function verdict(outcomes: readonly StreamOutcome[]): Pick<RunReport, 'status' | 'reason' | 'resume_after'> {
  const statuses = new Set<RunStatus | 'not_started'>(outcomes.map(({ report }) => report.status));
  if (statuses.has('failed')) return { status: 'failed' };
  if (!statuses.has('stopped')) return { status: 'complete' };
  const stops = outcomes.flatMap(({ error }) => (error instanceof StopError ? [error] : []));
  const resumeAfter = stops
    .flatMap((stop) => stop.resumeAfter ?? [])
    .sort()
    .at(-1);
  // What is no StopError and stops all the same is a conflict with another copy of this run.
  const reason = stops[0]?.reason ?? 'lease';
  return { status: 'stopped', reason, ...(resumeAfter !== undefined && { resume_after: resumeAfter }) };
}
