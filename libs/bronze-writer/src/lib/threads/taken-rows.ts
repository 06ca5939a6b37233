import { freeMemory } from '../parquet/bytes.js';

/** Rows of one partition, each behind its length in four bytes. */
export interface TakenRows {
  /** Of which `length` are used. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly length: number;
  readonly count: number;
}

/** Memory for rows on their way to a row group. */
export interface RowMemory {
  take(bytes: number): Uint8Array<ArrayBuffer>;
  /** For the next one that takes. */
  release(rows: TakenRows): void;
  /** Gives back what is kept for the next one. */
  clear(): void;
}

/** So that the next, slightly larger one needs no memory of its own. */
const ROOM = 1024 * 1024;
/** Pieces that are kept. */
const MOST_FREE = 8;
/** Of those that are kept and those that are taken. */
const MOST_BYTES = 28 * 1024 * 1024;

/** One piece after the other is taken, and given back before the next. */
export function oneRowMemory(): RowMemory {
  let memory = new Uint8Array(0);
  return {
    take: (bytes) => (memory = memory.length < bytes ? allocate(bytes) : memory),
    release: () => undefined,
    clear() {
      freeMemory(memory);
      memory = new Uint8Array(0);
    },
  };
}

/** For several at once, of one load or of many. */
export function pooledRowMemory(): RowMemory {
  const free: Uint8Array<ArrayBuffer>[] = [];
  /** Of all pieces there are. */
  let bytesThere = 0;
  const drop = (memory: Uint8Array | undefined): void => {
    if (memory === undefined) return;
    bytesThere -= memory.length;
    freeMemory(memory);
  };
  return {
    take(bytes) {
      const fitting = free.findIndex(({ length }) => length >= bytes);
      if (fitting >= 0) return free.splice(fitting, 1)[0] as Uint8Array<ArrayBuffer>;
      // A smaller one makes place for what is larger.
      drop(free.shift());
      const memory = allocate(bytes);
      bytesThere += memory.length;
      return memory;
    },
    release({ bytes }) {
      if (free.length < MOST_FREE && bytesThere <= MOST_BYTES) free.push(bytes);
      else drop(bytes);
      // The smallest first: what is large is kept for rows that need it.
      free.sort((a, b) => a.length - b.length);
    },
    clear: () => free.splice(0).forEach(drop),
  };
}

/** Not zeroed, and memory of its own, which can be handed to a thread. */
function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = Buffer.allocUnsafeSlow(bytes + ROOM);
  return new Uint8Array(buffer, byteOffset, length);
}
