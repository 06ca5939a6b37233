import { gunzipSync, gzipSync } from 'node:zlib';
import type { JsonObject } from '../../ports/json.js';
import type { ObjectStore } from '../../ports/object-store.js';
import type { SliceAddress, WrittenObject } from '../../ports/sink.js';
import type { StateStore } from '../../ports/state-store.js';
import type { Stores } from '../stores.js';

/** Where what was retried lies. */
export const RETRIES = '_loadin/retries/';

/** What a retry sends: fixed before the first sink sees it, so that whoever goes on with it writes the same bytes. */
export interface RetryManifest {
  /** Of the format. */
  readonly retry: 1;
  readonly job: string;
  readonly stream: string;
  /** Where the batch belongs: the run's own ids, source, data type, slice and second. */
  readonly address: SliceAddress;
  /** Counts the retries of this slice from 0. */
  readonly number: number;
  /** The part of the slice that its object has in the lake. */
  readonly part: number;
  /** Revision of the state item of the stream's replays when it was made: a replay since then may have delivered the same records. */
  readonly replays: string | null;
  /** Of the lease that it was made under; a version without leases left it out. */
  readonly generation?: number;
  readonly records: readonly RetriedRecord[];
}

export interface RetriedRecord {
  readonly letter: { readonly key: string; readonly line: number };
  /** The entity id. */
  readonly id: string;
  readonly value: JsonObject;
  /** Sinks that have not acknowledged it. */
  readonly sinks: readonly string[];
}

export interface SliceOfRun {
  readonly job: string;
  readonly runId: string;
  readonly stream: string;
  readonly slice: number;
}

/** `_loadin/retries/{job}/{run id}/{stream}/slice=00000/00000.json.gz` */
const prefixOf = ({ slice, ...of }: SliceOfRun): string => `${prefixOfStream(of)}slice=${String(slice).padStart(5, '0')}/`;
const prefixOfStream = ({ job, runId, stream }: Omit<SliceOfRun, 'slice'>): string => `${RETRIES}${job}/${runId}/${stream}/`;
const keyOf = (of: SliceOfRun, number: number): string => `${prefixOf(of)}${String(number).padStart(5, '0')}.json.gz`;

/** Stores it unless its number is taken; gives it as it is stored, so that every attempt sends what JSON makes of it. `undefined`: another one has the number. */
export async function storeManifest(lake: ObjectStore, of: SliceOfRun, manifest: RetryManifest): Promise<RetryManifest | undefined> {
  const text = `${JSON.stringify(manifest)}\n`;
  const { created } = await lake.putIfAbsent(keyOf(of, manifest.number), gzipSync(text), {
    contentType: 'application/json',
    contentEncoding: 'gzip',
  });
  // Not created, and the same to the letter: the answer to our own write was lost.
  const isOurs = created || (await readText(lake, of, manifest.number)) === text;
  return isOurs ? (JSON.parse(text) as RetryManifest) : undefined;
}

export async function readManifest(lake: ObjectStore, of: SliceOfRun, number: number): Promise<RetryManifest | undefined> {
  const text = await readText(lake, of, number);
  return text === undefined ? undefined : (JSON.parse(text) as RetryManifest);
}

async function readText(lake: ObjectStore, of: SliceOfRun, number: number): Promise<string | undefined> {
  const stored = await lake.get(keyOf(of, number));
  return stored && gunzipSync(stored).toString('utf8');
}

/** How many retries the slice has had. */
export async function countManifests(lake: ObjectStore, of: SliceOfRun): Promise<number> {
  let count = 0;
  for await (const { key } of lake.list(prefixOf(of))) if (key.endsWith('.json.gz')) count += 1;
  return count;
}

/** How far a retry is: one small state item, so that what a sink has acknowledged is known as a whole or not at all. */
export interface RetryProgress {
  readonly sinks: Readonly<Record<string, RetrySinkProgress>>;
  readonly objects: readonly WrittenObject[];
  /** Every sink has answered and the letters are settled; or a replay has taken its place, and its letters wait again. */
  readonly finished?: true;
}

/** Indexes of the manifest's records, as `line-set` prints them. */
export interface RetrySinkProgress {
  readonly delivered: string;
  readonly undeliverable: string;
}

export interface RetryKeeper {
  readonly current: RetryProgress;
  save(next: RetryProgress): Promise<void>;
}

const NOTHING: RetryProgress = { sinks: {}, objects: [] };

export async function openRetryProgress(state: StateStore, { runId, stream, slice }: SliceOfRun, number: number): Promise<RetryKeeper> {
  const key = `retry/${runId}/${stream}/${slice}/${number}`;
  const item = await state.get(key);
  let revision = item?.revision ?? null;
  let current = item === undefined ? NOTHING : (item.value as unknown as RetryProgress);
  return {
    get current() {
      return current;
    },
    async save(next) {
      revision = await state.put(key, next as unknown as JsonObject, revision);
      current = next;
    },
  };
}

/** What the retries of a stream of a run have written, and whether one of them has not ended. */
export async function retriedObjects(
  lake: ObjectStore,
  state: StateStore,
  of: Omit<SliceOfRun, 'slice'>,
): Promise<{ readonly objects: readonly WrittenObject[]; readonly unfinished: boolean }> {
  const objects: WrittenObject[] = [];
  let unfinished = false;
  for await (const { keeper } of retriesOf({ lake, state }, of)) {
    objects.push(...keeper.current.objects);
    unfinished ||= keeper.current.finished !== true;
  }
  return { objects, unfinished };
}

/** The retries of a stream of a run that have not ended, in the order in which they were begun. */
export async function* unfinishedRetries(
  { lake, state }: Stores,
  of: Omit<SliceOfRun, 'slice'>,
): AsyncGenerator<{ readonly manifest: RetryManifest; readonly keeper: RetryKeeper }> {
  for await (const { slice, number, keeper } of retriesOf({ lake, state }, of)) {
    const manifest = keeper.current.finished ? undefined : await readManifest(lake, slice, number);
    if (manifest !== undefined) yield { manifest, keeper };
  }
}

async function* retriesOf(
  { lake, state }: Stores,
  of: Omit<SliceOfRun, 'slice'>,
): AsyncGenerator<{ readonly slice: SliceOfRun; readonly number: number; readonly keeper: RetryKeeper }> {
  const prefix = prefixOfStream(of);
  for await (const { key } of lake.list(prefix)) {
    const [, ordinal, digits] = /^slice=(\d{5})\/(\d{5})\.json\.gz$/.exec(key.slice(prefix.length)) ?? [];
    if (ordinal === undefined) continue;
    const [slice, number] = [{ ...of, slice: Number(ordinal) }, Number(digits)];
    yield { slice, number, keeper: await openRetryProgress(state, slice, number) };
  }
}
