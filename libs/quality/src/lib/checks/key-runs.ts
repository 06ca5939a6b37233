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

export function openKeyRuns(directory: string = tmpdir()): KeyRuns {
  const folder = mkdtempSync(join(directory, 'loadin-keys-'));
  const file = openSync(join(folder, 'runs'), 'w+');
  rmSync(folder, { recursive: true });
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
  let repeated = 0;
  for (;;) {
    let least: bigint | undefined;
    for (const { key } of windows) if (key !== undefined && (least === undefined || key < least)) least = key;
    if (least === undefined) return repeated;
    let found = 0;
    for (const window of windows) {
      if (window.key !== least) continue;
      found++;
      window.next();
    }
    repeated += found - 1;
  }
}
