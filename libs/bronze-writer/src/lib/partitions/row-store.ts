import { setUint32 } from '../parquet/bytes.js';
import type { TakenRows } from '../threads/taken-rows.js';
import { BLOCK, blocksFor, storedSize } from './arena.js';
import type { Partition } from './partition.js';
import type { RowRoom } from './row-room.js';
import type { Spill } from './spill.js';

export interface RowStore {
  /** Puts a row behind the others of its partition; `flush` is called when the window is full. False for a row that is larger than the window. */
  add(partition: Partition, row: Buffer, start: number, end: number): boolean;
  /** All rows of a partition that wait, in the order in which they came, and the one that is too large for the window behind them. */
  take(partition: Partition, large?: Uint8Array): TakenRows | undefined;
  /** The rows that `take` gave are not needed any more. */
  release(rows: TakenRows): void;
  /** Gives the memory back, at once where Node can: nothing is added or taken any more. */
  close(): void;
}

export interface RowStoreOptions {
  /**
   * The window: rows that have come and are neither in a row group nor were put aside. It alone decides where row groups end, and not how much of it there is memory
   * for: the same input makes the same files, whatever else is loaded.
   */
  readonly memoryBytes: number;
  /** Where the window lies, as far as there is room. */
  readonly room: RowRoom;
  readonly spill: Spill;
  readonly partitions: ReadonlyMap<number, Partition>;
  /** Makes a row group of a partition. */
  readonly flush: (partition: Partition) => void;
}

/** Smaller row groups compress badly, and cost 15 µs for each of their columns. */
const LEAST_GROUP = 1024 * 1024;
/** Chains are gathered to writes of this size. */
const SPILL_WRITE = 4 * 1024 * 1024;

export function createRowStore({ memoryBytes, room, spill, partitions, flush }: RowStoreOptions): RowStore {
  const most = Math.max(1, Math.floor(memoryBytes / BLOCK));
  /** Blocks that the rows in the window need, those on the disk too. */
  let held = 0;
  const leaveWindow = (partition: Partition): void => {
    held -= blocksFor(partition.recent);
    partition.recent = 0;
  };

  /** Of the rows that have come, and of nothing else, depends what is done. */
  const narrow = (): void => {
    const bySize = [...partitions.values()].filter(({ recent }) => recent > 0).sort((a, b) => b.recent - a.recent || a.day - b.day);
    const largest = bySize[0];
    if (largest !== undefined && largest.recent >= LEAST_GROUP) return flush(largest);
    // Many small dates: half of the window is put aside until a date is large enough, or all have come.
    const aside: Partition[] = [];
    for (const partition of bySize) {
      aside.push(partition);
      leaveWindow(partition);
      if (held <= most / 2) break;
    }
    while (aside.some(({ chain }) => chain.bytes > 0)) spillSome(aside);
  };

  const relieve = (): void => spillSome([...partitions.values()].sort((a, b) => b.chain.bytes - a.chain.bytes || a.day - b.day));

  /** As many chains as are one write, or the beginning of a larger one. */
  const spillSome = (candidates: readonly Partition[]): void => {
    const batch: Partition[] = [];
    let bytes = 0;
    for (const partition of candidates) {
      const { chain } = partition;
      if (chain.bytes === 0) continue;
      if (bytes + chain.bytes > SPILL_WRITE && batch.length > 0) break;
      batch.push(partition);
      bytes += Math.min(chain.bytes, SPILL_WRITE);
    }
    if (bytes === 0) return;
    const memory = share.taken.take(bytes);
    let length = 0;
    const moved = batch.map((partition) => {
      const size = share.drain(partition.chain, memory, length, SPILL_WRITE);
      length += size;
      return { partition, size };
    });
    let { at } = spill.write(memory.subarray(0, length));
    share.taken.release({ bytes: memory, length, count: 0 });
    for (const { partition, size } of moved) {
      keepExtent(partition, at, size);
      at += size;
    }
  };
  const share = room.open(relieve);

  return {
    add(partition, row, start, end) {
      const size = storedSize(end - start);
      if (blocksFor(size) > most) return false;
      while (blocksMore(partition, size) > most - held) narrow();
      held += blocksMore(partition, size);
      partition.recent += size;
      partition.rows++;
      if (share.append(partition.chain, row, start, end)) return true;
      const { at } = spill.write(storedRow(row, start, end));
      keepExtent(partition, at, size);
      return true;
    },
    take(partition, large) {
      const { chain, spilled, spilledBytes, rows } = partition;
      const waiting = spilledBytes + chain.bytes;
      const [bytes, count] = [waiting + (large === undefined ? 0 : storedSize(large.length)), rows + (large === undefined ? 0 : 1)];
      leaveWindow(partition);
      if (count === 0) return undefined;
      const memory = share.taken.take(bytes);
      let at = 0;
      for (const extent of spilled) {
        spill.read(extent, memory, at);
        at += extent.bytes;
      }
      share.drain(chain, memory, at);
      Object.assign(partition, { spilled: [], spilledBytes: 0, rows: 0 });
      if (large !== undefined) {
        setUint32(memory, waiting, large.length);
        memory.set(large, waiting + 4);
      }
      return { bytes: memory, length: bytes, count };
    },
    release: (rows) => share.taken.release(rows),
    close: () => share.close(),
  };
}

/** Blocks that a partition's rows in the window need besides, with so many bytes more. */
const blocksMore = ({ recent }: Partition, bytes: number): number => blocksFor(recent + bytes) - blocksFor(recent);

function storedRow(row: Buffer, start: number, end: number): Uint8Array {
  const stored = Buffer.allocUnsafe(storedSize(end - start));
  setUint32(stored, 0, end - start);
  row.copy(stored, 4, start, end);
  return stored;
}

function keepExtent(partition: Partition, at: number, bytes: number): void {
  partition.spilled.push({ at, bytes });
  partition.spilledBytes += bytes;
}
