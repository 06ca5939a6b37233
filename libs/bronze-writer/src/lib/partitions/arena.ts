import { freeMemory, setUint32 } from '../parquet/bytes.js';

/** Bytes of a block. */
export const BLOCK = 8 * 1024;

/** The rows of a partition that wait in memory: a chain of blocks of the arena. */
export interface Chain {
  first: number;
  last: number;
  /** Bytes used of the last block. */
  used: number;
  bytes: number;
}

export const emptyChain = (): Chain => ({ first: -1, last: -1, used: BLOCK, bytes: 0 });

/** Blocks of a chain of so many bytes, or the most of an arena. */
export const blocksFor = (bytes: number): number => Math.ceil(bytes / BLOCK);

/**
 * The only memory for rows, whatever the number of partitions: blocks of 8 KB of one piece. A partition with a few rows holds one block, and not a buffer of its own.
 */
export interface Arena {
  readonly memory: Buffer;
  /** The block after each in its chain or in the list of free ones; −1 ends it. */
  readonly next: Int32Array;
  firstFree: number;
  free: number;
}

export function createArena(bytes: number): Arena {
  const blocks = Math.max(1, Math.floor(bytes / BLOCK));
  const next = Int32Array.from({ length: blocks }, (_, block) => (block + 1 < blocks ? block + 1 : -1));
  return { memory: Buffer.allocUnsafeSlow(blocks * BLOCK), next, firstFree: 0, free: blocks };
}

/** Nothing is in it any more, and nothing will be. */
export const freeArena = ({ memory }: Arena): void => freeMemory(memory);

/** Bytes of a row with its length. */
export const storedSize = (row: number): number => row + 4;

const length = Buffer.alloc(4);

/** Appends a row behind its length. False when there is no room: nothing has changed then. */
export function appendRow(arena: Arena, chain: Chain, row: Buffer, start: number, end: number): boolean {
  const size = storedSize(end - start);
  if (size > BLOCK - chain.used + arena.free * BLOCK) return false;
  setUint32(length, 0, end - start);
  if (size <= BLOCK - chain.used) {
    // The usual case: all in the block that is there.
    const at = chain.last * BLOCK + chain.used;
    setUint32(arena.memory, at, end - start);
    row.copy(arena.memory, at + 4, start, end);
    chain.used += size;
  } else {
    copyIn(arena, chain, length, 0, 4);
    copyIn(arena, chain, row, start, end);
  }
  chain.bytes += size;
  return true;
}

function copyIn(arena: Arena, chain: Chain, from: Buffer, start: number, end: number): void {
  for (let at = start; at < end;) {
    if (chain.used === BLOCK) takeBlock(arena, chain);
    const part = Math.min(end - at, BLOCK - chain.used);
    from.copy(arena.memory, chain.last * BLOCK + chain.used, at, at + part);
    chain.used += part;
    at += part;
  }
}

function takeBlock(arena: Arena, chain: Chain): void {
  const block = arena.firstFree;
  arena.firstFree = arena.next[block] ?? -1;
  arena.next[block] = -1;
  arena.free--;
  if (chain.last < 0) chain.first = block;
  else arena.next[chain.last] = block;
  chain.last = block;
  chain.used = 0;
}

/** Moves the first bytes of a chain, whole blocks of them and `most` at most unless that is all, to `target` from `at` on. Answers how many. */
export function drain(arena: Arena, chain: Chain, target: Uint8Array, at: number, most = chain.bytes): number {
  let to = at;
  while (chain.first >= 0) {
    const block = chain.first;
    const bytes = block === chain.last ? chain.used : BLOCK;
    if (to + bytes - at > most) break;
    target.set(arena.memory.subarray(block * BLOCK, block * BLOCK + bytes), to);
    to += bytes;
    chain.first = arena.next[block] ?? -1;
    arena.next[block] = arena.firstFree;
    arena.firstFree = block;
    arena.free++;
  }
  chain.bytes -= to - at;
  if (chain.first < 0) Object.assign(chain, emptyChain());
  return to - at;
}
