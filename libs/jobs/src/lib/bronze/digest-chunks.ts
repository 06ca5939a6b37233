import type { Digests } from '@loadin/bronze-writer';
import { createScratchFile, type Extent } from './scratch-file.js';

/** Digests of rows that wait, in the order in which they came, each with a number by which they become useless. */
export interface DigestChunks {
  /** Copies them. Without `place` they are kept. */
  add(digests: Digests, place: number | undefined): void;
  /** Drops rows whose places are all below this one; some of them may stay. */
  dropBelow(place: number): void;
  /** Of use until the next one is asked for. */
  all(): Iterable<Digests>;
  readonly rows: number;
  close(): void;
}

interface Chunk {
  readonly rows: number;
  /** The greatest of its rows; `Infinity` where one has none. */
  readonly place: number;
  readonly stored: Uint8Array | Extent;
}

const CHUNK_ROWS = 16_384;
/** Chunks in memory, some 1 MiB each. */
const MOST_IN_MEMORY = 8;

export function createDigestChunks(directory?: string): DigestChunks {
  const file = createScratchFile(directory);
  let chunks: Chunk[] = [];
  let filling: Uint8Array[] = [];
  let [fillingRows, fillingPlace] = [0, -Infinity];

  const isInMemory = ({ stored }: Chunk): boolean => stored instanceof Uint8Array;
  const seal = (): void => {
    if (fillingRows === 0) return;
    const bytes = Buffer.concat(filling);
    const stored = chunks.filter(isInMemory).length < MOST_IN_MEMORY ? bytes : file.write(bytes);
    chunks.push({ rows: fillingRows, place: fillingPlace, stored });
    filling = [];
    [fillingRows, fillingPlace] = [0, -Infinity];
  };
  return {
    add(digests, place = Infinity) {
      filling.push(packed(digests));
      fillingRows += digests.count;
      fillingPlace = Math.max(fillingPlace, place);
      if (fillingRows >= CHUNK_ROWS) seal();
    },
    dropBelow(place) {
      if (chunks.every((chunk) => chunk.place >= place)) return;
      for (const chunk of chunks) if (chunk.place < place && !(chunk.stored instanceof Uint8Array)) file.free(chunk.stored);
      chunks = chunks.filter((chunk) => chunk.place >= place);
    },
    *all() {
      seal();
      for (const { stored } of chunks) yield* unpacked(stored instanceof Uint8Array ? stored : file.read(stored));
    },
    get rows() {
      return chunks.reduce((sum, { rows }) => sum + rows, fillingRows);
    },
    close: () => file.close(),
  };
}

/** Number of rows, bytes of texts, ends, keys, hashes, texts. */
function packed({ count, keys, hashes, texts, ends }: Digests): Uint8Array {
  const size = ends[count - 1] ?? 0;
  const head = new Int32Array([count, size, ...ends.subarray(0, count)]);
  const bytes = [new Uint8Array(head.buffer), keys.subarray(0, count * 16), hashes.subarray(0, count * 16), texts.subarray(0, size)];
  // What follows begins where a number may.
  return Buffer.concat([...bytes, new Uint8Array((4 - (size % 4)) % 4)]);
}

function* unpacked(given: Uint8Array): Iterable<Digests> {
  // A copy begins at a multiple of 4, as the numbers in it want.
  const bytes = new Uint8Array(given);
  for (let at = 0; at < bytes.length;) {
    const [count = 0, size = 0] = new Int32Array(bytes.buffer, at, 2);
    const ends = new Int32Array(bytes.buffer, at + 8, count);
    const keysAt = at + 8 + count * 4;
    const [hashesAt, textsAt] = [keysAt + count * 16, keysAt + count * 32];
    yield {
      count,
      ends,
      keys: bytes.subarray(keysAt, hashesAt),
      hashes: bytes.subarray(hashesAt, textsAt),
      texts: bytes.subarray(textsAt, textsAt + size),
    };
    at = textsAt + size + ((4 - (size % 4)) % 4);
  }
}
