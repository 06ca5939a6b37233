import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Journal, openJournal } from '../journal.js';
import { openBlobs, type BlobStore } from './blobs.js';
import { apply, blobsOf, type BucketState, entriesOf, type S3State } from './bucket-state.js';
import { bucketNotEmpty, noSuchBucket } from './errors.js';
import type { BlobRef, S3Entry } from './types.js';

/** What a write decides once nobody else can change its key: an entry (or none, when there is nothing to do) and its own result. */
export interface Decision<Result> {
  readonly entry?: S3Entry;
  readonly result: Result;
}

/** Buckets, objects and uploads: state in memory, history in a journal, bytes in blobs. */
export interface S3Store {
  readonly blobs: BlobStore;
  buckets(): Iterable<BucketState>;
  find(name: string): BucketState | undefined;
  /** Throws `NoSuchBucket`. */
  bucket(name: string): BucketState;
  createBucket(entry: S3Entry & { t: 'bucket' }): Promise<void>;
  /** Throws `BucketNotEmpty`. */
  deleteBucket(name: string): Promise<void>;
  /**
   * Decides and writes with the key to itself: what `decide` saw still holds when the entry is durable and visible.
   * Throws what `decide` throws (then nothing was written), and `NoSuchBucket`.
   */
  commit<Result>(bucket: string, key: string, decide: (bucket: BucketState) => Decision<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Below this many superfluous entries the journal is not worth rewriting. */
const COMPACT_FROM = 1000;

export async function openStore(directory: string): Promise<S3Store> {
  const { state, journal, blobs } = await load(directory);
  const locked = createLocks();
  // Buckets that are going: a write that comes now must not be acknowledged and then vanish with the bucket.
  const closing = new Set<string>();
  const writing = createCounts();

  const record = async (entry: S3Entry): Promise<void> => {
    await journal.append(entry);
    await freeQuietly(blobs, apply(state, entry));
  };
  const find = (name: string): BucketState | undefined => (closing.has(name) ? undefined : state.get(name));
  const bucket = (name: string): BucketState => {
    const found = find(name);
    if (found === undefined) throw noSuchBucket(name);
    return found;
  };

  return {
    blobs,
    buckets: () => state.values(),
    find,
    bucket,
    createBucket: (entry) => locked(entry.bucket, () => record(entry)),
    deleteBucket: (name) =>
      locked(name, async () => {
        if (bucket(name).keys.length > 0 || writing.has(name)) throw bucketNotEmpty(name);
        closing.add(name);
        await record({ t: 'bucket-deleted', bucket: name }).finally(() => closing.delete(name));
      }),
    commit: (name, key, decide) =>
      locked(`${name}/${key}`, async () => {
        const { entry, result } = decide(bucket(name));
        if (entry !== undefined) await writing.during(name, () => record(entry));
        return result;
      }),
    close: () => journal.close(),
  };
}

async function load(directory: string): Promise<{ state: S3State; journal: Journal<S3Entry>; blobs: BlobStore }> {
  await mkdir(directory, { recursive: true });
  const { entries, journal } = await openJournal<S3Entry>(join(directory, 'journal.ndjson'));
  const state: S3State = new Map();
  for (const entry of entries) apply(state, entry);
  const blobs = await openBlobs(join(directory, 'blobs'));
  await blobs.sweep(new Set(blobsOf(state)));
  const kept = [...entriesOf(state)];
  if (entries.length > 2 * kept.length + COMPACT_FROM) await journal.compact(kept);
  return { state, journal, blobs };
}

/** The entry is durable: that an old file could not be removed is no reason to call the write failed; the next start sweeps it. */
async function freeQuietly(blobs: BlobStore, freed: readonly BlobRef[]): Promise<void> {
  await blobs.free(freed).catch(() => undefined);
}

/** One after the other for each name. */
function createLocks(): <Result>(name: string, work: () => Promise<Result>) => Promise<Result> {
  const tails = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = tails.get(name);
    const mine = (before ?? Promise.resolve()).then(work, work);
    tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(name) === mine) tails.delete(name);
    }
  };
}

/** How many pieces of work are under way, by name. */
function createCounts(): { has(name: string): boolean; during(name: string, work: () => Promise<void>): Promise<void> } {
  const counts = new Map<string, number>();
  return {
    has: (name) => counts.has(name),
    async during(name, work) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      try {
        await work();
      } finally {
        const left = (counts.get(name) ?? 1) - 1;
        if (left > 0) counts.set(name, left);
        else counts.delete(name);
      }
    },
  };
}
