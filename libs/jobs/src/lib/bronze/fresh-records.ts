import { deserialize, serialize } from 'node:v8';
import type { Digests, HashedRecords, PairSet, SortedKeys } from '@loadin/bronze-writer';
import type { JsonObject } from '@loadin/pipeline';
import { pairsByBucket } from './admit-rows.js';
import { createSpooledRows, type SpooledRows } from './spooled-rows.js';

/**
 * Records without those that were delivered as they are, by an earlier load or by a page before. Memory does not depend on how many those are: when they are many, records wait on
 * the disk in buckets by their keys, and bucket after bucket is compared.
 */
export interface FreshRecords {
  /** Those of a page that are to be delivered now. */
  of(records: readonly JsonObject[], digests: Digests): FreshPage;
  /** When all pages have come: those that have waited. */
  waiting(): AsyncIterable<FreshPage>;
  /** Gives back the disk. */
  close(): void;
}

export interface FreshPage {
  readonly fresh: HashedRecords;
  /** Records that are not to be delivered. */
  readonly dropped: number;
}

export interface FreshRecordsOptions {
  /** Keys and hashes that are held in memory at once, 45 bytes each. Default: 500,000. */
  readonly rowsInMemory?: number;
  /** For records that wait. Default: the system's. */
  readonly directory?: string;
}

/** How many there will be is known at the end only: with so many a bucket of 500,000 is one of 32 million. */
const BUCKETS = 64;

export async function createFreshRecords(delivered: SortedKeys | undefined, options: FreshRecordsOptions = {}): Promise<FreshRecords> {
  const { rowsInMemory = 500_000, directory } = options;
  const { createPairSet } = await import('./writer-parts.js');
  const given = createPairSet();
  const isHeld = (delivered?.rows ?? 0) <= rowsInMemory;
  if (isHeld) for await (const block of delivered?.blocks() ?? []) given.add(block);
  let spooled: SpooledRows | undefined = isHeld ? undefined : createSpooledRows(BUCKETS, directory);

  async function* waiting(rows: SpooledRows): AsyncGenerator<FreshPage> {
    let bucket = 0;
    // Those that are held have been looked for already.
    for await (const pairs of isHeld || delivered === undefined ? emptySets(createPairSet) : pairsByBucket(delivered, BUCKETS)) {
      for (const { block, digests } of rows.bucket(bucket)) {
        const records = Array.from(
          { length: block.count },
          (_, row) => deserialize(block.bytes.subarray(block.starts[row], block.ends[row])) as JsonObject,
        );
        yield freshOf(records, digests, pairs);
      }
      bucket += 1;
    }
  }
  return {
    of(records, digests) {
      if (spooled === undefined && given.size + records.length > rowsInMemory) spooled = createSpooledRows(BUCKETS, directory);
      if (spooled === undefined) return freshOf(records, digests, given);
      const rows = rowsOf(digests).filter((row) => !given.has(digests, row));
      spooled.add({ block: blockOf(rows.map((row) => records[row] as JsonObject)), digests: digestsOf(digests, rows) });
      return { fresh: { records: [], hashes: new Uint8Array(0) }, dropped: records.length - rows.length };
    },
    async *waiting() {
      if (spooled !== undefined) yield* waiting(spooled);
    },
    close: () => spooled?.close(),
  };
}

function* emptySets(create: () => PairSet): Generator<PairSet> {
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) yield create();
}

const rowsOf = ({ count }: Digests): number[] => Array.from({ length: count }, (_, row) => row);

function freshOf(records: readonly JsonObject[], digests: Digests, given: PairSet): FreshPage {
  const rows = rowsOf(digests).filter((row) => {
    if (given.has(digests, row)) return false;
    given.add(digests, [row]);
    return true;
  });
  const fresh = { records: rows.map((row) => records[row] as JsonObject), hashes: digestsOf(digests, rows).hashes };
  return { fresh, dropped: records.length - rows.length };
}

/** Of some rows, without the texts of their keys: whoever keeps those has them already. */
function digestsOf({ keys, hashes }: Digests, rows: readonly number[]): Digests {
  const of = (all: Uint8Array): Uint8Array => {
    const some = new Uint8Array(rows.length * 16);
    rows.forEach((row, n) => some.set(all.subarray(row * 16, row * 16 + 16), n * 16));
    return some;
  };
  return { count: rows.length, keys: of(keys), hashes: of(hashes), texts: new Uint8Array(0), ends: new Int32Array(0) };
}

/** Not as JSON, which has no -0. */
function blockOf(records: readonly JsonObject[]) {
  const pieces = records.map((record) => serialize(record));
  const ends = new Int32Array(pieces.length);
  pieces.forEach(({ length }, n) => (ends[n] = (ends[n - 1] ?? 0) + length));
  const starts = Int32Array.from(pieces, (_, n) => ends[n - 1] ?? 0);
  return { bytes: Buffer.concat(pieces), count: pieces.length, starts, ends };
}
