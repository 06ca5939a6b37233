import { tmpdir } from 'node:os';
import { FatalError } from '@loadin/resilience';
import { formatOf, type FormatDescription } from './feeds/format-of.js';
import { partPath, type BronzeLoad, type BronzeReport } from './load.js';
import { dayText, NO_DAY } from './partitions/event-day.js';
import { emptyPartition, stage, unstage, type Partition } from './partitions/partition.js';
import { createRowRoom } from './partitions/row-room.js';
import { createRowStore } from './partitions/row-store.js';
import { createSpill, type OpenSpill } from './partitions/spill.js';
import { createPartWriter, type GroupWithSchema, type Part } from './part-writer.js';
import type { Contract } from './schema/contract.js';
import { encoderOf } from './threads/encoder-of.js';
import { createGroupQueue } from './threads/group-queue.js';
import { lateWorker } from './threads/late-worker.js';
import type { EncoderSetup } from './threads/messages.js';

/** Takes rows of any feed, and makes files of them. */
export interface TableWriter {
  /** Answers whether there is something to be done: then `settle` before the next row. The bytes may change after the call. */
  add(day: number, row: Buffer, start: number, end: number): boolean;
  settle(): Promise<void>;
  finish(): Promise<BronzeReport>;
  /** Gives back the disk and ends the thread; needed also when it has finished. */
  close(): Promise<void>;
}

export interface TableWriterParts {
  readonly format: FormatDescription;
  readonly contract: Contract;
  /** Counts rows that the feed has quarantined itself. Default: it lets all in, and encoding finds out which don't fit. */
  readonly quarantined?: () => number;
  readonly openSpill?: OpenSpill;
}

const MIB = 1024 * 1024;

export function createTableWriter(load: BronzeLoad, { format, contract, quarantined, openSpill }: TableWriterParts): TableWriter {
  const { memoryBytes = 96 * MIB, rowGroupBytes = 24 * MIB, targetFileBytes = 512 * MIB } = load;
  const { output, entity, partitionBy, spillDirectory = tmpdir(), room = createRowRoom(memoryBytes, { threads: load.threads ?? 0 }) } = load;
  const setup = setupOf(load, format, contract);
  const encoder = encoderOf(setup);
  const partWriterOptions = { output, entity, targetFileBytes, pathOf: (date: string | null, part: number) => partPath(load, date, part) };
  const partitions = new Map<number, Partition>();
  const spill = createSpill(spillDirectory, openSpill);
  const thread = lateWorker(setup, load);
  const groups = createGroupQueue({
    ...{
      thread,
      bytes: () => bytes,
      encoder,
      contract,
      admitted: quarantined !== undefined,
      plain: new Set(),
      release: (rows) => store.release(rows),
    },
    ...{ format: formatOf(format), onQuarantined: load.onQuarantined },
  });
  // With one partition there is no need to wait for the end.
  const direct = partitionBy === undefined ? createPartWriter(partWriterOptions, null) : undefined;
  const ready: GroupWithSchema[] = [];
  let bytes = 0;
  const finished: { readonly partition: Partition; readonly last: GroupWithSchema | undefined }[] = [];

  const flush = (partition: Partition, large?: Uint8Array): void =>
    groups.add(store.take(partition, large), (group) => {
      if (group === undefined) return;
      if (direct !== undefined) ready.push(group);
      else partition.staged.push(stage(spill, group));
    });
  const store = createRowStore({ memoryBytes, room, spill, partitions, flush: (partition) => flush(partition) });
  const partitionOf = (day: number): Partition => {
    const partition = partitions.get(day) ?? emptyPartition(day);
    if (!partitions.has(day)) partitions.set(day, partition);
    return partition;
  };
  const writeReady = async (): Promise<void> => {
    for (let group = ready.shift(); group !== undefined; group = ready.shift()) await direct?.add(group);
  };
  const settle = async (): Promise<void> => {
    await groups.settle();
    await writeReady();
  };
  const writeFinished = async (parts: Part[]): Promise<void> => {
    for (let each = finished.shift(); each !== undefined; each = finished.shift()) {
      const { partition, last } = each;
      const file = createPartWriter(partWriterOptions, dayText(partition.day));
      for (const staged of partition.staged) await file.add(unstage(spill, staged));
      if (last !== undefined) await file.add(last);
      parts.push(...(await file.close()));
    }
  };

  return {
    add(day, row, start, end) {
      const partition = partitionOf(day);
      bytes += end - start;
      if (!store.add(partition, row, start, end)) flush(partition, row.subarray(start, end));
      if (partition.chain.bytes + partition.spilledBytes >= rowGroupBytes) flush(partition);
      return ready.length > 0 || groups.isFull;
    },
    settle,
    async finish() {
      const parts: Part[] = [];
      for (const partition of [...partitions.values()].sort(byDay)) {
        load.signal?.throwIfAborted();
        if (direct === undefined) groups.add(store.take(partition), (last) => finished.push({ partition, last }));
        else flush(partition);
        await settle();
        await writeFinished(parts);
      }
      await groups.drain();
      await writeReady();
      await writeFinished(parts);
      if (direct !== undefined) parts.push(...(await direct.close()));
      const leftOut = groups.quarantined + (quarantined?.() ?? 0);
      return { entity, rows: groups.rows, quarantined: leftOut, parts, schema: contract.schema, spilledBytes: spill.bytes };
    },
    async close() {
      spill.close();
      store.close();
      await thread.close();
    },
  };
}

function setupOf(load: BronzeLoad, format: FormatDescription, contract: Contract): EncoderSetup {
  const { entity, sortBy = [], compression = 'zstd', compressionLevel = 1, deletes = false, sourceSystem, ingestionId, ingestionTs } = load;
  const constants = { ingestionTs, sourceSystem, ingestionId };
  return { format, compression, compressionLevel, constants, deletes, sortBy: sortPlaces(contract, sortBy, entity) };
}

/** Those without a day last. */
const byDay = (a: Partition, b: Partition): number => (a.day === NO_DAY ? Infinity : a.day) - (b.day === NO_DAY ? Infinity : b.day) || 0;

function sortPlaces({ schema }: Contract, sortBy: readonly string[], entity: string): number[] {
  return sortBy.map((name) => {
    const place = schema.columns.findIndex((column) => column.name === name);
    if (place < 0) throw new FatalError(`There is no column "${name}" to sort by`, { where: entity, hint: 'Declare it in columns.' });
    return place;
  });
}
