import { setUint32 } from '../parquet/bytes.js';
import type { RowMemory, TakenRows } from '../threads/taken-rows.js';
import { appendRow, createArena, drain, fitsEver, freeArena, storedSize } from './arena.js';
import type { Partition } from './partition.js';
import type { Spill } from './spill.js';

export interface RowStore {
  /** Puts a row behind the others of its partition; `relieve` is called for room. False for a row that is larger than all the memory. */
  add(partition: Partition, row: Buffer, start: number, end: number): boolean;
  /** All rows of a partition that wait, in the order in which they came, and the one that is too large for memory behind them. */
  take(partition: Partition, large?: Uint8Array): TakenRows | undefined;
  /** Gives the memory back, at once where Node can: nothing is added or taken any more. */
  close(): void;
}

export interface RowStoreOptions {
  readonly memoryBytes: number;
  readonly spill: Spill;
  readonly partitions: ReadonlyMap<number, Partition>;
  /** For rows that are taken. */
  readonly taken: RowMemory;
  /** Makes a row group of a partition. */
  readonly flush: (partition: Partition) => void;
}

/** Smaller row groups compress badly, and cost 15 µs for each of their columns. */
const LEAST_GROUP = 1024 * 1024;
/** Chains are gathered to writes of this size. */
const SPILL_WRITE = 4 * 1024 * 1024;

export function createRowStore({ memoryBytes, spill, partitions, taken, flush }: RowStoreOptions): RowStore {
  const arena = createArena(memoryBytes);

  /** What decides is what rows came, and in which order: the same input makes the same files. */
  const relieve = (): void => {
    const bySize = [...partitions.values()].filter(({ chain }) => chain.bytes > 0).sort((a, b) => b.chain.bytes - a.chain.bytes || a.day - b.day);
    const largest = bySize[0];
    if (largest !== undefined && largest.chain.bytes >= LEAST_GROUP) return flush(largest);
    const half = arena.next.length / 2;
    let [batch, bytes]: [Partition[], number] = [[], 0];
    for (const partition of bySize) {
      if (bytes + partition.chain.bytes > SPILL_WRITE && batch.length > 0) {
        spillChains(batch, bytes);
        [batch, bytes] = [[], 0];
        if (arena.free >= half) return;
      }
      batch.push(partition);
      bytes += partition.chain.bytes;
    }
    if (batch.length > 0) spillChains(batch, bytes);
  };

  const spillChains = (batch: readonly Partition[], bytes: number): void => {
    const memory = taken.take(bytes);
    const buffer = bufferOver(memory);
    let at = 0;
    const moved = batch.map((partition) => {
      const { rows, bytes: size } = partition.chain;
      drain(arena, partition.chain, buffer, at);
      at += size;
      return { partition, rows, size };
    });
    let { at: place } = spill.write(buffer.subarray(0, bytes));
    taken.release({ bytes: memory, length: bytes, count: 0 });
    for (const { partition, rows, size } of moved) {
      partition.spilled.push({ at: place, bytes: size });
      partition.spilledBytes += size;
      partition.spilledRows += rows;
      place += size;
    }
  };

  return {
    add(partition, row, start, end) {
      if (!fitsEver(arena, end - start)) return false;
      while (!appendRow(arena, partition.chain, row, start, end)) relieve();
      return true;
    },
    take(partition, large) {
      const { chain, spilled, spilledBytes, spilledRows } = partition;
      const waiting = spilledBytes + chain.bytes;
      const [bytes, count] = [
        waiting + (large === undefined ? 0 : storedSize(large.length)),
        spilledRows + chain.rows + (large === undefined ? 0 : 1),
      ];
      if (count === 0) return undefined;
      const memory = taken.take(bytes);
      const buffer = bufferOver(memory);
      let at = 0;
      for (const extent of spilled) {
        spill.read(extent, buffer, at);
        at += extent.bytes;
      }
      drain(arena, chain, buffer, at);
      Object.assign(partition, { spilled: [], spilledBytes: 0, spilledRows: 0 });
      if (large !== undefined) {
        setUint32(buffer, waiting, large.length);
        buffer.set(large, waiting + 4);
      }
      // Not as a Buffer: code that meets one kind of array alone is quicker.
      return { bytes: memory, length: bytes, count };
    },
    close: () => freeArena(arena),
  };
}

const bufferOver = ({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Buffer => Buffer.from(buffer, byteOffset, length);
