import { DIGEST_BYTES, type Digests } from './digests.js';

/** Rows that were delivered, known by key and hash: 32 bytes each, and a table of 4 to 11 bytes. */
export interface PairSet {
  readonly size: number;
  /** Adds rows; those that are there already change nothing. Default: all of the block. */
  add(digests: Digests, rows?: Iterable<number>): void;
  /** Whether this row was added, with this key and this hash. */
  has(digests: Digests, row: number): boolean;
  /** All of them in the order in which they came, without the keys' texts. Of use until the next `add`. */
  pairs(): Digests;
}

const FIRST_PAIRS = 1024;
/** Of the table's places; beyond, searching takes longer. */
const MAX_SHARE = 0.75;

export function createPairSet(): PairSet {
  let keys = new Uint8Array(FIRST_PAIRS * DIGEST_BYTES);
  let hashes = new Uint8Array(FIRST_PAIRS * DIGEST_BYTES);
  /** Numbers of pairs from 1 on, at the place that the pair's own bits say or behind it. */
  let slots = new Int32Array(FIRST_PAIRS * 2);
  let size = 0;

  /** The slot where the pair is, or where it would be. */
  const slotOf = (digests: Digests, row: number): number => {
    const mask = slots.length - 1;
    const at = row * DIGEST_BYTES;
    let slot = placeOf(digests.keys, digests.hashes, at) & mask;
    for (;;) {
      const pair = slots[slot] ?? 0;
      if (pair === 0 || (same(hashes, pair - 1, digests.hashes, at) && same(keys, pair - 1, digests.keys, at))) return slot;
      slot = (slot + 1) & mask;
    }
  };
  const grow = (): void => {
    keys = grown(keys);
    hashes = grown(hashes);
  };
  const enlargeTable = (): void => {
    slots = new Int32Array(slots.length * 2);
    const mask = slots.length - 1;
    for (let pair = 0; pair < size; pair++) {
      let slot = placeOf(keys, hashes, pair * DIGEST_BYTES) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = pair + 1;
    }
  };

  const addRow = (digests: Digests, row: number): void => {
    const slot = slotOf(digests, row);
    if (slots[slot] !== 0) return;
    if (keys.length === size * DIGEST_BYTES) grow();
    const at = row * DIGEST_BYTES;
    keys.set(digests.keys.subarray(at, at + DIGEST_BYTES), size * DIGEST_BYTES);
    hashes.set(digests.hashes.subarray(at, at + DIGEST_BYTES), size * DIGEST_BYTES);
    slots[slot] = ++size;
    if (size > slots.length * MAX_SHARE) enlargeTable();
  };

  return {
    get size() {
      return size;
    },
    add(digests, rows) {
      if (rows === undefined) for (let row = 0; row < digests.count; row++) addRow(digests, row);
      else for (const row of rows) addRow(digests, row);
    },
    has: (digests, row) => slots[slotOf(digests, row)] !== 0,
    pairs: () => ({
      count: size,
      keys: keys.subarray(0, size * DIGEST_BYTES),
      hashes: hashes.subarray(0, size * DIGEST_BYTES),
      texts: new Uint8Array(0),
      ends: new Int32Array(0),
    }),
  };
}

/** Digests are as good as random already; of both, so that rows of one key don't crowd. */
const placeOf = (keys: Uint8Array, hashes: Uint8Array, at: number): number => word(hashes, at) ^ word(keys, at + 4);
const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);

function same(pairs: Uint8Array, pair: number, digests: Uint8Array, at: number): boolean {
  const from = pair * DIGEST_BYTES;
  for (let n = 0; n < DIGEST_BYTES; n++) if (pairs[from + n] !== digests[at + n]) return false;
  return true;
}

/** By half: a set of millions would else hold twice as much as it needs. */
function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.ceil(bytes.length / DIGEST_BYTES / 2) * DIGEST_BYTES + bytes.length);
  larger.set(bytes);
  return larger;
}
