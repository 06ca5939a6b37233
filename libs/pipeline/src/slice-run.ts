import type { Clock } from '@loadin/resilience';
import type { Logger, Meter } from '@loadin/observability';
import { createDeadLetterBox, type DeadLetter, type DeadLetterBox } from './dead-letters.js';
import { recordHash } from './hash.js';
import type { JobStream } from './job.js';
import { createLanding, landedPages, type LandingOf } from './landing.js';
import { emptyReadLedger, type Ledger } from './ledger.js';
import { pageGroups, type PageGroup } from './page-groups.js';
import type { Plan, StreamPlan } from './plan.js';
import type { Json, JsonObject } from './ports/json.js';
import type { ObjectStore } from './ports/object-store.js';
import type { WrittenObject } from './ports/sink.js';
import type { StateStore } from './ports/state-store.js';
import type { Note, Page, Slice } from './ports/stream.js';
import { emptySinkProgress, openProgress, type ProgressKeeper } from './progress.js';
import { createSinkWriter, type SinkWriter } from './sink-writer.js';

export interface SliceContext {
  readonly plan: Plan;
  readonly streamPlan: StreamPlan;
  readonly jobStream: JobStream;
  readonly lake: ObjectStore;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly logger: Logger;
  /** Called after every page group with the ledger so far. */
  readonly onProgress: (ledger: Ledger) => void;
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
  const { plan, streamPlan, state } = context;
  const keeper = await openProgress(state, plan.run_id, streamPlan.id, slice.ordinal);
  if (keeper.current.finished !== undefined) return keeper.current.finished as unknown as SliceResult;
  const run = startSlice(slice, context, keeper);
  try {
    for await (const group of groupsOf(slice, context)) {
      await run.deliver(group);
      await run.save();
    }
    return await run.finish();
  } catch (error) {
    throw new SliceInterrupted(error, run.result());
  }
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
  const { jobStream, lake, plan, streamPlan, signal, meter, logger } = context;
  const of = (stream: StreamPlan): LandingOf => ({ lake, runId: plan.run_id, stream });
  const landed = (streamId: string): AsyncIterable<Page> => {
    const other = plan.streams.find((stream) => stream.id === streamId);
    return other === undefined ? noPages() : landedPages(of(other));
  };
  return pageGroups(jobStream.stream, slice, createLanding(of(streamPlan), slice), { signal, meter, logger, landed });
}

// eslint-disable-next-line require-yield -- an empty iterable is what a stream sees that is not part of the job
async function* noPages(): AsyncGenerator<Page> {
  return;
}

interface SliceInProgress {
  deliver(group: PageGroup): Promise<void>;
  save(): Promise<void>;
  result(): SliceResult;
  finish(): Promise<SliceResult>;
}

function startSlice(slice: Slice, context: SliceContext, keeper: ProgressKeeper): SliceInProgress {
  const { plan, streamPlan, jobStream, lake, onProgress } = context;
  const { stream, transform } = jobStream;
  const box = createDeadLetterBox(lake, plan.run_id, streamPlan, slice.ordinal);
  const writers = createWriters(slice, context, keeper, box);
  const counts = emptyReadLedger();
  const seen = new Set<string>();
  const notes: Note[] = [];
  let fromLanding = 0;

  const take = async (raw: Json): Promise<DeadLetter | undefined> => {
    if (raw === null) {
      counts.null_entries += 1;
      return undefined;
    }
    counts.read += 1;
    const key = stream.key(raw);
    if ((key !== undefined && seen.has(key)) || stream.belongs?.(raw, slice) === false) {
      counts.deduplicated += 1;
      return undefined;
    }
    if (key !== undefined) seen.add(key);
    const parsed = transform(raw);
    if (!parsed.ok) {
      counts.rejected += 1;
      for (const writer of writers) writer.reject();
      const reason = parsed.reasons.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
      const sinks = writers.map((writer) => writer.name);
      return {
        stage: 'transform',
        reason,
        error_class: 'RejectedRecord',
        sinks,
        run_id: plan.run_id,
        stream: streamPlan.id,
        slice: slice.ordinal,
        record: raw,
      };
    }
    counts.accepted += 1;
    const record = { id: parsed.id, value: parsed.record, json: JSON.stringify(parsed.record), hash: recordHash(parsed.record) };
    for (const writer of writers) await writer.add(record);
    return undefined;
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
    notes,
    groups_from_landing: fromLanding,
  });
  const save = async (finished?: SliceResult): Promise<void> => {
    const sinks = Object.fromEntries(writers.map((writer) => [writer.name, { ...writer.progress }]));
    const moved = writers.some((writer) => writer.progress.parts > (keeper.current.sinks[writer.name] ?? emptySinkProgress).parts);
    if (moved || finished !== undefined)
      await keeper.save({ sinks, ledger: ledger(), ...(finished && { finished: finished as unknown as JsonObject }) });
  };

  return {
    async deliver(group) {
      if (group.fromLanding) fromLanding += 1;
      const letters: DeadLetter[] = [];
      for (const page of group.pages) {
        counts.pages += 1;
        notes.push(...(page.notes ?? []));
        for (const raw of page.records) {
          const letter = await take(raw);
          if (letter !== undefined) letters.push(letter);
        }
      }
      await box.write(`transform-${String(group.index).padStart(6, '0')}`, letters);
      onProgress(ledger());
    },
    save: () => save(),
    result,
    async finish() {
      for (const writer of writers) await writer.finish();
      const finished = result();
      await save(finished);
      onProgress(finished.ledger);
      return finished;
    },
  };
}

function createWriters(slice: Slice, context: SliceContext, keeper: ProgressKeeper, deadLetters: DeadLetterBox): SinkWriter[] {
  const { plan, streamPlan, jobStream, signal, meter, logger } = context;
  const batch = {
    runId: plan.run_id,
    ingestionId: streamPlan.ingestion_id,
    source: streamPlan.source,
    dataType: streamPlan.data_type,
    sliceOrdinal: slice.ordinal,
    second: streamPlan.second,
  };
  return jobStream.sinks.map((sink) =>
    createSinkWriter({
      sink,
      batch,
      streamId: streamPlan.id,
      done: keeper.current.sinks[sink.name] ?? emptySinkProgress,
      deadLetters,
      options: { signal, meter, logger },
    }),
  );
}
