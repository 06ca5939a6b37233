import { tmpdir } from 'node:os';
import { createSpill, type OpenSpill, type Spill } from '../partitions/spill.js';
import type { Digests } from './digests.js';
import { entryBlock, entrySize } from './entries.js';
import { mergeRuns, type NextEntry, type Run } from './merge-runs.js';
import { runMemory } from './sort-run.js';
import type { KeySorter, KeySorterOptions, SortedKeys } from './types.js';

/** Runs of about the same size, in a file of their own. */
interface Level {
  readonly spill: Spill;
  readonly runs: Run[];
}

/** So many runs of one level become one of the next: what is read at once from each of them is memory too. */
const MOST_RUNS = 64;
const WRITE_BYTES = 1024 * 1024;

/**
 * Sorts in runs on the disk (`spillDirectory`), which have no name there and are gone when it is closed or the process ends. Throws `RetryableError` for a full
 * disk.
 */
export function createKeySorter(options: KeySorterOptions, openSpill?: OpenSpill): KeySorter {
  const { key, memoryBytes = 16 * 1024 * 1024, spillDirectory = tmpdir() } = options;
  const memory = runMemory(memoryBytes);
  const levels: Level[] = [];
  let room: Uint8Array | undefined;
  let rows = 0;
  let sorted: (() => Iterable<Digests>) | undefined;

  const levelOf = (number: number): Level => (levels[number] ??= { spill: createSpill(spillDirectory, openSpill), runs: [] });
  const write = (entries: NextEntry, number: number): void => {
    const { spill, runs } = levelOf(number);
    runs.push(writeRun(spill, entries, (room ??= new Uint8Array(WRITE_BYTES))));
    if (runs.length < MOST_RUNS) return;
    write(mergeRuns(runs), number + 1);
    spill.close();
    delete levels[number];
  };
  const flush = (): void => {
    write(entriesOf(memory.entries.bytes, memory.sorted()), 0);
    memory.clear();
  };
  const finish = (): (() => Iterable<Digests>) => {
    if (levels.length === 0) {
      const order = memory.sorted();
      return () => blocksOf(entriesOf(memory.entries.bytes, order));
    }
    flush();
    memory.release();
    return () => blocksOf(mergeRuns(levels.flatMap((level) => level.runs)));
  };

  return {
    add(digests) {
      if (sorted !== undefined) throw new Error('nothing can be added to keys that were sorted');
      for (let row = 0; row < digests.count;) {
        row = memory.add(digests, row);
        if (row < digests.count) flush();
      }
      rows += digests.count;
    },
    sorted(): SortedKeys {
      const blocks = (sorted ??= finish());
      return { key, rows, blocks };
    },
    close: () => levels.forEach(({ spill }) => spill.close()),
  };
}

function entriesOf(bytes: Uint8Array, order: Uint32Array): NextEntry {
  const entry = { bytes, at: 0 };
  let n = 0;
  return () => {
    if (n === order.length) return undefined;
    entry.at = order[n++] ?? 0;
    return entry;
  };
}

/** @param room for what is gathered to one write; of one run after the other */
function writeRun(spill: Spill, next: NextEntry, room: Uint8Array): Run {
  let out = room;
  const at = spill.bytes;
  let [length, bytes] = [0, 0];
  const flush = (): void => {
    if (length > 0) spill.write(out.subarray(0, length));
    bytes += length;
    length = 0;
  };
  for (let entry = next(); entry !== undefined; entry = next()) {
    const size = entrySize(entry.bytes, entry.at);
    if (length + size > out.length) flush();
    if (size > out.length) out = new Uint8Array(size);
    out.set(entry.bytes.subarray(entry.at, entry.at + size), length);
    length += size;
  }
  flush();
  return { spill, extent: { at, bytes } };
}

function* blocksOf(next: NextEntry): Iterable<Digests> {
  const block = entryBlock();
  let waiting = false;
  for (let entry = next(); entry !== undefined; entry = next()) {
    waiting = !block.add(entry.bytes, entry.at);
    if (!waiting) yield block.take();
  }
  if (waiting) yield block.take();
}
