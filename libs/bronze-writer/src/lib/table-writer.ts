import { tmpdir } from 'node:os';
import { FatalError } from '@loadin/resilience';
import type { RowFormat } from './feeds/row-decoder.js';
import { partPath, type BronzeLoad, type BronzeReport } from './load.js';
import { codecOf } from './parquet/compression.js';
import { dayText, NO_DAY } from './partitions/event-day.js';
import { emptyPartition, stage, unstage, type Partition } from './partitions/partition.js';
import { createRowStore } from './partitions/row-store.js';
import { createSpill, type OpenSpill } from './partitions/spill.js';
import { createPartWriter, type GroupWithSchema, type Part } from './part-writer.js';
import { createRowEncoder } from './row-encoder.js';
import type { Contract } from './schema/contract.js';
import { encodeUnderContract } from './under-contract.js';

/** Takes rows of any feed, and makes files of them. */
export interface TableWriter {
  /** Answers whether there is something to be written: then `settle` before the next row. The bytes may change after the call. */
  add(day: number, row: Buffer, start: number, end: number): boolean;
  settle(): Promise<void>;
  finish(): Promise<BronzeReport>;
  /** Gives back the disk; needed also when it has finished. */
  close(): void;
}

export interface TableWriterParts {
  readonly format: RowFormat;
  readonly contract: Contract;
  /** Counts rows that the feed has quarantined itself. */
  readonly quarantined?: () => number;
  readonly openSpill?: OpenSpill;
}

const MIB = 1024 * 1024;

export function createTableWriter(load: BronzeLoad, { format, contract, quarantined = () => 0, openSpill }: TableWriterParts): TableWriter {
  const { memoryBytes = 96 * MIB, rowGroupBytes = 24 * MIB, targetFileBytes = 512 * MIB, compression = 'zstd', compressionLevel = 1 } = load;
  const { output, entity, partitionBy, sortBy = [], spillDirectory = tmpdir(), sourceSystem, ingestionId, ingestionTs } = load;
  const constants = { ingestionTs, sourceSystem, ingestionId };
  const places = sortPlaces(contract, sortBy, entity);
  const codec = codecOf(compression, compressionLevel);
  const encoder = createRowEncoder({ format, codec, constants, sortBy: places, deletes: load.deletes === true });
  const partWriterOptions = { output, entity, targetFileBytes, pathOf: (date: string | null, part: number) => partPath(load, date, part) };
  const partitions = new Map<number, Partition>();
  const spill = createSpill(spillDirectory, openSpill);
  // With one partition there is no need to wait for the end.
  const direct = partitionBy === undefined ? createPartWriter(partWriterOptions, null) : undefined;
  const ready: GroupWithSchema[] = [];
  let [rows, leftOut] = [0, 0];

  const encode = (partition: Partition, large?: Uint8Array): GroupWithSchema | undefined => {
    const waiting = store.take(partition, large);
    const made = waiting && encodeUnderContract(waiting, { encoder, contract, format, onQuarantined: load.onQuarantined });
    if (made === undefined) return undefined;
    rows += made.group?.group.rows ?? 0;
    leftOut += made.quarantined;
    return made.group;
  };
  const flush = (partition: Partition, large?: Uint8Array): void => {
    const group = encode(partition, large);
    if (group === undefined) return;
    if (direct !== undefined) ready.push(group);
    else partition.staged.push(stage(spill, group));
  };
  const store = createRowStore({ memoryBytes, spill, partitions, flush: (partition) => flush(partition) });
  const partitionOf = (day: number): Partition => {
    const partition = partitions.get(day) ?? emptyPartition(day);
    if (!partitions.has(day)) partitions.set(day, partition);
    return partition;
  };
  const settle = async (): Promise<void> => {
    for (let group = ready.shift(); group !== undefined; group = ready.shift()) await direct?.add(group);
  };
  const writePartition = async (partition: Partition): Promise<Part[]> => {
    const parts = createPartWriter(partWriterOptions, dayText(partition.day));
    for (const staged of partition.staged) await parts.add(unstage(spill, staged));
    const last = encode(partition);
    if (last !== undefined) await parts.add(last);
    return parts.close();
  };

  return {
    add(day, row, start, end) {
      const partition = partitionOf(day);
      if (!store.add(partition, row, start, end)) flush(partition, row.subarray(start, end));
      if (partition.chain.bytes + partition.spilledBytes >= rowGroupBytes) flush(partition);
      return ready.length > 0;
    },
    settle,
    async finish() {
      await settle();
      const parts: Part[] = [];
      for (const partition of [...partitions.values()].sort(byDay)) {
        load.signal?.throwIfAborted();
        if (direct === undefined) parts.push(...(await writePartition(partition)));
        else flush(partition);
      }
      await settle();
      if (direct !== undefined) parts.push(...(await direct.close()));
      return { entity, rows, quarantined: leftOut + quarantined(), parts, schema: contract.schema, spilledBytes: spill.bytes };
    },
    close: () => spill.close(),
  };
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
