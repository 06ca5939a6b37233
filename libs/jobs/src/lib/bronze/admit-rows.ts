import type { CopyBlock, Digests, PairSet, SortedKeys } from '@loadin/bronze-writer';
import { bucketOf, createSpooledRows, type SeenBlock } from './spooled-rows.js';

/** A block with the hashes of its rows, without those that were delivered as they are. */
export interface AdmittedBlock {
  readonly block: CopyBlock;
  readonly dropped: number;
}

export interface AdmitOptions {
  /** Rows of the delivered ones that are held in memory at once, 45 bytes each. Default: 500,000. */
  readonly rowsInMemory?: number;
  /** For rows that wait when there are more than that. Default: the system's. */
  readonly directory?: string;
}

/**
 * Leaves out the rows that are among the delivered ones, with the same key and the same hash. Memory does not depend on how many those are: when they are many, the rows wait on the
 * disk in buckets by their keys, and bucket after bucket is compared; they come in that order then.
 */
export async function* admitRows(
  seen: AsyncIterable<SeenBlock>,
  delivered: SortedKeys | undefined,
  options: AdmitOptions = {},
): AsyncGenerator<AdmittedBlock> {
  const { admitBlock } = await import('./writer-parts.js');
  const { rowsInMemory = 500_000, directory } = options;
  const buckets = Math.ceil((delivered?.rows ?? 0) / rowsInMemory);
  if (delivered !== undefined && buckets > 1) return yield* admitInBuckets(seen, delivered, buckets, directory);
  const pairs = delivered && (await pairsOf(delivered));
  for await (const { block, digests } of seen) yield admitBlock(block, digests, pairs);
}

async function pairsOf(delivered: SortedKeys): Promise<PairSet> {
  const { createPairSet } = await import('./writer-parts.js');
  const pairs = createPairSet();
  for await (const block of delivered.blocks()) pairs.add(block);
  return pairs;
}

async function* admitInBuckets(
  seen: AsyncIterable<SeenBlock>,
  delivered: SortedKeys,
  buckets: number,
  directory: string | undefined,
): AsyncGenerator<AdmittedBlock> {
  const { admitBlock } = await import('./writer-parts.js');
  const spooled = createSpooledRows(buckets, directory);
  try {
    for await (const block of seen) spooled.add(block);
    let bucket = 0;
    for await (const pairs of pairsByBucket(delivered, buckets)) {
      for (const { block, digests } of spooled.bucket(bucket)) yield admitBlock(block, digests, pairs);
      bucket += 1;
    }
  } finally {
    spooled.close();
  }
}

/** The delivered rows of each bucket, all buckets in their order. */
export async function* pairsByBucket(delivered: SortedKeys, buckets: number): AsyncGenerator<PairSet> {
  const { createPairSet } = await import('./writer-parts.js');
  let [pairs, number] = [createPairSet(), 0];
  for await (const block of delivered.blocks()) {
    for (let from = 0; from < block.count;) {
      const bucket = bucketOf(block, from, buckets);
      for (; number < bucket; number += 1, pairs = createPairSet()) yield pairs;
      const end = endOfBucket(block, from, buckets);
      pairs.add(block, numbers(from, end));
      from = end;
    }
  }
  for (; number < buckets; number += 1, pairs = createPairSet()) yield pairs;
}

function endOfBucket(block: Digests, from: number, buckets: number): number {
  const bucket = bucketOf(block, from, buckets);
  let end = from + 1;
  while (end < block.count && bucketOf(block, end, buckets) === bucket) end += 1;
  return end;
}

function* numbers(from: number, end: number): Iterable<number> {
  for (let row = from; row < end; row += 1) yield row;
}
