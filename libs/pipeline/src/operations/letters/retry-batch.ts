import { LoadinError } from '@loadin/resilience';
import type { HeldItem } from '../../leases/types.js';
import type { Stores } from '../stores.js';
import { announce } from './announced.js';
import { deliver } from './deliver.js';
import { freePart } from './free-part.js';
import { countManifests, openRetryProgress, storeManifest, type RetryManifest } from './manifest.js';
import { sizeOf, type Prepared } from './prepare.js';
import type { RetryCounts } from './retry-counts.js';
import { addressIn, sliceIn, type StreamOfRun } from './stream-of-run.js';
import type { RetryContext } from './types.js';

/** A retry of letters of one stream of a run, by who holds its delivery lease. */
export interface StreamRetry {
  readonly of: StreamOfRun;
  readonly held: HeldItem;
  readonly stores: Stores;
  readonly context: RetryContext;
}

/** Room for the envelope, as the batches of a run have it. */
const OVERHEAD_PER_BATCH = 4096;

/** Cut so that each is one batch for every sink. */
export async function batchesOf(ready: readonly Prepared[], { sinkOf }: RetryContext): Promise<Prepared[][]> {
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

/** Stores what is to be sent, then sends it. */
export async function retryBatch(batch: readonly Prepared[], ordinal: number, retry: StreamRetry, counts: RetryCounts): Promise<void> {
  const letters = batch.map(({ letter }) => letter);
  const manifest = await fix(batch, ordinal, retry);
  if (typeof manifest === 'string') return counts.stay(letters, manifest);
  const keeper = await openRetryProgress(retry.stores.state, sliceIn(retry.of, ordinal), manifest.number);
  const refusals = await deliver(manifest, keeper, retry);
  batch.forEach(({ letter, record }, index) => {
    const reason = refusals.get(index);
    if (reason === undefined) counts.delivered(letter, record.sinks);
    else counts.stay([letter], reason);
  });
  counts.wrote(keeper.current.objects.map(({ uri }) => uri));
}

/** Fixes what is to be sent, and under which name; or says why there is none. */
async function fix(batch: readonly Prepared[], ordinal: number, { of, held, stores, context }: StreamRetry): Promise<RetryManifest | string> {
  const slice = sliceIn(of, ordinal);
  for (;;) {
    const number = await countManifests(stores.lake, slice);
    const part = await freePart(of, ordinal, batch, number, stores, context).catch(messageOf);
    if (typeof part === 'string') return part;
    await held.check();
    const manifest = await storeManifest(stores.lake, slice, {
      retry: 1,
      job: of.job,
      stream: of.stream.id,
      address: addressIn(of, ordinal),
      number,
      part,
      replays: of.replays,
      generation: held.generation,
      records: batch.map(({ record }) => record),
    });
    // The number may be taken by somebody who has lost the lease and did not know it yet: what he stored is not announced, and never sent.
    if (manifest === undefined) continue;
    await announce(held, manifest);
    return manifest;
  }
}

const messageOf = (error: unknown): string => {
  if (!(error instanceof LoadinError)) throw error;
  return error.where === undefined ? error.message : `${error.message} (${error.where})`;
};
