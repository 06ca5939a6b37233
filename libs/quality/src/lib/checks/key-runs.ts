import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RetryableError } from '@loadin/resilience';
import type { KeySet } from './key-set.js';

/** Sorted runs of keys in one file that has no name while it is open: nothing of it outlives the process. */
export interface KeyRuns {
  /** Writes the set's keys as the next run. Throws `RetryableError` for a full disk. */
  add(set: KeySet): void;
  /** How often a key comes in more than one run: one for each time but the first. */
  countRepeated(): number;
  close(): void;
}

const KEY_BYTES = 8;
/** Keys of each run that are in memory while runs are compared. */
const WINDOW = 8_192;

/** `path`: a file to write to, for the specification of a full disk. Default: one of its own without a name. */
export function openKeyRuns(directory: string = tmpdir(), path?: string): KeyRuns {
  const file = path === undefined ? openUnnamed(directory) : openSync(path, 'w+');
  const runs: { readonly from: number; readonly to: number }[] = [];
  let size = 0;
  return {
    add(set) {
      const keys = sortedKeys(set);
      const bytes = new Uint8Array(keys.buffer, 0, keys.length * KEY_BYTES);
      for (let at = 0; at < bytes.length;) at += write(file, bytes, at, size + at, directory);
      runs.push({ from: size, to: size + bytes.length });
      size += bytes.length;
    },
    countRepeated: () => countRepeated(runs.map((run) => openWindow(file, run))),
    close: () => closeSync(file),
  };
}

function openUnnamed(directory: string): number {
  const folder = mkdtempSync(join(directory, 'loadin-keys-'));
  const file = openSync(join(folder, 'runs'), 'w+');
  rmSync(folder, { recursive: true });
  return file;
}

function sortedKeys({ places, size }: KeySet): BigUint64Array {
  const halves = new Uint32Array(2 * size);
  let length = 0;
  for (let n = 0; n < places.length; n += 2) {
    if (places[n] === 0 && places[n + 1] === 0) continue;
    halves[length++] = places[n] as number;
    halves[length++] = places[n + 1] as number;
  }
  return new BigUint64Array(halves.buffer).sort();
}

function write(file: number, bytes: Uint8Array, from: number, position: number, directory: string): number {
  try {
    return writeSync(file, bytes, from, bytes.length - from, position);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw cause;
    throw new RetryableError('The disk is full: keys that are to be unique could not be kept', {
      where: directory,
      hint: 'Make room: 8 bytes a row and unique expectation.',
      cause,
    });
  }
}

interface Window {
  /** The run's least key that was not taken yet; `undefined` at its end. */
  key: bigint | undefined;
  next(): void;
}

function openWindow(file: number, { from, to }: { readonly from: number; readonly to: number }): Window {
  const keys = new BigUint64Array(WINDOW);
  const bytes = new Uint8Array(keys.buffer);
  let [position, at, count] = [from, 0, 0];
  const window: Window = {
    key: undefined,
    next() {
      if (at === count) {
        count = position < to ? Math.floor(readSync(file, bytes, 0, Math.min(bytes.length, to - position), position) / KEY_BYTES) : 0;
        if (count === 0 && position < to) throw new RetryableError('The file of keys has become shorter', { hint: 'Run again.' });
        position += count * KEY_BYTES;
        at = 0;
      }
      window.key = at < count ? keys[at++] : undefined;
    },
  };
  window.next();
  return window;
}

function countRepeated(windows: readonly Window[]): number {
  const heap = windows.filter(({ key }) => key !== undefined);
  for (let at = heap.length >> 1; at-- > 0;) sink(heap, at);
  let repeated = 0;
  let before: bigint | undefined;
  for (let [least] = heap; least?.key !== undefined; [least] = heap) {
    if (least.key === before) repeated++;
    before = least.key;
    least.next();
    if (least.key === undefined) {
      const last = heap.pop();
      if (last !== undefined && last !== least) heap[0] = last;
    }
    sink(heap, 0);
  }
  return repeated;
}

/** Puts a window whose key has grown back into its place: none comes before the one above it. */
function sink(heap: Window[], from: number): void {
  const keyAt = (at: number): bigint => heap[at]?.key ?? AFTER_ALL;
  for (let at = from; ;) {
    const left = 2 * at + 1;
    const least = keyAt(left + 1) < keyAt(left) ? left + 1 : left;
    if (keyAt(least) >= keyAt(at)) return;
    [heap[at], heap[least]] = [heap[least] as Window, heap[at] as Window];
    at = least;
  }
}

const AFTER_ALL = 1n << 64n;
