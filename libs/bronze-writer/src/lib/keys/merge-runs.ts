import type { Extent, Spill } from '../partitions/spill.js';
import { compareEntries, entrySize, HEAD_BYTES, prefixAt } from './entries.js';

/** A sorted run that lies on the disk. */
export interface Run {
  readonly spill: Spill;
  readonly extent: Extent;
}

/** An entry; of use until the next one is asked for. */
export interface Entry {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** One entry after the other, and at the end none. (A generator would make an object of each.) */
export type NextEntry = () => Entry | undefined;

interface RunReader {
  bytes: Uint8Array<ArrayBuffer>;
  /** The entry that is next. */
  at: number;
  /** What was read ends here in `bytes`. */
  filled: number;
  prefix: number;
  /** Of the runs, for entries that are equal. */
  readonly number: number;
  readonly run: Run;
  /** Bytes of the run that were read. */
  read: number;
}

/** Read at once from each run. */
const READ_BYTES = 64 * 1024;

/** The entries of sorted runs in their order; equal ones as the runs are. */
export function mergeRuns(runs: readonly Run[]): NextEntry {
  const heap: RunReader[] = [];
  for (const [number, run] of runs.entries()) {
    const reader: RunReader = { bytes: new Uint8Array(READ_BYTES), at: 0, filled: 0, prefix: 0, number, run, read: 0 };
    if (settle(reader)) heap.push(reader);
  }
  heap.sort(compare);
  let isFirst = true;
  return () => {
    if (!isFirst) pass(heap);
    isFirst = false;
    return heap[0];
  };
}

/** Takes the first entry out. */
function pass(heap: RunReader[]): void {
  const first = heap[0];
  if (first === undefined) return;
  first.at += entrySize(first.bytes, first.at);
  if (!settle(first)) {
    const last = heap.pop();
    if (last === undefined || last === first) return;
    heap[0] = last;
  }
  sink(heap);
}

function compare(a: RunReader, b: RunReader): number {
  return a.prefix - b.prefix || compareEntries(a.bytes, a.at, b.bytes, b.at) || a.number - b.number;
}

/** Puts the first of the heap where it belongs. */
function sink(heap: RunReader[]): void {
  const reader = heap[0];
  if (reader === undefined) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    let least = heap[child];
    if (least === undefined) break;
    const right = heap[child + 1];
    if (right !== undefined && compare(right, least) < 0) {
      child++;
      least = right;
    }
    if (compare(reader, least) <= 0) break;
    heap[at] = least;
    at = child;
  }
  heap[at] = reader;
}

/** Makes the next entry whole in memory; false at the end of the run. */
function settle(reader: RunReader): boolean {
  if (reader.filled - reader.at < HEAD_BYTES) fill(reader, READ_BYTES);
  if (reader.filled === reader.at) return false;
  const size = entrySize(reader.bytes, reader.at);
  if (reader.filled - reader.at < size) fill(reader, size);
  reader.prefix = prefixAt(reader.bytes, reader.at);
  return true;
}

/** Moves what was not used to the front, and reads on; with room for an entry of this size. */
function fill(reader: RunReader, size: number): void {
  const { run, read, bytes, at, filled } = reader;
  const target = size > bytes.length ? new Uint8Array(size) : bytes;
  target.set(bytes.subarray(at, filled));
  const left = filled - at;
  const more = Math.min(target.length - left, run.extent.bytes - read);
  if (more > 0) run.spill.read({ at: run.extent.at + read, bytes: more }, target, left);
  Object.assign(reader, { bytes: target, at: 0, filled: left + more, read: read + more });
}
