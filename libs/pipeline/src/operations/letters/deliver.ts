import { silentLogger, silentMeter } from '@loadin/observability';
import { FatalError, LoadinError } from '@loadin/resilience';
import { recordHash } from '../../hash.js';
import type { BatchRecord, Sink, WriteResult } from '../../ports/sink.js';
import type { Stores } from '../stores.js';
import { parseLines, printLines } from './line-set.js';
import type { RetryKeeper, RetryManifest } from './manifest.js';
import { readSettlement, settle } from './settlement.js';
import type { StreamRetry } from './retry-batch.js';

/** Why records of a manifest were not delivered, by index; several sinks may say something. */
export type Refusals = ReadonlyMap<number, string>;

const neverAborted = new AbortController().signal;

/**
 * Sends what a manifest says to the sinks that have not answered yet, notes each answer, settles the letters, and marks the retry finished. A crash between
 * any two of these steps leaves something that the next call goes on with: a raw object is written again with the same bytes, a stream may see
 * records twice with the same hash.
 */
export async function deliver(manifest: RetryManifest, keeper: RetryKeeper, { held, stores: { state }, context }: StreamRetry): Promise<Refusals> {
  const refusals = new Map<number, string>();
  const names = [...new Set(manifest.records.flatMap(({ sinks }) => sinks))];
  const discarded = await discardedSince(state, manifest);
  let open = false;
  for (const name of names) {
    // Objects are written as a whole, with the same bytes by every attempt: there a discard comes too late.
    const sink = await context.sinkOf(name);
    const indexes = waiting(manifest, keeper, name).filter((index) => sink?.replacing !== undefined || !discarded.has(index));
    if (indexes.length === 0) continue;
    context.signal?.throwIfAborted();
    await held.check();
    const outcome = await (sink === undefined ? Promise.reject(gone(name)) : send(sink, manifest, indexes)).catch((error: unknown) => {
      if (!(error instanceof LoadinError)) throw error;
      return error;
    });
    if (outcome instanceof LoadinError) {
      open = true;
      for (const index of indexes) refusals.set(index, `${name}: ${outcome.message}${outcome.where === undefined ? '' : ` (${outcome.where})`}`);
    } else open = (await note(name, indexes, outcome, keeper, refusals)) || open;
  }
  await settleDelivered(state, manifest, keeper);
  if (!open) await keeper.save({ ...keeper.current, finished: true });
  return refusals;
}

/** Ends a retry that a replay has overtaken: what was acknowledged is settled, the other letters wait for a new one, which looks at what the replay delivered. */
export async function giveUp({ state }: Stores, manifest: RetryManifest, keeper: RetryKeeper): Promise<void> {
  await settleDelivered(state, manifest, keeper);
  await keeper.save({ ...keeper.current, objects: [], finished: true });
}

/** Indexes of the records whose letters somebody has discarded. */
async function discardedSince(state: Stores['state'], { records }: RetryManifest): Promise<ReadonlySet<number>> {
  const byObject = new Map<string, ReadonlySet<number>>();
  for (const { letter } of records) {
    if (!byObject.has(letter.key)) byObject.set(letter.key, (await readSettlement(state, letter.key)).discarded);
  }
  return new Set(records.flatMap(({ letter }, index) => (byObject.get(letter.key)?.has(letter.line) ? [index] : [])));
}

/** Indexes of the records that the sink has not answered for. */
export function waiting({ records }: RetryManifest, { current }: RetryKeeper, name: string): number[] {
  const { delivered = '', undeliverable = '' } = current.sinks[name] ?? {};
  const answered = new Set([...parseLines(delivered), ...parseLines(undeliverable)]);
  return records.flatMap(({ sinks }, index) => (sinks.includes(name) && !answered.has(index) ? [index] : []));
}

/** Indexes of the records for which a sink has not answered: another retry must not send them. */
export function unanswered(manifest: RetryManifest, keeper: RetryKeeper): number[] {
  const names = new Set(manifest.records.flatMap(({ sinks }) => sinks));
  return [...new Set([...names].flatMap((name) => waiting(manifest, keeper, name)))];
}

/** One batch with these records. */
export async function send(sink: Sink, { address, part, records }: RetryManifest, indexes: readonly number[]): Promise<WriteResult> {
  const wanted = indexes
    .flatMap((index) => records[index] ?? [])
    .map(({ id, value }): BatchRecord => ({ id, value, json: JSON.stringify(value), hash: recordHash(value) }));
  const batch = { ...address, part, records: wanted, rejected: 0 };
  const options = { signal: neverAborted, meter: silentMeter, logger: silentLogger };
  const result = await sink.write(batch, options);
  if (result.acks.length !== wanted.length) throw faulty(sink, result, wanted.length);
  return result;
}

const gone = (name: string): FatalError => new FatalError(`there is no sink ${name} any more`);

const faulty = (sink: Sink, { acks }: WriteResult, count: number): FatalError =>
  new FatalError(`${sink.name} answered for ${acks.length} of ${count} records`, {
    hint: 'A sink must answer for every record: this is a fault of the sink.',
  });

/** Keeps a sink's answers; gives whether some records still wait. */
async function note(
  name: string,
  indexes: readonly number[],
  result: WriteResult,
  keeper: RetryKeeper,
  refusals: Map<number, string>,
): Promise<boolean> {
  const { delivered = '', undeliverable = '' } = keeper.current.sinks[name] ?? {};
  const [yes, no] = [parseLines(delivered), parseLines(undeliverable)];
  let pending = false;
  result.acks.forEach((ack, position) => {
    const index = indexes[position] ?? -1;
    if (ack.status === 'delivered') yes.add(index);
    else if (ack.status === 'undeliverable') no.add(index);
    else pending = true;
    if (ack.status === 'undeliverable') refusals.set(index, `${name}: ${ack.reason}`);
    if (ack.status === 'pending') refusals.set(index, `${name}: ${result.error?.message ?? 'not taken yet'}`);
  });
  await keeper.save({
    sinks: { ...keeper.current.sinks, [name]: { delivered: printLines(yes), undeliverable: printLines(no) } },
    objects: [...keeper.current.objects, ...result.objects],
  });
  return pending;
}

async function settleDelivered(state: Stores['state'], { records }: RetryManifest, { current }: RetryKeeper): Promise<void> {
  const byObject = new Map<string, Map<string, number[]>>();
  for (const [sink, { delivered }] of Object.entries(current.sinks)) {
    for (const index of parseLines(delivered)) {
      const letter = records[index]?.letter;
      if (letter === undefined) continue;
      const sinks = byObject.get(letter.key) ?? new Map<string, number[]>();
      sinks.set(sink, [...(sinks.get(sink) ?? []), letter.line]);
      byObject.set(letter.key, sinks);
    }
  }
  for (const [key, acknowledged] of byObject) await settle(state, key, { acknowledged });
}
