import { block, LOAD, noise } from '../inspect.fixture.js';
import { openCopyInspector } from '../inspector.js';
import type { Profile } from '../profile/types.js';
import { quantileIndex, shareUpTo } from './distribution.js';
import { findDrift } from './find-drift.js';

interface Options {
  readonly rows?: number;
  readonly type?: string;
  readonly name?: string;
  readonly loadType?: 'full' | 'incremental';
}

async function profile(
  valueOf: (n: number) => string | null,
  { rows = 2_000, type = 'numeric', name = 'x', loadType = 'full' }: Options = {},
): Promise<Profile> {
  const inspector = await openCopyInspector({ load: { ...LOAD, loadType }, columns: [{ name, type }] });
  inspector.inspectBlock(block(Array.from({ length: rows }, (_, n) => [valueOf(n)])));
  return (await inspector.finish()).profile as Profile;
}

const amount =
  (scale: number, seed = 0) =>
  (n: number) =>
    (noise(n + seed) * scale).toFixed(2);
const drift = async (before: Promise<Profile>, now: Promise<Profile>): Promise<string[]> =>
  findDrift(await before, await now).map(({ message }) => message);

describe('drift', () => {
  it('is none between loads of the same kind of rows', async () => {
    expect(await drift(profile(amount(100)), profile(amount(100, 50_000), { rows: 2_500 }))).toEqual([]);
    expect(
      await drift(
        profile((n) => (n % 3 === 0 ? null : `s${n % 4}`), { type: 'text' }),
        profile((n) => (n % 3 === 1 ? null : `s${(n * 7) % 4}`), { type: 'text' }),
      ),
    ).toEqual([]);
  });

  it('is a distribution that has moved', async () => {
    expect(await drift(profile(amount(100)), profile(amount(160)))).toEqual([
      expect.stringMatching(/^x is distributed otherwise \(PSI \d\.\d\d\): median 7\d\.\d+ after 4\d\.\d+$/),
    ]);
  });

  it('is values in other shares, and a value that was not there', async () => {
    const states = (paid: number) => (n: number) => (noise(n) < paid ? 'paid' : 'open');
    expect(await drift(profile(states(0.9), { type: 'text' }), profile(states(0.5), { type: 'text' }))).toEqual([
      expect.stringMatching(/^x has its values in other shares/),
    ]);
    expect(await drift(profile(states(0.9), { type: 'text' }), profile(states(0.86), { type: 'text' }))).toEqual([]);
  });

  it('is texts that are longer', async () => {
    const texts = (length: number) => (n: number) => 'x'.repeat(1 + Math.floor(noise(n) * length)) + String(n);
    expect(await drift(profile(texts(20), { type: 'text' }), profile(texts(60), { type: 'text' }))).toEqual([
      expect.stringContaining('median length'),
    ]);
  });

  it('is nulls that have become more or fewer', async () => {
    const nulls = (share: number) => (n: number) => (noise(n) < share ? null : String(n % 9));
    expect(await drift(profile(nulls(0)), profile(nulls(0.5)))).toEqual([expect.stringMatching(/^x has (49|5\d)(\.\d)? % nulls after 0 %$/)]);
    expect(await drift(profile(nulls(0)), profile(nulls(0.03)))).toEqual([]);
  });

  it('is columns that are new or gone, and types', async () => {
    expect(await drift(profile(amount(1)), profile(amount(1), { name: 'y' }))).toEqual(['x is not there any more', 'y is new']);
    expect(await drift(profile(amount(1)), profile(amount(1), { type: 'text' }))).toEqual(['x is text and was numeric']);
    const nothing = (): null => null;
    expect(await drift(profile(nothing), profile(nothing, { type: 'text' }))).toEqual(['x is text and was numeric']);
  });

  it('is the number of rows, of loads of one kind', async () => {
    expect(await drift(profile(amount(100)), profile(amount(100), { rows: 900 }))).toEqual(['900 rows after 2,000']);
    expect(await drift(profile(amount(100)), profile(amount(100), { rows: 900, loadType: 'incremental' }))).toEqual([]);
    const incremental = (rows: number) => profile(amount(100), { rows, loadType: 'incremental' });
    expect(await drift(incremental(2_000), incremental(900))).toEqual(['900 changed rows after 2,000']);
  });

  it('is different values that are more or fewer than the rows explain', async () => {
    const cities = (count: number) => (n: number) => `city ${String(Math.floor(noise(n) * count)).padStart(4, '0')}`;
    expect(await drift(profile(cities(900), { type: 'text' }), profile(cities(100), { type: 'text' }))).toEqual([
      expect.stringMatching(/^x has (some )?1?\d\d different values after some \d{3}$/),
    ]);
    expect(
      await drift(
        profile((n) => `c${n}`.padEnd(9), { type: 'text', rows: 1_000 }),
        profile((n) => `c${n}`.padEnd(9), { type: 'text', rows: 1_400 }),
      ),
    ).toEqual([]);
  });

  it('is not looked for in numbers that count on, in times, or in a handful of rows', async () => {
    expect(
      await drift(
        profile((n) => String(n)),
        profile((n) => String(n + 2_000)),
      ),
    ).toEqual([]);
    const day = (from: number) => (n: number) => new Date(Date.UTC(2026, 0, from + (n % 20))).toISOString().slice(0, 10);
    expect(await drift(profile(day(1), { type: 'date' }), profile(day(200), { type: 'date' }))).toEqual([]);
    expect(
      await drift(
        profile(() => '2026-01-01', { type: 'date' }),
        profile(day(200), { type: 'date' }),
      ),
    ).toEqual([]);
    expect(await drift(profile(amount(1), { rows: 100 }), profile(amount(50), { rows: 100 }))).toEqual([]);
  });

  it('of empty loads is nothing but their rows', async () => {
    const empty = profile(amount(1), { rows: 0 });
    expect(await drift(empty, empty)).toEqual([]);
    expect(await drift(profile(amount(1)), empty)).toEqual(['0 rows after 2,000']);
  });
});

describe('a share of a distribution', () => {
  it('is read from its quantiles, also where values are repeated', () => {
    const quantiles = Array.from({ length: 21 }, (_, n) => n * 5);
    expect([-1, 0, 50, 52.5, 100, 101].map((value) => shareUpTo(quantiles, value))).toEqual([0, 0, 0.5, 0.525, 1, 1]);
    const repeated = [...Array<number>(15).fill(1), ...Array<number>(6).fill(9)];
    expect([0.5, 1, 5, 9].map((value) => shareUpTo(repeated, value))).toEqual([0, 0.7, 0.725, 1]);
    expect(quantileIndex(quantiles, quantiles)).toBe(0);
    expect(quantileIndex([-Infinity, ...quantiles.slice(1, 20), Infinity], quantiles)).toBeGreaterThanOrEqual(0);
  });
});
