import { silentLogger, type Logger } from '@loadin/observability';
import { type Clock, FatalError, StopError, systemClock } from '@loadin/resilience';
import type { RunObserver } from './events.js';
import type { Job, JobStream } from './job.js';
import { addLedgers } from './ledger.js';
import { ensurePlan, type Plan, type StreamPlan } from './plan.js';
import type { ObjectStore } from './ports/object-store.js';
import type { StateStore } from './ports/state-store.js';
import { readReport, reportKey, type RunReport, type RunStatus, storeReport } from './report.js';
import { beginAttempt, endAttempt, findRun, type FoundRun, type RunRequest } from './run-record.js';
import { runStream, type StreamOutcome, type StreamRunContext } from './stream-run.js';

export interface RunOptions {
  readonly job: Job;
  /** `job.streams` holds these alone already; given so that the run has an id of its own. Default: all streams of the job. */
  readonly only?: readonly string[];
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

/**
 * Runs a job once, or goes on with the run that this is a retry of. Throws `FatalError` (nothing read yet: configuration, missing bucket
 * or table); everything that happens later is in the report.
 */
export async function runJob(options: RunOptions): Promise<RunReport> {
  const { job, lake, state, clock = systemClock, observe = () => undefined } = options;
  const request: RunRequest = { job: job.name, only: options.only, at: options.at, again: options.again };
  const found = await findRun(state, request, clock.now());
  if (found.record.status === 'complete') return storedReport(found, options);
  const started = clock.now();
  const { plan, created } = await ensurePlan(job, found.record.run_id, found.record.scheduled_time, { lake, state });
  const running = await beginAttempt(state, request, found);
  const attempt = running.record.attempts;
  const logger = (options.logger ?? silentLogger).child({ run_id: plan.run_id, attempt });
  observe({ type: 'planned', plan, resumed: !created, attempt });
  logger.info(`Starting: ${job.name}`, { scheduled_time: plan.scheduled_time, resumed: !created });
  const context = {
    plan,
    lake,
    state,
    clock,
    logger,
    observe,
    signal: options.signal ?? new AbortController().signal,
    concurrency: options.concurrency ?? 4,
  };
  const outcomes = await runStreams(job, context);
  const report: RunReport = {
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
    report_uri: `${lake.uri}/${reportKey(job.name, plan.run_id)}`,
  };
  // The report first: a run that is marked complete has one.
  await storeReport(lake, report);
  await endAttempt(state, running, report.status);
  logger.info(`Completed: ${job.name}`, { status: report.status, problems: report.problems });
  return report;
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

/** Streams run side by side; one that reads what another landed starts after it, and only if that one is complete. */
async function runStreams(job: Job, context: StreamRunContext): Promise<StreamOutcome[]> {
  const running = new Map<string, Promise<StreamOutcome>>();
  const start = (jobStream: JobStream): Promise<StreamOutcome> => {
    const { stream } = jobStream;
    const known = running.get(stream.id);
    if (known !== undefined) return known;
    const before = job.streams.filter((other) => stream.readsAfter?.includes(other.stream.id));
    const streamPlan = planOf(context.plan, stream.id);
    const outcome = Promise.all(before.map(start)).then((earlier) => {
      const blocker = earlier.find(({ report }) => report.status !== 'complete');
      return blocker === undefined ? runStream(jobStream, streamPlan, context) : notStarted(jobStream, streamPlan, blocker);
    });
    running.set(stream.id, outcome);
    return outcome;
  };
  return Promise.all(job.streams.map(start));
}

function planOf(plan: Plan, streamId: string): StreamPlan {
  const found = plan.streams.find((stream) => stream.id === streamId);
  if (found === undefined) {
    throw new FatalError(`the stored plan of this run has no stream ${streamId}`, {
      hint: 'The jobs file has changed since the run began: start a new run with --again.',
    });
  }
  return found;
}

function notStarted(jobStream: JobStream, streamPlan: StreamPlan, blocker: StreamOutcome): StreamOutcome {
  const { stream } = blocker.report;
  return {
    problems: [`${streamPlan.id}: not started, because it reads what ${stream} lands and ${stream} is not complete`],
    report: {
      stream: streamPlan.id,
      source: streamPlan.source,
      data_type: streamPlan.data_type,
      status: 'not_started',
      ledger: addLedgers(
        [],
        jobStream.sinks.map((sink) => sink.name),
      ),
      effort: { requests: 0, retries: 0, waits: 0, wait_ms: 0, bytes_read: 0, bytes_written: 0 },
      duration_ms: 0,
      slices: { planned: streamPlan.slices.length, finished: 0 },
      groups_from_landing: 0,
      objects: [],
      notes: [],
      checkpoint: null,
      inputs: [],
      outputs: [],
    },
  };
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
  const reason = stops[0]?.reason ?? 'cancelled';
  return { status: 'stopped', reason, ...(resumeAfter !== undefined && { resume_after: resumeAfter }) };
}
