import { loadsOf, settleLastLoad } from '../loads/earlier-load.js';
import { slicesOf } from '../plan/plan-slices.js';
import type { LastLoad, Load, Loaded } from '../ports/loader.js';
import type { StateStore } from '../ports/state-store.js';
import type { LoadedStream } from '../job.js';
import type { Slice } from '../ports/stream.js';
import type { Effort } from '../report/report.js';
import type { Ledger } from '../report/ledger.js';
import { loadLetters } from './dead-letters.js';
import { keepObjects } from './listed-objects.js';
import { checkLoaded, ledgerOfLoad, reachedByLoad } from './loaded.js';
import { createLoadWatch } from './load-watch.js';
import { createNotes } from './notes.js';
import { emptySinkProgress, isFinished, type SinkProgress, type SliceProgress } from './progress.js';
import type { SliceContext } from './slice-context.js';
import { createEffort } from './slice-effort.js';
import { sliceErrorOf, stopReason } from './slice-error.js';
import type { SliceOutcome } from './slice-run.js';
import { addTimes, noTime } from './slice-time.js';

export type LoadContext = Omit<SliceContext, 'jobStream' | 'claims' | 'replay'> & { readonly jobStream: LoadedStream; readonly state: StateStore };

/**
 * Has a slice that this process holds brought by its loader. What an earlier attempt did not commit counts for nothing: the loader begins anew, or completes what
 * was committed. Never rejects.
 */
export async function loadSlice(slice: Slice, context: LoadContext): Promise<SliceOutcome> {
  const { keeper, jobStream, timer, signal } = context;
  if (isFinished(keeper.current, [jobStream.loader.name])) return { progress: keeper.current };
  const { meter, reading, effort } = createEffort(keeper.current.effort);
  const ending = AbortSignal.any([signal, keeper.lost]);
  const snapshot = createSnapshot(context, effort);
  const watch = createLoadWatch(context, (ledger) => snapshot(ledger, emptySinkProgress));
  const beforeCommit = async (): Promise<void> => {
    if (ending.aborted) throw stopReason(ending);
    // A write that only the holder can make: it is sure then, also for one that slept. Where the store does not answer the lease's age has to do.
    await keeper.save(snapshot(watch.ledger(), emptySinkProgress)).catch(() => keeper.check());
    if (ending.aborted) throw stopReason(ending);
  };
  try {
    const options = {
      signal: ending,
      meter,
      reading,
      logger: context.logger,
      beforeCommit,
      onProgress: watch.onProgress,
      letters: lettersOf(slice, context),
      cutAnew: cutAnew(slice, context),
    };
    const loaded = checkLoaded(await timer.spend('loading_ms', () => jobStream.loader.load(loadOf(slice, context), options)), jobStream);
    return { progress: await finish(slice, loaded, context, snapshot) };
  } catch (thrown) {
    const error = ending.aborted ? stopReason(ending) : thrown;
    const progress = { ...snapshot(watch.ledger(), emptySinkProgress), error: sliceErrorOf(error), ended_at: instant(context) };
    // If this fails too, the error that came first is the one to report.
    if (!keeper.lost.aborted) await keeper.end(progress).catch((second: unknown) => notSaved(context, second));
    return { progress, error };
  } finally {
    watch.end();
  }
}

/** Saves that the slice is finished. What it gives has the objects themselves, wherever they are listed. */
async function finish(slice: Slice, loaded: Loaded, context: LoadContext, snapshot: Snapshot): Promise<SliceProgress> {
  const { plan, streamPlan, jobStream, lake, keeper, timer, onProgress } = context;
  const notes = createNotes();
  loaded.notes.forEach(notes.add);
  const ledger = ledgerOfLoad(jobStream.loader.name, loaded, 'delivered');
  const sink: SinkProgress = { parts: 1, delivered: ledger.accepted, dead_lettered: 0, objects: loaded.objects };
  const reached = reachedByLoad(jobStream, slice, loaded);
  const ending = {
    finished: { notes: notes.list(), groups_from_landing: 0 },
    ended_at: instant(context),
    ...(reached !== undefined && { reached, reached_by: [jobStream.loader.name] }),
  };
  await timer.spend('progress_ms', async () => {
    const kept = await keepObjects(lake, { job: plan.job, runId: plan.run_id, stream: streamPlan.id, slice: slice.ordinal }, sink);
    await keeper.end({ ...snapshot(ledger, kept), ...ending });
  });
  onProgress(ledger);
  return { ...snapshot(ledger, sink), ...ending };
}

type Snapshot = (ledger: Ledger, sink: SinkProgress) => SliceProgress;

function createSnapshot({ keeper, timer, clock, jobStream }: LoadContext, effort: () => Effort): Snapshot {
  const { time: earlier = noTime } = keeper.current;
  const began = instant({ clock });
  return (ledger, sink) => ({
    sinks: { [jobStream.loader.name]: sink },
    ledger,
    effort: effort(),
    time: addTimes([earlier, timer.totals]),
    began_at: began,
  });
}

function loadOf(slice: Slice, { plan, streamPlan }: LoadContext): Load {
  const { id: stream, source, data_type: dataType, ingestion_id: ingestionId, second, loaded_after: after } = streamPlan;
  const { job, run_id: runId, scheduled_time: scheduledTime, full_refresh: fullRefresh = false } = plan;
  return { job, runId, ingestionId, stream, source, dataType, scheduledTime, second, fullRefresh, slice, ...(after !== undefined && { after }) };
}

/** By the checkpoint as it is once it has moved by the last load. What the run's plan says of how the source was found stays. */
const cutAnew =
  (slice: Slice, { plan, streamPlan, jobStream, lake, state, clock }: LoadContext) =>
  async (last: LastLoad): Promise<Slice | undefined> => {
    await settleLastLoad(loadsOf(plan.job, jobStream), jobStream, last, { lake, state, now: clock.now() });
    const { job, scheduled_time: scheduledTime, full_refresh: fullRefresh = false } = plan;
    const { slices } = await slicesOf(jobStream.stream, { job, scheduledTime, state, fullRefresh, survey: async () => streamPlan.survey });
    return slices.find(({ ordinal }) => ordinal === slice.ordinal);
  };

const lettersOf = ({ ordinal }: Slice, { plan, streamPlan, jobStream }: LoadContext) =>
  loadLetters(jobStream.loader.name, plan.run_id, streamPlan, ordinal);

const instant = ({ clock }: Pick<LoadContext, 'clock'>): string => new Date(clock.now()).toISOString();

const notSaved = ({ logger }: LoadContext, error: unknown): void =>
  logger.warn('The progress of a slice could not be saved', { error: error instanceof Error ? error.message : String(error) });
