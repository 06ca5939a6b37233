import { hashBytes } from '../fields/row.js';
import { noise } from '../inspect.fixture.js';
import { addDistinct, createDistinct, estimateDistinct } from './distinct.js';
import { addQuantile, createQuantiles, readQuantiles } from './quantiles.js';
import { createSampling, nextIsSampled } from './sampling.js';

function distinctOf(count: number, valueOf: (n: number) => string): number {
  const registers = createDistinct();
  for (let n = 0; n < count; n++) {
    const bytes = new Uint8Array(Buffer.from(valueOf(n)));
    addDistinct(registers, hashBytes(new DataView(bytes.buffer), bytes, 0, bytes.length));
  }
  return estimateDistinct(registers);
}

const shapes: readonly (readonly [string, (n: number) => string])[] = [
  ['counting numbers', (n) => String(n)],
  ['numbers of ten digits', (n) => String(1_000_000_000 + n)],
  ['amounts', (n) => (n / 100).toFixed(2)],
  ['addresses', (n) => `guest${n}@mail.example`],
  ['instants', (n) => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString()],
  ['uuids', (n) => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-${(n * 7).toString(16).padStart(12, '0')}`],
  ['long texts that begin alike', (n) => `${'doors open an hour before the show '.repeat(3)}${n}`],
  ['texts that end alike', (n) => `${n} on the first floor`],
];

describe('the estimate of different values', () => {
  it.each(shapes)('is within 5 %% for %s (standard error 1.6 %%)', (_, valueOf) => {
    for (const count of [100, 1_000, 8_000, 20_000]) expect(Math.abs(distinctOf(count, valueOf) / count - 1)).toBeLessThan(0.05);
  });

  it('is exact for few, and 0 for none', () => {
    for (const count of [0, 1, 2, 5, 10]) expect(Math.round(distinctOf(count, (n) => `value ${n}`))).toBe(count);
  });

  it('does not grow with repetitions', () => {
    expect(Math.abs(distinctOf(10_000, (n) => String(n % 500)) / 500 - 1)).toBeLessThan(0.05);
  });
});

/** How many of the first ones are so; all others are not. */
function countBelow(sorted: Float64Array, isSo: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How far off the rank of what was answered is, at most. */
function rankError(values: readonly number[]): number {
  const quantiles = createQuantiles();
  for (const value of values) addQuantile(quantiles, value, 0);
  const sorted = Float64Array.from(values).sort();
  const shares = Array.from({ length: 99 }, (_, n) => (n + 1) / 100);
  const errors = readQuantiles(quantiles, shares).map((value, n) => {
    const below = countBelow(sorted, (other) => other < value) / sorted.length;
    const upTo = countBelow(sorted, (other) => other <= value) / sorted.length;
    const share = shares[n] ?? 0;
    return share < below ? below - share : share > upTo ? share - upTo : 0;
  });
  return Math.max(...errors);
}

describe('quantiles', () => {
  it.each<readonly [string, (n: number) => number]>([
    ['scattered', noise],
    ['ascending', (n) => n],
    ['descending', (n) => -n],
    ['few different ones', (n) => n % 7],
    ['skewed', (n) => noise(n) ** 8],
    ['in waves', (n) => Math.sin(n)],
  ])('are within 1 %% of the ranks for values that are %s', (_, valueOf) => {
    expect(rankError(Array.from({ length: 30_000 }, (_unused, n) => valueOf(n)))).toBeLessThan(0.01);
  });

  it('are exact up to 500 values', () => {
    const quantiles = createQuantiles();
    for (let n = 499; n >= 0; n--) addQuantile(quantiles, n, 0);
    expect(readQuantiles(quantiles, [0, 0.25, 0.5, 0.75, 1])).toEqual([0, 124, 249, 374, 499]);
  });

  it('hold some thousand values however many come', () => {
    const quantiles = createQuantiles();
    for (let n = 0; n < 100_000; n++) addQuantile(quantiles, noise(n), 0);
    expect(quantiles.levels.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(4_000);
  });
});

describe('the sample of rows', () => {
  const sample = (rows: number): { row: number; level: number }[] => {
    const sampling = createSampling();
    const found: { row: number; level: number }[] = [];
    for (let row = 0; row < rows; row++) if (nextIsSampled(sampling)) found.push({ row, level: sampling.level });
    return found;
  };

  it('is all rows at first, then ever fewer, and stands for all of them', () => {
    const found = sample(262_144);
    expect(found.slice(0, 8_192).every(({ row, level }, n) => row === n && level === 0)).toBe(true);
    expect(found).toHaveLength(8_192 + 5 * 4_096);
    expect(found.reduce((sum, { level }) => sum + 2 ** level, 0)).toBe(262_144);
  });

  it('meets no period of the rows', () => {
    const late = sample(1_048_576).filter(({ level }) => level === 5);
    for (const period of [2, 3, 4, 7, 8, 16]) {
      const share = late.filter(({ row }) => row % period === 0).length / late.length;
      expect(Math.abs(share - 1 / period)).toBeLessThan(0.02);
    }
  });
});
