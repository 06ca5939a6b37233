import { accessSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openKeyRuns } from './key-runs.js';
import { addKey, clearKeys, createKeySet, endKey, feedKey, hasKey, startKey } from './key-set.js';

function keyOf(...parts: readonly string[]): { low: number; high: number } {
  const key = { low: 0, high: 0 };
  startKey(key);
  for (const part of parts) {
    const bytes = Buffer.from(part);
    feedKey(key, bytes, 0, bytes.length);
  }
  endKey(key);
  return key;
}

describe('keys', () => {
  it.each<readonly [string, (n: number) => string[]]>([
    ['counting numbers', (n) => [String(n)]],
    ['pairs of numbers', (n) => [String(n >> 8), String(n & 255)]],
    ['texts that begin alike', (n) => [`guest-of-the-evening-number-${n}`]],
    ['hexadecimal digits', (n) => [n.toString(16).padStart(32, '0')]],
  ])('of %s are all different: 40,000 of them', (_, partsOf) => {
    const set = createKeySet();
    for (let n = 0; n < 40_000; n++) {
      const { low, high } = keyOf(...partsOf(n));
      if (!addKey(set, low, high)) throw new Error(`${partsOf(n).join()} is taken for another`);
    }
    expect(set.size).toBe(40_000);
  });

  it('have both halves spread: neither alone is a key', () => {
    for (const half of ['low', 'high'] as const) {
      const halves = new Set(Array.from({ length: 20_000 }, (_, n) => keyOf(String(n))[half]));
      // By chance 0.05 of them are the same.
      expect(halves.size).toBeGreaterThan(19_990);
    }
  });

  it('know where a part ends', () => {
    const keys = [keyOf('ab', 'c'), keyOf('a', 'bc'), keyOf('abc'), keyOf('', 'abc'), keyOf('abc', '')];
    expect(new Set(keys.map(({ low, high }) => `${low} ${high}`)).size).toBe(5);
  });

  it('are in the set that they were added to', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 })), fc.string({ maxLength: 3 }), (texts, other) => {
        const set = createKeySet();
        for (const text of texts) addKey(set, keyOf(text).low, keyOf(text).high);
        expect(set.size).toBe(new Set(texts).size);
        expect(hasKey(set, keyOf(other).low, keyOf(other).high)).toBe(texts.includes(other));
      }),
    );
  });
});

describe('runs of keys', () => {
  it('count what is repeated between them, and leave no file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'loadin-quality-'));
    try {
      fc.assert(
        fc.property(fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 40 })), { maxLength: 7 }), (groups) => {
          const runs = openKeyRuns(directory);
          expect(readdirSync(directory)).toEqual([]);
          const set = createKeySet();
          for (const group of groups) {
            clearKeys(set);
            for (const n of group) addKey(set, keyOf(String(n)).low, keyOf(String(n)).high);
            runs.add(set);
          }
          expect(runs.countRepeated()).toBe(groups.flat().length - new Set(groups.flat()).size);
          runs.close();
        }),
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('longer than what is read of them at once are read to their end', () => {
    const runs = openKeyRuns();
    const set = createKeySet();
    for (let n = 0; n < 20_000; n++) addKey(set, keyOf(String(n)).low, keyOf(String(n)).high);
    runs.add(set);
    runs.add(set);
    expect(runs.countRepeated()).toBe(20_000);
    runs.close();
  });

  const full = '/dev/full';
  const hasFullDevice = (() => {
    try {
      accessSync(full);
      return true;
    } catch {
      return false;
    }
  })();
  it('say that the disk is full', () => {
    // Only Linux has a device that is always full.
    if (!hasFullDevice) return;
    const runs = openKeyRuns(tmpdir(), full);
    const set = createKeySet();
    addKey(set, 1, 2);
    expect(() => runs.add(set)).toThrow(
      expect.objectContaining({ name: 'RetryableError', message: 'The disk is full: keys that are to be unique could not be kept' }) as Error,
    );
    runs.close();
  });
});
