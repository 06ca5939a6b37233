import { StopError, systemClock } from '@loadin/resilience';
import { deliveryLeaseKey } from '../../leases/delivery-lease.js';
import { hold } from '../../leases/hold.js';
import { ownerName } from '../../leases/owner-name.js';
import type { LeaseOptions } from '../../leases/types.js';
import type { Stores } from '../stores.js';
import { finishEarlier } from './earlier.js';
import { findLetters } from './find-letters.js';
import { prepare, type Preparation } from './prepare.js';
import { batchesOf, retryBatch, type StreamRetry } from './retry-batch.js';
import { createRetryCounts, type RetryCounts } from './retry-counts.js';
import { readSettlement, settle } from './settlement.js';
import { streamOfRun, whyNotLater } from './stream-of-run.js';
import type { LetterSelection, OpenLetter, RetryContext, RetryReport } from './types.js';

/** Letters of one stream of one run that are held at once. */
const LETTERS_AT_ONCE = 2_000;

/**
 * Sends the letters that match to the sinks that have not acknowledged them, and to those alone. What is to be sent is stored first, so that a retry that was killed is
 * gone on with by the next one. A letter that is not delivered stays, with the reason in the report. Throws `StopError` when the lease of a stream was lost on the way, or the
 * signal was aborted: the same call goes on.
 */
export async function retryLetters(stores: Stores, selection: LetterSelection, context: RetryContext): Promise<RetryReport> {
  const { clock = systemClock, leaseMs: lengthMs, logger } = context;
  const leases: LeaseOptions = { state: stores.state, owner: ownerName(), lengthMs, clock, logger };
  const counts = createRetryCounts();
  let group: OpenLetter[] = [];
  const flush = async (): Promise<void> => {
    const letters = group;
    group = [];
    if (letters.length > 0) await retryGroup(letters, stores, leases, context, counts);
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

/** Letters of one stream of one run: nobody else delivers anything of it meanwhile. */
async function retryGroup(
  all: readonly OpenLetter[],
  stores: Stores,
  leases: LeaseOptions,
  context: RetryContext,
  counts: RetryCounts,
): Promise<void> {
  counts.asked(all);
  const isOfLoad = ({ letter }: OpenLetter): boolean => letter.stage === 'load';
  for (const letter of all.filter(isOfLoad)) counts.stay([letter], whyNotLater(letter));
  const letters = all.filter((letter) => !isOfLoad(letter));
  if (letters.length === 0) return;
  const { run_id: runId = '', stream: streamId = '' } = letters[0]?.letter ?? {};
  const held = await hold(leases, deliveryLeaseKey(runId, streamId), { signal: context.signal }).catch(whoIsAtWork);
  if (typeof held === 'string') return counts.stay(letters, held);
  try {
    const of = await streamOfRun(runId, streamId, stores);
    if (typeof of === 'string') counts.stay(letters, of);
    else await retryHeld(letters, { of, held, stores, context }, counts);
  } finally {
    await held.release();
  }
}

/** That somebody else delivers it just now is a reason to stay; other letters are retried all the same. */
function whoIsAtWork(error: unknown): string {
  if (error instanceof StopError && error.reason === 'lease') return error.message;
  throw error;
}

async function retryHeld(letters: readonly OpenLetter[], retry: StreamRetry, counts: RetryCounts): Promise<void> {
  const { of, stores, context } = retry;
  // What an earlier retry began is ended first: it may be what these letters wait for. What it could not end stays with it.
  const earlier = await finishEarlier(retry);
  const open = await stillOpen(letters, stores);
  counts.settled(letters.filter((letter) => !open.some(({ id }) => id === letter.id)));
  for (const letter of open) if (earlier.reasons.has(letter.id)) counts.stay([letter], earlier.reasons.get(letter.id) ?? '');
  const waiting = open.filter(({ id }) => !earlier.reasons.has(id));
  const { ready, found, copies, refused } = await prepare(waiting, earlier.records, of.stream, stores.lake, context);
  for (const { letter, reason } of refused) counts.stay([letter], reason);
  for (const { letter, sinks } of found) await settleFound(letter, sinks, stores, counts);
  for (const slice of new Set(letters.map(({ letter }) => letter.slice))) {
    const own = ready.filter(({ letter }) => letter.letter.slice === slice);
    for (const batch of await batchesOf(own, context)) await retryBatch(batch, slice, retry, counts);
  }
  await settleCopies(copies, stores, counts);
}

async function settleFound(letter: OpenLetter, sinks: readonly string[], { state }: Stores, counts: RetryCounts): Promise<void> {
  await settle(state, letter.key, { acknowledged: new Map(sinks.map((sink) => [sink, [letter.line]])) });
  counts.found(letter, sinks);
}

/** Letters of a record that another letter has brought, or not. */
async function settleCopies(copies: Preparation['copies'], stores: Stores, counts: RetryCounts): Promise<void> {
  for (const { letter, of: first } of copies) {
    const sinks = letter.open_sinks.filter((sink) => first.record.sinks.includes(sink));
    const delivered = (await stillOpen([first.letter], stores)).length === 0;
    if (delivered) await settleFound(letter, sinks, stores, counts);
    else counts.stay([letter], `it waits for the letter ${first.letter.id}, of the same record`);
  }
}

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
