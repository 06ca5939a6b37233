import type { Meter } from '@loadin/observability';
import { createCoalescedSaves } from './coalesced-saves.js';
import type { Reached } from '../cursors/types.js';
import type { JobStream } from '../job.js';
import type { Slice } from '../ports/stream.js';
import { isFinished, type SliceProgress } from './progress.js';
import type { Effort } from '../report/report.js';
import type { SliceContext } from './slice-context.js';
import { createSliceDelivery, type SliceDelivery } from './slice-delivery.js';
import { createEffort } from './slice-effort.js';
import { sliceErrorOf, stopReason } from './slice-error.js';
import { slicePages } from './slice-pages.js';
import { addTimes, noTime } from './slice-time.js';

/** What became of a slice: its progress as it was saved last (or should have been), and the error that ended it. */
export interface SliceOutcome {
  readonly progress: SliceProgress;
  readonly error?: unknown;
}

/**
 * Reads, parses and delivers one slice that this process holds. Every attempt walks the same pages in the same order and cuts the same batches; what a sink
 * acknowledged in an earlier attempt is not sent again. Never rejects.
 */
export async function runSlice(slice: Slice, context: SliceContext): Promise<SliceOutcome> {
  const { keeper, jobStream, timer } = context;
  const sinkNames = jobStream.sinks.map(({ name }) => name);
  if (isFinished(keeper.current, sinkNames)) return { progress: keeper.current };
  const { meter, reading, effort } = createEffort(keeper.current.effort);
  const ending = AbortSignal.any([context.signal, keeper.lost]);
  const inside: SliceContext = { ...context, signal: ending };
  const delivery = createSliceDelivery(slice, inside, meter);
  const snapshot = createSnapshot(context, delivery, effort);
  try {
    await deliverAll(slice, inside, delivery, reading, snapshot);
    const progress = snapshot(delivery.finished());
    await timer.spend('progress_ms', () => keeper.end(progress));
    context.onProgress(delivery.ledger());
    return { progress };
  } catch (thrown) {
    const error = ending.aborted ? stopReason(ending) : thrown;
    const progress = snapshot({ error: sliceErrorOf(error) });
    // What was acknowledged before the error must not be sent again; if this fails too, the error that came first is the one to report.
    if (!keeper.lost.aborted) await keeper.end(progress).catch((second: unknown) => notSaved(context, second));
    return { progress, error };
  }
}

type Snapshot = (ending?: Pick<SliceProgress, 'error' | 'finished' | 'reached'>) => SliceProgress;

/** Progress is saved behind delivery: the sinks do not wait for it, and nothing is in it that they have not acknowledged. */
async function deliverAll(slice: Slice, context: SliceContext, delivery: SliceDelivery, reading: Meter, snapshot: Snapshot): Promise<void> {
  const { timer, keeper, onProgress, signal } = context;
  const saves = createCoalescedSaves<SliceProgress>((progress) => keeper.save(progress));
  const groups = slicePages(slice, context, reading);
  try {
    for (let next = await timer.wait(groups.next()); next.done !== true; next = await timer.wait(groups.next())) {
      const group = next.value;
      // Landed pages may have nothing for the sinks, which are where a stop is noticed otherwise.
      if (signal.aborted) throw stopReason(signal);
      await timer.spend('delivering_ms', () => delivery.deliver(group));
      if (delivery.hasMoved()) saves.push(snapshot());
      onProgress(delivery.ledger());
    }
    await timer.spend('delivering_ms', () => delivery.finish());
    await timer.spend('progress_ms', () => saves.flush());
  } catch (error) {
    await saves.flush().catch(() => undefined); // the error that came first is the one to report
    throw error;
  } finally {
    await groups.return();
  }
}

function createSnapshot({ keeper, timer, clock, jobStream }: SliceContext, delivery: SliceDelivery, effort: () => Effort): Snapshot {
  const { time: earlier = noTime } = keeper.current;
  const instant = (): string => new Date(clock.now()).toISOString();
  const began = instant();
  return (ending) => ({
    ...reachedBy(jobStream, delivery.reached()),
    sinks: delivery.sinks(),
    ledger: delivery.ledger(),
    effort: effort(),
    time: addTimes([earlier, timer.totals]),
    began_at: began,
    ...(ending !== undefined && { ...ending, ended_at: instant() }),
  });
}

const reachedBy = ({ sinks }: JobStream, reached: Reached | undefined): Pick<SliceProgress, 'reached' | 'reached_by'> =>
  reached === undefined ? {} : { reached, reached_by: sinks.map(({ name }) => name) };

const notSaved = ({ logger }: SliceContext, error: unknown): void =>
  logger.warn('The progress of a slice could not be saved', { error: error instanceof Error ? error.message : String(error) });
