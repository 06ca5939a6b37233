import { createMeter, type Logger, type Meter } from '@loadin/observability';
import { actionOf, type Clock, LoadinError, StopError } from '@loadin/resilience';
import { moveCheckpoint, readCheckpoint, type Checkpoint } from './checkpoint.js';
import { createClaims } from './claims.js';
import type { RunObserver } from './events.js';
import type { JobStream } from './job.js';
import { addLedgers, type Ledger } from './ledger.js';
import type { Plan, StreamPlan } from './plan.js';
import type { ObjectStore } from './ports/object-store.js';
import type { StateStore } from './ports/state-store.js';
import type { Slice } from './ports/stream.js';
import { ENDED, type StreamReport } from './report.js';
import { runSlice, SliceInterrupted, type SliceContext, type SliceReplay, type SliceResult } from './slice-run.js';
import { datasets, emptyStreamReport, problemsOf, reportedError } from './stream-report.js';
import { isoSecond } from './time.js';
import { mapLimit } from './map-limit.js';

export interface StreamRunContext {
  readonly plan: Plan;
  readonly lake: ObjectStore;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly observe: RunObserver;
  /** Slices of one stream in flight. */
  readonly concurrency: number;
  /** Set when the run is delivered again from its landed pages: how, slice by slice. The checkpoint stays where it is. */
  readonly replay?: (slice: Slice) => SliceReplay;
}

export interface StreamOutcome {
  readonly report: StreamReport;
  readonly problems: readonly string[];
  /** The first error by importance: a fatal one before a stop. */
  readonly error?: unknown;
}

interface SliceOutcome {
  readonly result?: SliceResult;
  readonly error?: unknown;
}

/**
 * Runs all slices of one stream; a failed slice stops none of the others. The checkpoint moves last, and only when every slice is finished.
 * Never rejects: other streams go on meanwhile, and what this one came to is in its outcome.
 */
export async function runStream(jobStream: JobStream, streamPlan: StreamPlan, context: StreamRunContext): Promise<StreamOutcome> {
  const { clock, observe } = context;
  const started = clock.now();
  const meter = createMeter();
  const source = createMeter();
  const reading = both(meter, source);
  const logger = context.logger.child({ stream: streamPlan.id });
  observe({ type: 'stream-started', stream: streamPlan.id, slices: streamPlan.slices.length });
  logger.info(`Starting: ${streamPlan.id}`);
  const outcomes = await runSlices(jobStream, streamPlan, { ...context, logger }, { meter, reading });
  const results = outcomes.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const ledger = addLedgers(
    results.map((result) => result.ledger),
    jobStream.sinks.map((sink) => sink.name),
  );
  const sliceError = worst(outcomes.flatMap((outcome) => (outcome.error === undefined ? [] : [outcome.error])));
  const { checkpoint, error } = await settleCheckpoint(streamPlan, ledger, sliceError, context);
  const report: StreamReport = {
    ...emptyStreamReport(jobStream, streamPlan, error === undefined ? 'complete' : actionOf(error) === 'stop' ? 'stopped' : 'failed'),
    ledger,
    effort: { ...meter.totals, source_requests: source.totals.requests },
    duration_ms: clock.now() - started,
    slices: { planned: streamPlan.slices.length, finished: outcomes.filter((outcome) => outcome.error === undefined).length },
    groups_from_landing: results.reduce((sum, result) => sum + result.groups_from_landing, 0),
    objects: results.flatMap((result) => result.objects),
    notes: results.flatMap((result) => result.notes),
    checkpoint,
    ...datasets(jobStream, streamPlan, context.lake),
    ...(error !== undefined && { error: reportedError(error) }),
  };
  logger.info(`${ENDED[report.status]}: ${streamPlan.id}`, { status: report.status, ...ledger });
  observe({ type: 'stream-ended', stream: streamPlan.id, report });
  return { report, problems: problemsOf(jobStream, worthSaying(report, error, context), ledger), error };
}

/** A stop on purpose is no problem; neither is for a replay what the source did not give the run that it replays. */
const worthSaying = (report: StreamReport, error: unknown, { replay }: StreamRunContext): StreamReport => ({
  ...report,
  ...(isCancelled(error) && { error: undefined }),
  ...(replay !== undefined && { notes: [] }),
});

/** Moves the checkpoint of a stream that is finished, reads that of another. What goes wrong with it is the stream's error. */
async function settleCheckpoint(
  streamPlan: StreamPlan,
  ledger: Ledger,
  error: unknown,
  { plan, state, clock, logger, replay }: StreamRunContext,
): Promise<{ checkpoint: Checkpoint | null; error: unknown }> {
  try {
    if (error !== undefined || replay !== undefined) return { checkpoint: (await readCheckpoint(state, plan.job, streamPlan.id)) ?? null, error };
    const next = {
      last_sync_timestamp: plan.scheduled_time,
      record_count: deliveredToAll(ledger),
      updated_at: isoSecond(clock.now()),
      run_id: plan.run_id,
    };
    return { checkpoint: await moveCheckpoint(state, plan.job, streamPlan.id, next), error };
  } catch (stateError) {
    logger.error(
      `${streamPlan.id}: the checkpoint: ${stateError instanceof Error ? stateError.message : String(stateError)}`,
      unexpectedDetails(stateError),
    );
    return { checkpoint: null, error: error ?? stateError };
  }
}

const both = (one: Meter, other: Meter): Meter => ({
  add: (name, amount) => {
    one.add(name, amount);
    other.add(name, amount);
  },
});

const deliveredToAll = ({ accepted, sinks }: Ledger): number => Math.min(accepted, ...Object.values(sinks).map((sink) => sink.delivered));

async function runSlices(
  jobStream: JobStream,
  streamPlan: StreamPlan,
  context: StreamRunContext,
  meters: Pick<SliceContext, 'meter' | 'reading'>,
): Promise<SliceOutcome[]> {
  const { plan, lake, state, clock, signal, observe } = context;
  const claims = createClaims(state, plan.run_id, streamPlan.id);
  const ledgers = new Map<number, Ledger>();
  const sinkNames = jobStream.sinks.map((sink) => sink.name);
  const run = async (slice: Slice): Promise<SliceOutcome> => {
    const logger = context.logger.child({ slice: slice.ordinal });
    const onProgress = (ledger: Ledger): void => {
      ledgers.set(slice.ordinal, ledger);
      observe({ type: 'progress', stream: streamPlan.id, slice: slice.name, ledger: addLedgers([...ledgers.values()], sinkNames) });
    };
    try {
      signal.throwIfAborted();
      const replay = context.replay?.(slice);
      const shared = { plan, streamPlan, jobStream, lake, state, claims, clock, signal, ...meters, logger };
      return { result: await runSlice(slice, { ...shared, onProgress, ...(replay && { replay }) }) };
    } catch (thrown) {
      const interrupted = thrown instanceof SliceInterrupted ? thrown : undefined;
      const error = signal.aborted ? stopReason(signal) : (interrupted?.cause ?? thrown);
      // A stop that somebody asked for is no error; one that a source asks for is worth a look.
      const severity = actionOf(error) !== 'stop' ? 'error' : isCancelled(error) ? 'info' : 'warn';
      logger[severity](`${streamPlan.id} slice ${slice.name}: ${error instanceof Error ? error.message : String(error)}`, unexpectedDetails(error));
      return { result: interrupted?.result, error };
    }
  };
  return mapLimit(streamPlan.slices, context.concurrency, run);
}

/** Whoever aborts may say why (`deadline`); otherwise somebody pressed Ctrl-C. */
const stopReason = (signal: AbortSignal): StopError =>
  signal.reason instanceof StopError ? signal.reason : new StopError('the run was cancelled', { reason: 'cancelled' });

/** The stack of an error that nobody foresaw belongs in the log (and nowhere else): it is a bug to report. */
const unexpectedDetails = (error: unknown): Record<string, unknown> =>
  error instanceof LoadinError ? { hint: error.hint } : { stack: error instanceof Error ? error.stack : undefined };

const isCancelled = (error: unknown): boolean => error instanceof StopError && error.reason === 'cancelled';

const rank = (error: unknown): number => (actionOf(error) === 'stop' ? 1 : 2);
const worst = (errors: readonly unknown[]): unknown =>
  errors.reduce((worse, error) => (worse === undefined || rank(error) > rank(worse) ? error : worse), undefined);
