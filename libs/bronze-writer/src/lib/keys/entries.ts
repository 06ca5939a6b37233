import { getUint32, reserve, setUint32, type Bytes } from '../parquet/bytes.js';
import { DIGEST_BYTES, type Digests } from './digests.js';

/** A row while it is sorted: the digest of its key and its hash, which are its order, the length of the key's JSON in 4 bytes, and that. */
export const PAIR_BYTES = 2 * DIGEST_BYTES;
export const HEAD_BYTES = PAIR_BYTES + 4;

export const entrySize = (bytes: Uint8Array, at: number): number => HEAD_BYTES + getUint32(bytes, at + PAIR_BYTES);

export function appendEntry(out: Bytes, { keys, hashes, texts, ends }: Digests, row: number): void {
  const from = row === 0 ? 0 : (ends[row - 1] ?? 0);
  const to = ends[row] ?? 0;
  reserve(out, HEAD_BYTES + to - from);
  const { bytes, length: at } = out;
  for (let n = 0; n < DIGEST_BYTES; n++) {
    bytes[at + n] = keys[row * DIGEST_BYTES + n] ?? 0;
    bytes[at + DIGEST_BYTES + n] = hashes[row * DIGEST_BYTES + n] ?? 0;
  }
  setUint32(bytes, at + PAIR_BYTES, to - from);
  for (let n = 0; n < to - from; n++) bytes[at + HEAD_BYTES + n] = texts[from + n] ?? 0;
  out.length = at + HEAD_BYTES + to - from;
}

/** The first 32 bits of the digest: most often all that an order takes. */
export const prefixAt = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;

export function compareEntries(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  for (let n = 0; n < PAIR_BYTES; n++) {
    const difference = (a[aAt + n] ?? 0) - (b[bAt + n] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Entries as blocks of digests; used again for each. */
export function entryBlock(): { add(bytes: Uint8Array, at: number): boolean; take(): Digests } {
  const [keys, hashes, ends] = [new Uint8Array(BLOCK_ROWS * DIGEST_BYTES), new Uint8Array(BLOCK_ROWS * DIGEST_BYTES), new Int32Array(BLOCK_ROWS)];
  const texts: Bytes = { bytes: new Uint8Array(BLOCK_ROWS * 16), length: 0 };
  let count = 0;
  return {
    /** Whether the block is full now. */
    add(bytes, at) {
      for (let n = 0; n < DIGEST_BYTES; n++) {
        keys[count * DIGEST_BYTES + n] = bytes[at + n] ?? 0;
        hashes[count * DIGEST_BYTES + n] = bytes[at + DIGEST_BYTES + n] ?? 0;
      }
      const size = getUint32(bytes, at + PAIR_BYTES);
      reserve(texts, size);
      for (let n = 0; n < size; n++) texts.bytes[texts.length + n] = bytes[at + HEAD_BYTES + n] ?? 0;
      texts.length += size;
      ends[count++] = texts.length;
      return count === BLOCK_ROWS || texts.length >= BLOCK_TEXTS;
    },
    take() {
      const block = { count, keys, hashes, texts: texts.bytes.subarray(0, texts.length), ends };
      texts.length = count = 0;
      return block;
    },
  };
}

const BLOCK_ROWS = 4096;
const BLOCK_TEXTS = 1024 * 1024;
