import { newBytes, type Bytes } from '../parquet/bytes.js';
import type { Digests } from './digests.js';
import { appendEntry, compareEntries, prefixAt } from './entries.js';

/** Rows in memory that become one sorted run. */
export interface RunMemory {
  readonly entries: Bytes;
  /** Adds rows from `from` on while there is room. Answers the first that has not been added. */
  add(digests: Digests, from: number): number;
  /** Where the entries begin, in their order; of use until the next call. */
  sorted(): Uint32Array;
  clear(): void;
  /** Gives the memory back; no more is added. */
  release(): void;
}

/** An entry's place in the order and its number are one number of 53 bits: 32 of the digest, and 21. */
const MOST_ENTRIES = 2 ** 21;
/** Besides its bytes: where it begins, and its place in the order. */
const EXTRA_BYTES = 4 + 8;

export function runMemory(memoryBytes: number): RunMemory {
  const entries = newBytes(64 * 1024);
  let starts = new Uint32Array(1024);
  let count = 0;
  // Used for one run after the other: memory that is let go is not free at once.
  let order = new Float64Array(0);
  let sorted = new Uint32Array(0);
  const isFull = (): boolean => count === MOST_ENTRIES || entries.length + count * EXTRA_BYTES >= memoryBytes;
  return {
    entries,
    add(digests, from) {
      let row = from;
      for (; row < digests.count && !isFull(); row++) {
        if (count === starts.length) starts = enlarged(starts);
        starts[count++] = entries.length;
        appendEntry(entries, digests, row);
      }
      return row;
    },
    sorted() {
      // Without a function that compares, it is V8's own sort of numbers.
      if (order.length < count) [order, sorted] = [new Float64Array(starts.length), new Uint32Array(starts.length)];
      for (let n = 0; n < count; n++) order[n] = prefixAt(entries.bytes, starts[n] ?? 0) * MOST_ENTRIES + n;
      order.subarray(0, count).sort();
      for (let n = 0; n < count; n++) sorted[n] = starts[(order[n] ?? 0) % MOST_ENTRIES] ?? 0;
      sortTies(entries.bytes, sorted, count);
      return sorted.subarray(0, count);
    },
    clear() {
      entries.length = count = 0;
    },
    release() {
      entries.bytes = new Uint8Array(0);
      [starts, order, sorted] = [new Uint32Array(0), new Float64Array(0), new Uint32Array(0)];
    },
  };
}

/** Entries of one prefix by the rest of their digests. */
function sortTies(bytes: Uint8Array, sorted: Uint32Array, count: number): void {
  for (let from = 0; from < count;) {
    const prefix = prefixAt(bytes, sorted[from] ?? 0);
    let to = from + 1;
    while (to < count && prefixAt(bytes, sorted[to] ?? 0) === prefix) to++;
    if (to - from > 1) sorted.subarray(from, to).sort((a, b) => compareEntries(bytes, a, bytes, b) || a - b);
    from = to;
  }
}

function enlarged(starts: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(starts.length * 2);
  larger.set(starts);
  return larger;
}
