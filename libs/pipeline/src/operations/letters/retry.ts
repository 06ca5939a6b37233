import { silentLogger, silentMeter } from '@loadin/observability';
import { LoadinError } from '@loadin/resilience';
import type { StreamPlan } from '../../plan.js';
import type { SinkOptions, SliceAddress } from '../../ports/sink.js';
import { readRunRecord } from '../../run-record.js';
import { readProgress } from '../../progress.js';
import { readPlan } from '../show-run.js';
import type { Stores } from '../stores.js';
import { deliver } from './deliver.js';
import { finishEarlier } from './earlier.js';
import { findLetters } from './find-letters.js';
import { countManifests, openRetryProgress, readManifest, storeManifest, type RetryManifest, type SliceOfRun } from './manifest.js';
import { prepare, sizeOf, type Prepared } from './prepare.js';
import { createRetryCounts, type RetryCounts } from './retry-counts.js';
import { settle, readSettlement } from './settlement.js';
import type { LetterSelection, OpenLetter, RetryContext, RetryReport } from './types.js';

/** Letters of one stream of one run that are held at once. */
const LETTERS_AT_ONCE = 2_000;
const MAX_PART = 99;
const QUIET: SinkOptions = { signal: new AbortController().signal, meter: silentMeter, logger: silentLogger };
/** Room for the envelope, as the batches of a run have it. */
const OVERHEAD_PER_BATCH = 4096;

/**
 * Sends the letters that match to the sinks that have not acknowledged them, and to those alone. What is to be sent is stored first, so that a retry that was killed is
 * gone on with by the next one. A letter that is not delivered stays, with the reason in the report.
 */
export async function retryLetters(stores: Stores, selection: LetterSelection, context: RetryContext): Promise<RetryReport> {
  const counts = createRetryCounts();
  let group: OpenLetter[] = [];
  const flush = async (): Promise<void> => {
    const letters = group;
    group = [];
    if (letters.length > 0) await retryGroup(letters, stores, context, counts);
  };
  for await (const letter of findLetters(stores, selection)) {
    const [first] = group;
    const same = first?.letter.run_id === letter.letter.run_id && first.letter.stream === letter.letter.stream;
    if ((first !== undefined && !same) || group.length >= LETTERS_AT_ONCE) await flush();
    group.push(letter);
  }
  await flush();
  return counts.report();
}

/** Letters of one stream of one run. */
async function retryGroup(letters: readonly OpenLetter[], stores: Stores, context: RetryContext, counts: RetryCounts): Promise<void> {
  counts.asked(letters);
  const of = await streamOf(letters, stores);
  if (typeof of === 'string') return counts.stay(letters, of);
  const slices = new Map<number, OpenLetter[]>();
  for (const letter of letters) slices.set(letter.letter.slice, [...(slices.get(letter.letter.slice) ?? []), letter]);
  // What an earlier retry began is ended first: it may be what these letters wait for. What it could not end stays with it.
  const held = await finishEarlier({ job: of.job, runId: of.runId, stream: of.stream.id }, of.replays, stores, context);
  const open = await stillOpen(letters, stores);
  counts.settled(letters.filter((letter) => !open.some(({ id }) => id === letter.id)));
  for (const letter of open) if (held.reasons.has(letter.id)) counts.stay([letter], held.reasons.get(letter.id) ?? '');
  const waiting = open.filter(({ id }) => !held.reasons.has(id));
  const { ready, found, copies, refused } = await prepare(waiting, held.records, of.stream, stores.lake, context);
  for (const { letter, reason } of refused) counts.stay([letter], reason);
  for (const { letter, sinks } of found) {
    await settle(stores.state, letter.key, { acknowledged: new Map(sinks.map((sink) => [sink, [letter.line]])) });
    counts.found(letter, sinks);
  }
  for (const slice of slices.keys()) {
    const own = ready.filter(({ letter }) => letter.letter.slice === slice);
    for (const batch of await batchesOf(own, context)) await retryBatch(batch, of, slice, stores, context, counts);
  }
  for (const { letter, of: first } of copies) {
    const sinks = letter.open_sinks.filter((sink) => first.record.sinks.includes(sink));
    const delivered = (await stillOpen([first.letter], stores)).length === 0;
    if (!delivered) counts.stay([letter], `it waits for the letter ${first.letter.id}, of the same record`);
    else {
      await settle(stores.state, letter.key, { acknowledged: new Map(sinks.map((sink) => [sink, [letter.line]])) });
      counts.found(letter, sinks);
    }
  }
}

interface StreamOfRun {
  readonly job: string;
  readonly runId: string;
  readonly stream: StreamPlan;
  /** Revision of the state item of the stream's replays; `null` when it has none. */
  readonly replays: string | null;
}

/** The run's plan of the stream, or why its letters can't be retried now. */
async function streamOf([first]: readonly OpenLetter[], { lake, state }: Stores): Promise<StreamOfRun | string> {
  const { run_id: runId = '', stream: streamId = '' } = first?.letter ?? {};
  const run = await readRunRecord(state, runId);
  if (run === undefined) return `the state store does not know the run ${runId}`;
  // A run that goes on may still read a good copy of the record, and deliver it.
  if (run.status !== 'complete')
    return `its run is not complete (${run.status}): run it to its end first, with loadin run ${run.job} --at ${run.scheduled_time}`;
  const replayed = await state.get(`replayed/${runId}/${streamId}`);
  if (replayed?.value['status'] === 'running') return 'a replay of its run has begun and not ended: run that to its end first';
  const stream = (await readPlan(lake, run.job, runId))?.streams.find(({ id }) => id === streamId);
  if (stream === undefined) return 'the plan of its run is gone';
  return { job: run.job, runId, stream, replays: replayed?.revision ?? null };
}

function addressIn({ runId, stream }: StreamOfRun, sliceOrdinal: number): SliceAddress {
  const { source, data_type: dataType, second, ingestion_id: ingestionId } = stream;
  return { runId, ingestionId, source, dataType, sliceOrdinal, second };
}

const sliceOf = ({ job, runId, stream }: StreamOfRun, slice: number): SliceOfRun => ({ job, runId, stream: stream.id, slice });

/** The letters as they are now. */
async function stillOpen(letters: readonly OpenLetter[], { state }: Stores): Promise<OpenLetter[]> {
  const settlements = new Map<string, Awaited<ReturnType<typeof readSettlement>>>();
  const open: OpenLetter[] = [];
  for (const letter of letters) {
    const settlement = settlements.get(letter.key) ?? (await readSettlement(state, letter.key));
    settlements.set(letter.key, settlement);
    const sinks = letter.open_sinks.filter((sink) => !settlement.acknowledged.get(sink)?.has(letter.line));
    if (sinks.length > 0 && !settlement.discarded.has(letter.line)) open.push({ ...letter, open_sinks: sinks });
  }
  return open;
}

/** Cut so that each is one batch for every sink. */
async function batchesOf(ready: readonly Prepared[], { sinkOf }: RetryContext): Promise<Prepared[][]> {
  const names = [...new Set(ready.flatMap(({ record }) => record.sinks))];
  const limits = (await Promise.all(names.map(sinkOf))).flatMap((sink) => sink?.limits ?? []);
  const maxRecords = Math.min(...limits.map((limit) => limit.maxRecords));
  const maxBytes = Math.min(...limits.map((limit) => limit.maxBytes));
  const batches: Prepared[][] = [];
  let bytes = 0;
  for (const one of ready) {
    const size = sizeOf(one.record);
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= maxRecords || bytes + size > maxBytes) {
      batches.push([one]);
      bytes = OVERHEAD_PER_BATCH + size;
    } else {
      batch.push(one);
      bytes += size;
    }
  }
  return batches;
}

/** Stores what is to be sent, then sends it. Who finds that somebody else has stored a retry meanwhile ends that one first. */
async function retryBatch(
  batch: readonly Prepared[],
  of: StreamOfRun,
  ordinal: number,
  stores: Stores,
  context: RetryContext,
  counts: RetryCounts,
): Promise<void> {
  const slice = sliceOf(of, ordinal);
  let records = batch;
  while (records.length > 0) {
    const number = await countManifests(stores.lake, slice);
    const part = await freePart(of, ordinal, records, number, stores, context).catch(messageOf);
    if (typeof part === 'string')
      return counts.stay(
        records.map(({ letter }) => letter),
        part,
      );
    const address = addressIn(of, ordinal);
    const made = {
      retry: 1 as const,
      job: of.job,
      stream: of.stream.id,
      address,
      number,
      part,
      replays: of.replays,
      records: records.map(({ record }) => record),
    };
    const ours = await storeManifest(stores.lake, slice, made);
    // As it is stored, so that every attempt sends what JSON makes of it.
    const manifest = (await readManifest(stores.lake, slice, number)) ?? made;
    const keeper = await openRetryProgress(stores.state, slice, number);
    const refusals = await deliver(stores, manifest, keeper, context);
    if (ours) {
      records.forEach(({ letter, record }, index) => {
        const reason = refusals.get(index);
        if (reason === undefined) counts.delivered(letter, record.sinks);
        else counts.stay([letter], reason);
      });
      counts.wrote(keeper.current.objects.map(({ uri }) => uri));
      return;
    }
    records = await withoutOthers(records, manifest, stores, counts);
  }
}

/** What is left to send beside the retry that somebody else has stored: not the records that are in it, by these letters or by others. */
async function withoutOthers(records: readonly Prepared[], manifest: RetryManifest, stores: Stores, counts: RetryCounts): Promise<Prepared[]> {
  const others = new Set(manifest.records.map(({ id }) => id));
  const open = await stillOpen(
    records.map(({ letter }) => letter),
    stores,
  );
  const isOpen = new Set(open.map(({ id }) => id));
  counts.settled(records.filter(({ letter }) => !isOpen.has(letter.id)).map(({ letter }) => letter));
  const left = records.filter(({ letter }) => isOpen.has(letter.id));
  const theirs = left.filter(({ record }) => others.has(record.id)).map(({ letter }) => letter);
  if (theirs.length > 0) counts.stay(theirs, 'somebody else retries it at the same time: retry it once more');
  return left.filter(({ record }) => !others.has(record.id));
}

const messageOf = (error: unknown): string => {
  if (!(error instanceof LoadinError)) throw error;
  return error.where === undefined ? error.message : `${error.message} (${error.where})`;
};

/** The part after all that the slice has or had: those of its run, of replays, and of earlier retries. Or why there is none. */
async function freePart(
  of: StreamOfRun,
  ordinal: number,
  records: readonly Prepared[],
  manifests: number,
  { lake, state }: Stores,
  { sinkOf }: RetryContext,
): Promise<number | string> {
  const progress = await readProgress(state, of.runId, of.stream.id, ordinal);
  const used = Object.values(progress.sinks).map(({ parts }) => parts);
  /** A stream has no objects: what was sent there alone has taken no name. A sink that is gone may have. */
  const takesName = async (names: readonly string[]): Promise<boolean> => {
    for (const name of new Set(names)) {
      const sink = await sinkOf(name);
      if (sink === undefined || sink.replacing !== undefined) return true;
    }
    return false;
  };
  for (let number = 0; number < manifests; number += 1) {
    const manifest = await readManifest(lake, sliceOf(of, ordinal), number);
    if (manifest !== undefined && (await takesName(manifest.records.flatMap(({ sinks }) => sinks)))) used.push(manifest.part + 1);
  }
  const names = records.flatMap(({ record }) => record.sinks);
  for (const name of new Set(names)) {
    const { replacing } = (await sinkOf(name)) ?? {};
    const parts = (await replacing?.parts(addressIn(of, ordinal), QUIET)) ?? [];
    used.push((parts.at(-1) ?? -1) + 1);
  }
  const part = Math.max(0, ...used);
  return part > MAX_PART && (await takesName(names)) ? `slice ${ordinal} of its run has no free object name left (100 parts)` : part;
}
