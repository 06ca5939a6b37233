import { createHash } from 'node:crypto';
import type { Meter } from '@loadin/observability';
import { createBatcher, type PendingBatch } from '../slices/batching.js';
import { rejectedRecords } from '../slices/dead-letters.js';
import { createIntake } from '../slices/intake.js';
import { createLanding } from '../landing/landing.js';
import { emptyReadLedger, type ReadLedger } from '../report/ledger.js';
import { landedGroups } from '../landing/page-groups.js';
import type { Replacing, Sink, SinkOptions, SliceAddress, Standing } from '../ports/sink.js';
import type { Slice } from '../ports/stream.js';
import { addressOf, type SliceContext } from '../slices/slice-context.js';

/** What a replay of a slice would do, found by comparing what the transform makes of the landed pages with what was delivered. Nothing was written for it. */
export interface SliceSurvey {
  readonly survey: 1;
  /** Of all records in order, by their hashes: another one means that the transform has changed since. */
  readonly fingerprint: string;
  readonly ledger: ReadLedger;
  readonly records: RecordChanges;
  /** What stands in the sinks that can be read back, part by part from 0. */
  readonly standings: Readonly<Record<string, readonly Place[]>>;
  /** Hashes of the records that are other than what was delivered; `all` when no sink can tell. */
  readonly changed: readonly string[] | 'all';
}

/** What stands in the place of one part. */
export interface Place extends Omit<Standing, 'hashes'> {
  /** Records fall into this part. Else it is one that an earlier delivery needed, and is to be emptied. */
  readonly needed: boolean;
}

export interface RecordChanges {
  /** As they were delivered before. */
  readonly unchanged: number;
  readonly changed: number;
  /** Of the accepted ones: rejected when the run was made, or by an earlier replay. */
  readonly newly_accepted: number;
  /** Of the rejected ones: accepted before. They are dead letters now. */
  readonly newly_rejected: number;
}

export type SurveyContext = Pick<SliceContext, 'plan' | 'streamPlan' | 'jobStream' | 'lake' | 'claims' | 'signal' | 'logger'> & {
  readonly meter: Meter;
  /** `WrittenObject.checksum` of what the run wrote: an object that is gone was the same when its checksum is among them. */
  readonly checksums: ReadonlySet<string>;
  /** Of earlier attempts of the same replay. With another transform they may have delivered a part: what they changed is changed for this one too. */
  readonly earlier: readonly SliceSurvey[];
};

/** Throws `LandingGoneError` when not all of the slice's pages are there. */
export async function surveySlice(slice: Slice, context: SurveyContext): Promise<SliceSurvey> {
  const { plan, streamPlan, jobStream, lake, claims, signal } = context;
  const takeIn = createIntake(jobStream, slice, claims);
  const rejectedBefore = await rejectedRecords(lake, plan.run_id, streamPlan, slice.ordinal);
  const changedBefore = changesOf(context.earlier);
  const changed = new Set<string>();
  const comparers = jobStream.sinks.flatMap((sink) => (sink.replacing === undefined ? [] : [createComparer(sink, sink.replacing, slice, context)]));
  const fingerprint = createHash('md5');
  const ledger = emptyReadLedger();
  let [newlyAccepted, newlyRejected] = [0, 0];
  const wasRejected = (raw: unknown): boolean => rejectedBefore.has(JSON.stringify(raw));

  for await (const group of landedGroups(createLanding({ lake, plan, stream: streamPlan }, slice))) {
    signal.throwIfAborted();
    ledger.pages += group.pages.length;
    for (const { raw, intake } of await takeIn(group.pages)) {
      if (intake.kind === 'null_entry') ledger.null_entries += 1;
      else {
        ledger.read += 1;
        ledger[intake.kind] += 1;
      }
      if (intake.kind === 'rejected') {
        fingerprint.update('rejected;');
        for (const comparer of comparers) comparer.reject();
        if (!wasRejected(raw)) newlyRejected += 1;
      }
      if (intake.kind === 'accepted') {
        fingerprint.update(`${intake.record.hash};`);
        if (changedBefore !== 'all' && changedBefore.has(intake.record.hash)) changed.add(intake.record.hash);
        for (const comparer of comparers) await comparer.add(intake.record);
        if (rejectedBefore.size > 0 && wasRejected(raw)) newlyAccepted += 1;
      }
    }
  }
  for (const comparer of comparers) for (const hash of await comparer.finish()) changed.add(hash);
  const all = comparers.length === 0 || changedBefore === 'all';
  const changedCount = all ? ledger.accepted : changed.size;
  return {
    survey: 1,
    fingerprint: fingerprint.digest('hex'),
    ledger,
    records: { unchanged: ledger.accepted - changedCount, changed: changedCount, newly_accepted: newlyAccepted, newly_rejected: newlyRejected },
    standings: Object.fromEntries(comparers.map(({ name, places }) => [name, places])),
    changed: all ? 'all' : [...changed],
  };
}

function changesOf(surveys: readonly SliceSurvey[]): ReadonlySet<string> | 'all' {
  if (surveys.some(({ changed }) => changed === 'all')) return 'all';
  return new Set(surveys.flatMap(({ changed }) => changed));
}

/** Cuts the same batches as a delivery, and compares each with what stands in its place. */
function createComparer(sink: Sink, replacing: Replacing, slice: Slice, context: SurveyContext) {
  const address: SliceAddress = addressOf(context.plan, context.streamPlan, slice);
  const { signal, meter, logger } = context;
  const options: SinkOptions = { signal, meter, logger };
  const batcher = createBatcher(sink.limits);
  const places: Place[] = [];
  /** Hashes that were delivered, and those of records that may not have been. */
  const delivered = new Set<string>();
  const doubtful: string[] = [];

  const compare = async ({ records, rejected }: PendingBatch, needed: boolean): Promise<void> => {
    const { hashes = [], ...standing } = await replacing.compare({ ...address, part: places.length, records, rejected }, options);
    places.push({ ...standing, needed });
    for (const hash of hashes) delivered.add(hash);
    const gone = standing.state === 'missing' || standing.state === 'damaged';
    if (standing.state === 'identical' || (gone && context.checksums.has(standing.checksum))) return;
    for (const { hash } of records) doubtful.push(hash);
  };
  return {
    name: sink.name,
    places,
    reject: () => batcher.reject(),
    async add(record: Parameters<typeof batcher.add>[0]): Promise<void> {
      const full = batcher.add(record);
      if (full !== undefined) await compare(full, true);
    },
    /** Gives the hashes of the records that were not delivered as they are now. */
    async finish(): Promise<string[]> {
      const rest = batcher.rest();
      if (rest !== undefined) await compare(rest, true);
      const last = (await replacing.parts(address, options)).at(-1) ?? -1;
      while (places.length <= last) await compare({ records: [], rejected: 0 }, false);
      return doubtful.filter((hash) => !delivered.has(hash));
    },
  };
}
