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
}

/** So that the next, slightly larger one needs no memory of its own. */
const ROOM = 1024 * 1024;
const MOST_FREE = 3;

/** One piece after the other is taken, and given back before the next. */
export function oneRowMemory(): RowMemory {
  let memory = new Uint8Array(0);
  return {
    take: (bytes) => (memory = memory.length < bytes ? allocate(bytes) : memory),
    release: () => undefined,
  };
}

/** For several at once. */
export function pooledRowMemory(): RowMemory {
  const free: Uint8Array<ArrayBuffer>[] = [];
  return {
    take(bytes) {
      const fitting = free.findIndex(({ length }) => length >= bytes);
      return free.splice(Math.max(0, fitting), 1).find(({ length }) => length >= bytes) ?? allocate(bytes);
    },
    release({ bytes }) {
      if (free.length < MOST_FREE) free.push(bytes);
    },
  };
}

/** Not zeroed, and memory of its own, which can be handed to a thread. */
function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = Buffer.allocUnsafeSlow(bytes + ROOM);
  return new Uint8Array(buffer, byteOffset, length);
}
