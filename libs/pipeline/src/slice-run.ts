import type { Clock } from '@loadin/resilience';
import type { Logger, Meter } from '@loadin/observability';
import { createDeadLetterBox, type DeadLetter, type DeadLetterBox } from './dead-letters.js';
import type { Claims } from './claims.js';
import { createIntake, type Taken } from './intake.js';
import type { JobStream } from './job.js';
import { createLanding, landedPages, type LandingOf } from './landing.js';
import { emptyReadLedger, type Ledger } from './ledger.js';
import { landedGroups, pageGroups, type PageGroup } from './page-groups.js';
import type { Plan, StreamPlan } from './plan.js';
import type { ObjectStore } from './ports/object-store.js';
import type { BatchRecord, Sink, SliceAddress, WrittenObject } from './ports/sink.js';
import type { StateStore } from './ports/state-store.js';
import type { Note, Page, Slice } from './ports/stream.js';
import { createNotes } from './notes.js';
import { emptySinkProgress, openProgress, type ProgressKeeper, type SliceProgress } from './progress.js';
import { createSinkWriter, type SinkWriter } from './sink-writer.js';

export interface SliceContext {
  readonly plan: Plan;
  readonly streamPlan: StreamPlan;
  readonly jobStream: JobStream;
  readonly lake: ObjectStore;
  readonly state: StateStore;
  readonly claims: Claims;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly meter: Meter;
  /** Counts what reading the source takes. Default: `meter`. */
  readonly reading?: Meter;
  readonly logger: Logger;
  /** Set when the slice is rebuilt from its landed pages: then nothing is read from the source. */
  readonly replay?: SliceReplay;
  /** Called after every page group with the ledger so far. */
  readonly onProgress: (ledger: Ledger) => void;
}

/** How the second delivery of a slice differs from the first. */
export interface SliceReplay {
  /** Its progress is kept under this id, so that the run's own stays as it is. */
  readonly id: string;
  /** Whether the record is other than what was delivered before. */
  changed(record: BatchRecord): boolean;
  /** How it writes to a sink, and how many parts of it stand there: as many are written, the last ones empty if need be. */
  target(sink: Sink): { readonly sink: Sink; readonly leastParts: number };
}

export interface SliceResult {
  readonly ledger: Ledger;
  readonly objects: readonly WrittenObject[];
  readonly notes: readonly Note[];
  /** Page groups taken from the landing zone instead of the source. */
  readonly groups_from_landing: number;
}

/**
 * Reads, parses and delivers one slice. Every attempt walks the same pages in the same order and cuts the same batches; what a sink
 * acknowledged in an earlier attempt is not sent again.
 */
export async function runSlice(slice: Slice, context: SliceContext): Promise<SliceResult> {
  const { plan, streamPlan, state, logger, replay } = context;
  const keeper = await openProgress(state, replay?.id ?? plan.run_id, streamPlan.id, slice.ordinal);
  const earlier = finishedResult(keeper.current, context.jobStream);
  if (earlier !== undefined) return earlier;
  const run = startSlice(slice, context, keeper);
  try {
    for await (const group of groupsOf(slice, context)) {
      await run.deliver(group);
      await run.save();
    }
    return await run.finish();
  } catch (error) {
    // What was acknowledged before the error must not be sent again; if this fails too, the error that came first is the one to report.
    await run.save().catch((second: unknown) => logger.warn('The progress of a slice could not be saved', { error: String(second) }));
    throw new SliceInterrupted(error, run.result());
  }
}

/**
 * What an earlier attempt finished, from the progress that it saved. It is not finished for a sink that has joined the job since: then the landed
 * pages are walked again, and that sink alone is given them.
 */
function finishedResult({ finished, ledger, sinks }: SliceProgress, jobStream: JobStream): SliceResult | undefined {
  if (finished === undefined || ledger === undefined || jobStream.sinks.some(({ name }) => sinks[name] === undefined)) return undefined;
  return { ...finished, ledger, objects: Object.values(sinks).flatMap((sink) => sink.objects) };
}

/** Carries what a slice had done when it ended early, for the report; `cause` is the error itself. */
export class SliceInterrupted extends Error {
  constructor(
    override readonly cause: unknown,
    readonly result: SliceResult,
  ) {
    super('the slice ended early');
  }
}

function groupsOf(slice: Slice, context: SliceContext): AsyncGenerator<PageGroup> {
  const { jobStream, lake, plan, streamPlan, signal, meter, reading = meter, logger } = context;
  const of = (stream: StreamPlan): LandingOf => ({ lake, plan, stream });
  if (context.replay !== undefined) return landedGroups(createLanding(of(streamPlan), slice));
  const landed = (streamId: string): AsyncIterable<Page> => {
    const other = plan.streams.find((stream) => stream.id === streamId);
    return other === undefined ? noPages() : landedPages(of(other));
  };
  return pageGroups(jobStream.stream, slice, createLanding(of(streamPlan), slice), { signal, meter: reading, logger, landed });
}

// eslint-disable-next-line require-yield -- an empty iterable is what a stream sees that is not part of the job
async function* noPages(): AsyncGenerator<Page> {
  return;
}

interface SliceInProgress {
  deliver(group: PageGroup): Promise<void>;
  /** Keeps what the sinks have acknowledged since the last time. */
  save(): Promise<void>;
  result(): SliceResult;
  finish(): Promise<SliceResult>;
}

function startSlice(slice: Slice, context: SliceContext, keeper: ProgressKeeper): SliceInProgress {
  const { plan, streamPlan, jobStream, lake, replay, claims, onProgress } = context;
  const box = createDeadLetterBox(lake, plan.run_id, streamPlan, slice.ordinal);
  const writers = createWriters(slice, context, keeper, box);
  const takeIn = createIntake(jobStream, slice, claims);
  const counts = emptyReadLedger();
  const notes = createNotes();
  let fromLanding = 0;

  const accept = async (record: BatchRecord): Promise<void> => {
    jobStream.onAccepted?.(record);
    const marked = replay?.changed(record) ? { ...record, replayOf: plan.run_id } : record;
    for (const writer of writers) await writer.add(marked);
  };
  const take = async ({ raw, intake }: Taken): Promise<DeadLetter | undefined> => {
    if (intake.kind === 'null_entry') counts.null_entries += 1;
    else {
      counts.read += 1;
      counts[intake.kind] += 1;
    }
    if (intake.kind === 'accepted') await accept(intake.record);
    if (intake.kind !== 'rejected') return undefined;
    for (const writer of writers) writer.reject();
    const where = { run_id: plan.run_id, stream: streamPlan.id, slice: slice.ordinal };
    return {
      stage: 'transform',
      reason: intake.reason,
      error_class: intake.errorClass,
      sinks: writers.map((writer) => writer.name),
      ...where,
      record: raw,
    };
  };

  const saved = keeper.current.ledger;
  const ledger = (): Ledger => {
    // While this attempt still walks what an earlier one delivered, the earlier one's ledger is the truth.
    if (saved !== undefined && counts.read < saved.read) return saved;
    return { ...counts, sinks: Object.fromEntries(writers.map((writer) => [writer.name, writer.ledger(counts.accepted)])) };
  };
  const result = (): SliceResult => ({
    ledger: ledger(),
    objects: writers.flatMap((writer) => writer.progress.objects),
    notes: notes.list(),
    groups_from_landing: fromLanding,
  });
  const save = async (finished?: SliceProgress['finished']): Promise<void> => {
    const moved = writers.some((writer) => writer.progress !== (keeper.current.sinks[writer.name] ?? emptySinkProgress));
    if (!moved && finished === undefined) return;
    // What is known of a sink that has left the job stays: it may come back.
    const sinks = { ...keeper.current.sinks, ...Object.fromEntries(writers.map((writer) => [writer.name, writer.progress])) };
    await keeper.save({ sinks, ledger: ledger(), ...(finished !== undefined && { finished }) });
  };

  return {
    async deliver(group) {
      if (group.fromLanding) fromLanding += 1;
      counts.pages += group.pages.length;
      for (const page of group.pages) page.notes?.forEach(notes.add);
      const letters: DeadLetter[] = [];
      for (const taken of await takeIn(group.pages)) {
        const letter = await take(taken);
        if (letter !== undefined) letters.push(letter);
      }
      await box.write(`transform-${String(group.index).padStart(6, '0')}`, letters);
      onProgress(ledger());
    },
    save: () => save(),
    result,
    async finish() {
      for (const writer of writers) await writer.finish();
      const finished = result();
      await save({ notes: finished.notes, groups_from_landing: fromLanding });
      onProgress(finished.ledger);
      return finished;
    },
  };
}

/** Sinks are not told of a stop: they end the batch under way, and no further one is begun. */
const neverAborted = new AbortController().signal;

/** What the batches of a slice have in common. */
export function addressOf(plan: Plan, streamPlan: StreamPlan, slice: Slice): SliceAddress {
  const { source, data_type: dataType, second, ingestion_id: ingestionId } = streamPlan;
  return { runId: plan.run_id, ingestionId, source, dataType, sliceOrdinal: slice.ordinal, second };
}

function createWriters(slice: Slice, context: SliceContext, keeper: ProgressKeeper, deadLetters: DeadLetterBox): SinkWriter[] {
  const { plan, streamPlan, jobStream, replay, signal: stop, meter, logger } = context;
  const batch = addressOf(plan, streamPlan, slice);
  const options = { signal: neverAborted, meter, logger };
  return jobStream.sinks.map((sink) => {
    const done = keeper.current.sinks[sink.name] ?? emptySinkProgress;
    const target = replay?.target(sink) ?? { sink, leastParts: 0 };
    return createSinkWriter({ ...target, batch, streamId: streamPlan.id, done, deadLetters, options, stop });
  });
}
