import { inSpan, type SpanAttributes } from '@loadin/observability';
import { createClaims } from './claims.js';
import { sinkNamesOf, type StreamOfJob } from '../job.js';
import type { HeldItem } from '../leases/types.js';
import { addLedgers, type Ledger } from '../report/ledger.js';
import { mapLimit } from '../map-limit.js';
import type { StreamPlan } from '../plan/plan.js';
import type { Slice } from '../ports/stream.js';
import { loadSlice } from './load-slice.js';
import { emptyProgress, keeperOf, ledgerFor, progressKey, type SliceProgress } from './progress.js';
import { detailsOf, severityOf, sliceErrorOf, stopReason } from './slice-error.js';
import { runSlice, type SliceOutcome } from './slice-run.js';
import { createSliceTimer, type SliceTimer } from './slice-time.js';
import type { SlicesContext } from './slices-context.js';
import { awaitSlice, takeSlice, type WantedSlice } from './take-slice.js';

/** Works on the slices of one stream. Nothing rejects: what goes wrong with a slice is its outcome, and stops none of the others. */
export interface StreamSlices {
  /** All of them. Those that others hold are put aside, and waited for when the rest is done. */
  all(): Promise<SliceOutcome[]>;
  /** One of them; waits for it when somebody else holds it. */
  one(slice: Slice): Promise<SliceOutcome>;
}

/** Other processes are at work on the slices that are waited for: as many as one of them may have in flight. */
const WAITED_FOR_AT_ONCE = 16;

export function createStreamSlices(jobStream: StreamOfJob, streamPlan: StreamPlan, context: SlicesContext): StreamSlices {
  const { slots, deadline, signal, leases, plan } = context;
  const work = createWorker(jobStream, streamPlan, context);
  const tell = teller(jobStream, streamPlan, context);
  const mayBegin = (slice: Slice): void => {
    if (signal.aborted) throw stopReason(signal);
    deadline.begin(streamPlan.id, slice);
  };
  const wanted = (slice: Slice): WantedSlice => ({
    leases,
    key: progressKey(context.replay?.(slice).id ?? plan.run_id, streamPlan.id, slice.ordinal),
    sinkNames: sinkNamesOf(jobStream),
  });
  const inSlot = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    const free = await slots.take(streamPlan.id);
    return run().finally(free);
  };
  const orOutcome = outcomeOfErrors(streamPlan, context);
  const ended = (slice: Slice, progress: SliceProgress): SliceOutcome => {
    tell(slice, ledgerFor(progress, sinkNamesOf(jobStream)));
    return { progress };
  };

  const tryOne = (slice: Slice): Promise<SliceOutcome | 'busy'> =>
    inSlot(() =>
      orOutcome(slice, async () => {
        const timer = createSliceTimer(context.clock);
        const taken = await timer.spend('lease_ms', () => takeSlice(wanted(slice), () => mayBegin(slice), context.fresh));
        if (taken === 'busy') return taken;
        return 'finished' in taken ? ended(slice, taken.finished) : work(slice, taken.held, timer, tell);
      }),
    );
  const one = (slice: Slice): Promise<SliceOutcome> =>
    orOutcome(slice, async () => {
      const timer = createSliceTimer(context.clock);
      const taken = await timer.spend('lease_ms', () => awaitSlice(wanted(slice), signal));
      if ('finished' in taken) return ended(slice, taken.finished);
      return inSlot(async () => {
        try {
          mayBegin(slice);
        } catch (error) {
          await taken.held.release();
          throw error;
        }
        return work(slice, taken.held, timer, tell);
      });
    });
  return {
    one,
    async all() {
      const outcomes = await Promise.all(streamPlan.slices.map(tryOne));
      const aside = streamPlan.slices.filter((_, index) => outcomes[index] === 'busy');
      const later = await mapLimit(aside, WAITED_FOR_AT_ONCE, one);
      return outcomes.flatMap((outcome) => (outcome === 'busy' ? (later.shift() ?? []) : outcome));
    },
  };
}

type Tell = (slice: Slice, ledger: Ledger | undefined) => void;

/** Tells whoever watches how far the stream is. */
function teller(jobStream: StreamOfJob, streamPlan: StreamPlan, { observe }: SlicesContext): Tell {
  const ledgers = new Map<number, Ledger>();
  const sinkNames = sinkNamesOf(jobStream);
  return (slice, ledger) => {
    if (ledger === undefined) return;
    ledgers.set(slice.ordinal, ledger);
    observe({ type: 'progress', stream: streamPlan.id, slice: slice.name, ledger: addLedgers([...ledgers.values()], sinkNames) });
  };
}

/** Works on a slice that is held, and gives it back. */
function createWorker(jobStream: StreamOfJob, streamPlan: StreamPlan, context: SlicesContext) {
  const { plan, lake, state, clock, signal, deadline } = context;
  const claims = createClaims(state, plan.run_id, streamPlan.id);
  return async (slice: Slice, held: HeldItem, timer: SliceTimer, tell: Tell): Promise<SliceOutcome> => {
    const logger = context.logger.child({ slice: slice.ordinal });
    const replay = context.replay?.(slice);
    const began = clock.now();
    try {
      const onProgress = (ledger: Ledger): void => tell(slice, ledger);
      const shared = { plan, streamPlan, lake, clock, signal, timer, logger, keeper: keeperOf(held), onProgress };
      const outcome = await inSpan('loadin.slice', spanOf(slice, context, streamPlan), async (span) => {
        const ended =
          jobStream.loader === undefined
            ? await runSlice(slice, { ...shared, jobStream, claims, ...(replay && { replay }) })
            : await loadSlice(slice, { ...shared, jobStream, state });
        if (ended.error !== undefined) span.fail(ended.error);
        return ended;
      });
      if (outcome.error !== undefined) say(outcome.error, streamPlan, slice, context);
      else deadline.took(streamPlan.id, clock.now() - began);
      return outcome;
    } finally {
      await held.release();
    }
  };
}

const spanOf = ({ ordinal, name }: Slice, { plan }: SlicesContext, { id }: StreamPlan): SpanAttributes => ({
  ...{ 'loadin.job': plan.job, 'loadin.run_id': plan.run_id },
  ...{ 'loadin.stream': id, 'loadin.slice': ordinal, 'loadin.slice_name': name },
});

/** What keeps a slice from being begun is its outcome. */
function outcomeOfErrors(streamPlan: StreamPlan, context: SlicesContext) {
  return async <Result>(slice: Slice, run: () => Promise<Result>): Promise<Result | SliceOutcome> => {
    try {
      return await run();
    } catch (thrown) {
      const error = context.signal.aborted ? stopReason(context.signal) : thrown;
      say(error, streamPlan, slice, context);
      return { progress: emptyProgress, error };
    }
  };
}

function say(error: unknown, streamPlan: StreamPlan, { name, ordinal }: Slice, { logger }: SlicesContext): void {
  const said = sliceErrorOf(error);
  logger.child({ slice: ordinal })[severityOf(said)](`${streamPlan.id} slice ${name}: ${said.message}`, detailsOf(error));
}
