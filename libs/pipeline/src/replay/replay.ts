import { silentLogger, type Logger } from '@loadin/observability';
import { type Clock, systemClock } from '@loadin/resilience';
import type { RunObserver } from '../events.js';
import type { JobStream } from '../job.js';
import type { Plan } from '../plan/plan.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { StateStore } from '../ports/state-store.js';
import { ownerName } from '../leases/owner-name.js';
import { readRunRecord } from '../runs/run-record.js';
import { findRuns, planOf, type FoundRun } from './find-runs.js';
import { openReplay, type ReplaySelection } from './replay-record.js';
import { replayReportKey, storeReplayedRun, type ReplayedRun, type ReplayReport } from './replay-report.js';
import { outcomeOf, replayRun, type ReplayRunContext, type RunOutcome, type StreamToReplay } from './replay-run.js';
import { readRunReport } from './run-report.js';
import { replayWindow } from './window.js';

export interface ReplayOptions {
  /** Scheduled times of the runs, both included: ISO 8601 with a zone, or dates alone, which mean whole days in UTC. */
  readonly from: string;
  readonly to: string;
  /** Only runs of this job. Default: of all jobs. */
  readonly job?: string;
  /** Only these streams, by id. Default: all of each run. */
  readonly streams?: readonly string[];
  /**
   * A stream of a job as it is parsed and delivered now; `undefined` when there is none any more. Of its `stream` only `id`, `key` and `belongs` are
   * used: nothing is read from a source.
   */
  readonly streamOf: (job: string, streamId: string) => Promise<JobStream | undefined>;
  readonly lake: ObjectStore;
  readonly state: StateStore;
  /** Compares and reports; nothing is delivered. Nothing durable is behind `lake` and `state`. Default false. */
  readonly dryRun?: boolean;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly observe?: RunObserver;
  readonly signal?: AbortSignal;
  /** Slices of one stream in flight. Default 4. */
  readonly concurrency?: number;
  /** Milliseconds that a lease lasts. Default 30,000. */
  readonly leaseMs?: number;
}

/**
 * Delivers complete runs again from their landed pages, without a call to a source: with the transform unchanged the same bytes; with another one raw
 * objects are replaced, and stream records that changed say whose replay they are. Checkpoints stay. A replay that was ended goes on when it is
 * asked for again. Throws `FatalError` for a window that is none, and what the stores throw before the first run; the rest is in the report.
 */
export async function replayRuns(options: ReplayOptions): Promise<ReplayReport> {
  const { lake, state, job, streams, dryRun = false, clock = systemClock } = options;
  const started = clock.now();
  const window = replayWindow(options.from, options.to);
  const selection: ReplaySelection = { ...window, ...(job !== undefined && { job }), ...(streams !== undefined && { streams }) };
  const call = await openReplay(state, selection);
  const found = await findRuns(lake, window, job);
  if (!dryRun) await call.begin();
  const context: ReplayRunContext = {
    replayId: call.item.replay_id,
    lake,
    state,
    dryRun,
    clock,
    logger: (options.logger ?? silentLogger).child({ replay_id: call.item.replay_id }),
    observe: options.observe ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
    concurrency: options.concurrency ?? 4,
    leases: { state, owner: ownerName(), clock, ...(options.leaseMs !== undefined && { lengthMs: options.leaseMs }) },
  };
  const runs: ReplayedRun[] = [];
  for (const run of found) {
    const stopped = context.signal.aborted || runs.at(-1)?.status === 'stopped' || runs.at(-1)?.status === 'not_started';
    const report = stopped ? reportOf(run, notStarted, 0, context) : await replayOne(run, options, context);
    if (report !== undefined) runs.push(report);
  }
  if (!dryRun && !runs.some(({ status }) => status === 'failed' || status === 'stopped' || status === 'not_started')) await call.complete();
  return {
    report_version: 1,
    replay_id: call.item.replay_id,
    ...window,
    ...verdict(runs),
    attempts: call.item.attempts,
    dry_run: dryRun,
    duration_ms: clock.now() - started,
    runs,
  };
}

const notStarted: RunOutcome = { status: 'not_started', already_complete: false, problems: [], streams: [] };
const notLanded = (loader: string, job: string): string =>
  `${loader} loads it as a whole, and nothing is landed that could be delivered again: loadin run ${job} --full-refresh reads it anew`;
const skipped = (why: string): RunOutcome => ({ ...notStarted, status: 'skipped', skipped_because: why });

/** Stopped when any was, because that goes on by itself; failed when one could not be replayed; else complete. */
function verdict(runs: readonly ReplayedRun[]): Pick<ReplayReport, 'status' | 'reason'> {
  const stop = runs.find(({ status }) => status === 'stopped');
  if (stop !== undefined || runs.some(({ status }) => status === 'not_started')) return { status: 'stopped', reason: stop?.reason ?? 'cancelled' };
  return { status: runs.some(({ status }) => status === 'failed' || status === 'skipped') ? 'failed' : 'complete' };
}

/** `undefined` for a run that has none of the streams that are asked for. */
async function replayOne(found: FoundRun, options: ReplayOptions, context: ReplayRunContext): Promise<ReplayedRun | undefined> {
  const { clock, lake, dryRun, logger } = context;
  const started = clock.now();
  const inContext = { ...context, logger: logger.child({ run_id: found.run_id }) };
  const outcome = await tryRun(found, options, inContext).catch((error: unknown) => outcomeOf(error, context.signal));
  if (outcome === undefined) return undefined;
  const report = reportOf(found, outcome, clock.now() - started, context);
  if (isReplayed(outcome) && !outcome.already_complete && !dryRun) await storeReplayedRun(lake, report);
  logger.info(`${found.job} ${found.scheduled_time}: ${report.status}`, {
    run_id: found.run_id,
    problems: report.problems,
    because: report.skipped_because ?? report.left_out?.[0]?.because,
  });
  return report;
}

async function tryRun(found: FoundRun, options: ReplayOptions, context: ReplayRunContext): Promise<RunOutcome | undefined> {
  if (found.missing !== undefined) return skipped(found.missing);
  const plan = await planOf(context.lake, found);
  if (plan === undefined) return skipped('its plan is not there any more');
  const asked = plan.streams.filter(({ id }) => options.streams?.includes(id) ?? true);
  if (asked.length === 0) return undefined;
  const leftOut = asked.flatMap(({ id, loader }) => (loader === undefined ? [] : [{ stream: id, because: notLanded(loader, plan.job) }]));
  const wanted = asked.filter(({ loader }) => loader === undefined);
  if (wanted.length === 0) {
    const isNamed = options.job !== undefined || options.streams !== undefined;
    return isNamed ? skipped(leftOut[0]?.because ?? '') : { ...notStarted, status: 'left_out', left_out: leftOut };
  }
  const unfinished = await whyUnfinished(plan, context);
  if (unfinished !== undefined) return skipped(unfinished);
  const streams: StreamToReplay[] = [];
  for (const streamPlan of wanted) {
    const jobStream = await options.streamOf(plan.job, streamPlan.id);
    if (jobStream === undefined)
      return skipped(
        `no job ${plan.job} has the stream ${streamPlan.id} any more: bring it back into the jobs file, or choose other runs with --job`,
      );
    streams.push({ jobStream, streamPlan });
  }
  context.logger.info(`Replaying: ${plan.job} ${plan.scheduled_time}`, { streams: wanted.map(({ id }) => id) });
  const outcome = await replayRun(plan, streams, context);
  return leftOut.length === 0 ? outcome : { ...outcome, left_out: leftOut };
}

/** The state store says how a run ended; where it has been made anew, the run's report does. */
async function whyUnfinished({ job, run_id: id }: Plan, { state, lake }: ReplayRunContext): Promise<string | undefined> {
  const status = (await readRunRecord(state, id))?.status ?? (await readRunReport(lake, job, id))?.status ?? 'without a report';
  return status === 'complete' ? undefined : `the run is not complete (${status}); the command that began it goes on with it`;
}

const isReplayed = ({ status }: RunOutcome): boolean => status !== 'skipped' && status !== 'left_out' && status !== 'not_started';

function reportOf(found: FoundRun, outcome: RunOutcome, durationMs: number, { replayId, dryRun, lake }: ReplayRunContext): ReplayedRun {
  const stored = !dryRun && isReplayed(outcome);
  return {
    report_version: 1,
    replay_id: replayId,
    run_id: found.run_id,
    job: found.job,
    scheduled_time: found.scheduled_time,
    ...outcome,
    dry_run: dryRun,
    duration_ms: durationMs,
    report_uri: stored ? `${lake.uri}/${replayReportKey(found.job, found.run_id, replayId)}` : null,
  };
}
