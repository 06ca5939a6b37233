import type { Meter } from '@loadin/observability';
import { createReach } from '../cursors/reach.js';
import type { Reached } from '../cursors/types.js';
import { createDeadLetterBox, type DeadLetter, type DeadLetterBox } from './dead-letters.js';
import { createIntake, type Taken } from './intake.js';
import { emptyReadLedger, type Ledger } from '../report/ledger.js';
import { createNotes } from './notes.js';
import type { PageGroup } from '../landing/page-groups.js';
import type { BatchRecord } from '../ports/sink.js';
import type { Slice } from '../ports/stream.js';
import { emptySinkProgress, reachedFor, type SliceProgress } from './progress.js';
import { createSinkWriter, type SinkWriter } from './sink-writer.js';
import { addressOf, type SliceContext } from './slice-context.js';
import { worseOf } from './slice-error.js';

/** Takes a slice's page groups in, one after the other, and brings them to the sinks. */
export interface SliceDelivery {
  deliver(group: PageGroup): Promise<void>;
  /** Brings the last, smaller batches to the sinks. */
  finish(): Promise<void>;
  ledger(): Ledger;
  /** What the sinks have acknowledged by now. */
  sinks(): SliceProgress['sinks'];
  /** Whether that has changed since the last call. */
  hasMoved(): boolean;
  /** Incremental streams: up to where all that was read is delivered or in the dead letters. */
  reached(): Reached | undefined;
  /** Once `finish` has come to its end. */
  finished(): Pick<SliceProgress, 'finished' | 'reached'>;
}

/** An accepted record, or a rejected one in its place: it counts in the object in which it would lie. */
type Fed = BatchRecord | 'rejected';

/** A group's letters, numbered as it is. */
const letterStep = ({ index }: PageGroup): string => `transform-${String(index).padStart(6, '0')}`;

export function createSliceDelivery(slice: Slice, context: SliceContext, meter: Meter): SliceDelivery {
  const { jobStream, keeper } = context;
  const box = createDeadLetterBox(context.lake, context.plan.run_id, context.streamPlan, slice.ordinal);
  const earlier = keeper.current;
  const sinkNames = jobStream.sinks.map(({ name }) => name);
  const writers = createWriters(slice, context, meter, box);
  const takeIn = createIntake(jobStream, slice, context.claims);
  // A replay reads nothing anew.
  const reach = createReach(context.replay === undefined ? jobStream.stream : { key: jobStream.stream.key }, slice, reachedFor(earlier, sinkNames));
  const counts = emptyReadLedger();
  const notes = createNotes();
  let groupsFromLanding = 0;
  let seen: readonly unknown[] = writers.map((writer) => writer.progress);

  const count = ({ intake }: Taken): void => {
    if (intake.kind === 'null_entry') counts.null_entries += 1;
    else {
      counts.read += 1;
      counts[intake.kind] += 1;
    }
  };
  return {
    async deliver(group) {
      if (group.fromLanding) groupsFromLanding += 1;
      counts.pages += group.pages.length;
      for (const page of group.pages) page.notes?.forEach(notes.add);
      const taken = await takeIn(group.pages);
      taken.forEach(count);
      const fed = feedOf(taken, context);
      await together([...writers.map((writer) => feed(writer, fed)), box.write(letterStep(group), lettersOf(taken, slice, context))]);
      reach.mark(counts.accepted, taken);
    },
    finish: () => together(writers.map((writer) => writer.finish())),
    ledger() {
      // While this attempt still walks what an earlier one took in, that one's counts are the truth.
      const read = earlier.ledger !== undefined && counts.read < earlier.ledger.read ? earlier.ledger : counts;
      return { ...read, sinks: Object.fromEntries(writers.map((writer) => [writer.name, writer.ledger(read.accepted)])) };
    },
    // What is known of a sink that has left the job stays: it may come back.
    sinks: () => ({ ...earlier.sinks, ...Object.fromEntries(writers.map((writer) => [writer.name, writer.progress])) }),
    hasMoved() {
      const now = writers.map((writer) => writer.progress);
      const moved = now.some((progress, index) => progress !== seen[index]);
      seen = now;
      return moved;
    },
    reached: () => reach.reached(Math.min(counts.accepted, ...writers.map((writer) => writer.settled))),
    finished() {
      reach.notes().forEach(notes.add);
      const reached = reach.finished();
      return { finished: { notes: notes.list(), groups_from_landing: groupsFromLanding }, ...(reached !== undefined && { reached }) };
    },
  };
}

function feedOf(taken: readonly Taken[], { jobStream, replay, plan }: SliceContext): Fed[] {
  const fed: Fed[] = [];
  for (const { intake } of taken) {
    if (intake.kind === 'rejected') fed.push('rejected');
    if (intake.kind !== 'accepted') continue;
    jobStream.onAccepted?.(intake.record);
    fed.push(replay?.changed(intake.record) ? { ...intake.record, replayOf: plan.run_id } : intake.record);
  }
  return fed;
}

async function feed(writer: SinkWriter, fed: readonly Fed[]): Promise<void> {
  for (const one of fed) {
    // Most records only wait: to await each of them would cost more than what is done with it.
    const writing = one === 'rejected' ? writer.reject() : writer.add(one);
    if (writing !== undefined) await writing;
  }
}

/** Side by side; all of them end before the error of one is thrown, so that nothing goes on behind anybody's back. */
async function together(works: readonly Promise<void>[]): Promise<void> {
  const errors = (await Promise.allSettled(works)).flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length > 0) throw worseOf(errors);
}

function lettersOf(taken: readonly Taken[], slice: Slice, { plan, streamPlan, jobStream }: SliceContext): DeadLetter[] {
  const where = { run_id: plan.run_id, stream: streamPlan.id, slice: slice.ordinal };
  const sinks = jobStream.sinks.map(({ name }) => name);
  return taken.flatMap(({ raw, intake }): DeadLetter[] =>
    intake.kind === 'rejected' ? [{ stage: 'transform', reason: intake.reason, error_class: intake.errorClass, sinks, ...where, record: raw }] : [],
  );
}

/** Sinks are not told of a stop: they end the batch under way, and no further one is begun. */
const neverAborted = new AbortController().signal;

function createWriters(slice: Slice, context: SliceContext, meter: Meter, deadLetters: DeadLetterBox): SinkWriter[] {
  const { plan, streamPlan, jobStream, replay, signal, keeper, logger } = context;
  const batch = addressOf(plan, streamPlan, slice);
  const options = { signal: neverAborted, meter, logger };
  const beforeBatch = async (): Promise<void> => {
    signal.throwIfAborted();
    await keeper.check();
  };
  return jobStream.sinks.map((sink) => {
    const done = keeper.current.sinks[sink.name] ?? emptySinkProgress;
    const target = replay?.target(sink) ?? { sink, leastParts: 0 };
    return createSinkWriter({ ...target, batch, streamId: streamPlan.id, done, deadLetters, options, beforeBatch });
  });
}
