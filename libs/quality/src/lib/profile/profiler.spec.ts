import fc from 'fast-check';
import { block, blocks, LOAD, noise } from '../inspect.fixture.js';
import { openCopyInspector, openRecordInspector } from '../inspector.js';
import type { InspectedColumn } from '../types.js';
import { createSampling, nextIsSampled } from './sampling.js';
import type { ColumnProfile, Profile } from './types.js';

type Rows = readonly (readonly (string | null)[])[];

async function profileOf(columns: readonly InspectedColumn[], rows: Rows, sizes: readonly number[] = [1_000]): Promise<Profile> {
  const inspector = await openCopyInspector({ load: LOAD, columns });
  for (const one of blocks(rows, sizes)) inspector.inspectBlock(one);
  return (await inspector.finish()).profile as Profile;
}

async function profileOfRecords(records: readonly unknown[], columns: readonly InspectedColumn[] = []): Promise<Profile> {
  const inspector = await openRecordInspector({ load: LOAD, columns });
  inspector.inspectRecords(records);
  return (await inspector.finish()).profile as Profile;
}

const column = async (type: string, values: readonly (string | null)[]): Promise<ColumnProfile> =>
  (
    await profileOf(
      [{ name: 'x', type }],
      values.map((value) => [value]),
    )
  ).columns[0] as ColumnProfile;

describe('the profile of a load', () => {
  it('says whose it is, and of how many rows', async () => {
    expect(await profileOf([{ name: 'id', type: 'bigint' }], [['1'], ['2']])).toMatchObject({
      format: 'loadin.profile',
      version: 1,
      entity: 'orders',
      job: 'bronze',
      load_type: 'full',
      ingestion_id: LOAD.ingestionId,
      scheduled_time: '2026-03-01T02:00:00Z',
      rows: 2,
      sampled_rows: 2,
    });
  });

  it.each([
    ['numeric(30,4)', 'numeric', (n: number) => (n / 10_000).toFixed(4)],
    ['bigint', 'numeric', (n: number) => String(Math.round(n))],
    ['numeric(38)', 'numeric', (n: number) => `${Math.round(n)}${Math.round(n) === 0 ? '' : '000000000000000000'}`],
  ])('is exact in extremes of %s, whose values are mostly compared by their bytes', async (fixed, free, text) => {
    // Beyond 8,192 rows, where not all are looked at as numbers.
    const sizes = [1, 30, 500, 1e6, 1e9];
    for (const [seed, least] of [-1, 0, 0.4].entries()) {
      const values = Array.from({ length: 12_000 }, (_, n) => {
        if (n % 977 === 5 && fixed !== 'bigint') return 'NaN';
        const size = (sizes[(n + seed) % sizes.length] ?? 1) * (n < 9_000 ? 1 : 3);
        return text((least + noise(n + seed * 50_000) * (1 - least)) * size);
      });
      expect(await column(fixed, values)).toEqual({ ...(await column(free, values)), type: fixed });
    }
  });

  it('has nulls, different values, extremes and quantiles of numbers', async () => {
    expect(await column('numeric(10,2)', ['10.00', null, '9.50', '-3.25', '10.00'])).toEqual({
      name: 'x',
      type: 'numeric(10,2)',
      kind: 'number',
      nulls: 1,
      distinct: 3,
      min: '-3.25',
      max: '10.00',
      quantiles: [...Array<number>(6).fill(-3.25), ...Array<number>(5).fill(9.5), ...Array<number>(10).fill(10)],
      shares: [
        { value: '10.00', share: 0.5 },
        { value: '-3.25', share: 0.25 },
        { value: '9.50', share: 0.25 },
      ],
    });
  });

  it('tells numbers apart that are one as doubles', async () => {
    const values = ['9007199254740993', '9007199254740992', '-9007199254740992', '-9007199254740993'];
    for (const order of [values, [...values].reverse()]) {
      expect(await column('bigint', order)).toMatchObject({ min: '-9007199254740993', max: '9007199254740993' });
    }
    expect(await column('numeric', ['0.10000000000000000000001', '0.1'])).toMatchObject({ min: '0.1', max: '0.10000000000000000000001' });
  });

  it('leaves NaN and infinities out of extremes and quantiles, and counts them', async () => {
    expect(await column('double precision', ['NaN', 'Infinity', '-Infinity', '1', '2e3'])).toMatchObject({ not_finite: 3, min: '1', max: '2e3' });
    expect(await column('timestamp with time zone', ['infinity', '2026-03-01 00:00:00+00'])).toMatchObject({
      not_finite: 1,
      max: '2026-03-01 00:00:00+00',
    });
    expect(await column('double precision', ['NaN'])).toEqual(expect.not.objectContaining({ quantiles: expect.anything() }));
  });

  it('compares numbers that are beyond every double, and keeps its own numbers finite', async () => {
    const large = ['9'.repeat(400), `${'9'.repeat(399)}8`, `-${'7'.repeat(500)}`, '1'];
    for (const values of [large, [...large].reverse()]) {
      const found = await column('numeric', values);
      expect(found).toMatchObject({ min: large[2], max: large[0], distinct: 4 });
      expect(found).not.toHaveProperty('not_finite');
      expect(JSON.stringify(found.quantiles)).not.toContain('null');
    }
  });

  it('has no quantiles of a column whose few values are in no sampled row', async () => {
    const sampled = new Set<number>();
    const sampling = createSampling();
    for (let n = 0; n < 20_000; n++) if (nextIsSampled(sampling)) sampled.add(n);
    const [at = 0, next = 0] = Array.from({ length: 20_000 }, (_, n) => n).filter((n) => !sampled.has(n));
    const values = (few: readonly string[]) => Array.from({ length: 20_000 }, (_, n) => (n === at ? few[0] : n === next ? few[1] : null) ?? null);
    const number = await column('numeric', values(['5', '9']));
    expect(number).toMatchObject({ min: '5', max: '9', nulls: 19_998, distinct: 2 });
    expect(number).not.toHaveProperty('quantiles');
    expect((await column('text', values(['a', 'bcd']))).length).toEqual({ min: 1, max: 3, quantiles: [] });
  });

  it('has one share of texts that begin alike as far as they are kept, and cuts none within a character', async () => {
    const long = `${'a'.repeat(63)}é`;
    const { shares, distinct } = await column('text', [`${long}1`, `${long}2`, 'b', `${long}1`]);
    expect(distinct).toBe(3);
    expect(shares).toEqual([
      { value: 'a'.repeat(63), share: 0.75 },
      { value: 'b', share: 0.25 },
    ]);
  });

  it('has extremes of times by the instant, also of odd ones among many', async () => {
    const many = Array.from({ length: 20_000 }, (_, n) =>
      new Date(Date.UTC(2020, 0, 1) + Math.floor(noise(n) * 1e11)).toISOString().replace('T', ' ').replace('Z', '+00'),
    );
    const odd = ['0044-03-15 00:00:00+00 BC', '12026-03-01 00:00:00+00', 'infinity'];
    for (const values of [
      [...many, ...odd],
      [...odd, ...many],
    ]) {
      expect(await column('timestamp with time zone', values)).toMatchObject({ kind: 'time', min: odd[0], max: odd[1], not_finite: 1 });
    }
    const sorted = [...many].sort();
    expect(await column('timestamp with time zone', many)).toMatchObject({ min: sorted[0], max: sorted.at(-1) });
  });

  it('has extremes of texts in the order of code points, and their lengths in bytes', async () => {
    expect(await column('text', ['b', '', 'é', '🎫', '\uffff'])).toMatchObject({ kind: 'text', min: '', max: '🎫', length: { min: 0, max: 4 } });
  });

  it('shortens long texts, not within a character', async () => {
    const { min, max } = await column('text', [`${'a'.repeat(63)}é`, 'b'.repeat(1_000_000)]);
    expect([min, max]).toEqual(['a'.repeat(63), 'b'.repeat(64)]);
  });

  it('says nothing of the order of what has none', async () => {
    for (const type of ['jsonb', 'text[]', 'bytea', 'int4range', 'interval', 'interval(3)', 'interval year to month']) {
      expect(await column(type, ['{1,2}', null])).toEqual({
        name: 'x',
        type,
        kind: 'other',
        nulls: 1,
        distinct: 1,
        length: { min: 5, max: 5, quantiles: Array<number>(21).fill(5) },
      });
    }
  });

  it('knows a column of nothing but nulls', async () => {
    expect(await column('bigint', [null, null])).toEqual({ name: 'x', type: 'bigint', kind: 'empty', nulls: 2, distinct: 0 });
  });

  it('is the same whatever the blocks', async () => {
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'at', type: 'timestamp without time zone' },
      { name: 'note', type: 'text' },
    ];
    const rows = Array.from({ length: 20_000 }, (_, n) => [
      String(n),
      new Date(Date.UTC(2026, 0, 1) + n * 61_000).toISOString().replace('T', ' ').replace('Z', ''),
      noise(n) < 0.3 ? null : `note\t${Math.floor(noise(n + 7) * 5_000)}`,
    ]);
    const [whole, cut] = await Promise.all([profileOf(columns, rows, [20_000]), profileOf(columns, rows, [1, 7, 1_000])]);
    expect(cut).toEqual(whole);
    expect(whole.sampled_rows).toBe(8_192 + 4_096 + 904);
    expect(whole.columns[0]).toMatchObject({ min: '0', max: '19999' });
    expect(Math.abs((whole.columns[0]?.quantiles?.[10] ?? 0) - 10_000)).toBeLessThan(300);
    expect(Math.abs((whole.columns[2]?.nulls ?? 0) - rows.filter((row) => row[2] === null).length)).toBe(0);
  });

  it('has exact extremes and nulls for any numbers', async () => {
    const values = fc.array(fc.option(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), { nil: null }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(values, async (numbers) => {
        const found = await column(
          'numeric',
          numbers.map((value) => (value === null ? null : String(value))),
        );
        const sorted = numbers.flatMap((value) => value ?? []).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        expect([found.nulls, found.min, found.max]).toEqual([numbers.length - sorted.length, sorted[0]?.toString(), sorted.at(-1)?.toString()]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the profile of records', () => {
  it('is that of the same rows as COPY text, where the types are declared', async () => {
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'total', type: 'numeric(12,2)' },
      { name: 'at', type: 'timestamptz' },
      { name: 'note', type: 'text' },
    ];
    const rows = Array.from({ length: 500 }, (_, n) => [
      String(n),
      `${n % 40}.50`,
      `2026-03-01 00:${String(n % 60).padStart(2, '0')}:00+00`,
      n % 3 === 0 ? null : `näh ${n}`,
    ]);
    const records = rows.map(([id, total, at, note]) => ({ id: Number(id), total, at, note }));
    expect(await profileOfRecords(records, columns)).toEqual(await profileOf(columns, rows));
  });

  it('finds fields as they come; one that is not there is null', async () => {
    const { rows, columns } = await profileOfRecords([{ a: 1 }, { b: 'x', a: null }, { c: { d: [1] }, e: true, a: 2.5 }, 'no record', null, [1]]);
    expect(rows).toBe(3);
    expect(columns.map(({ name, kind, nulls }) => [name, kind, nulls])).toEqual([
      ['a', 'number', 1],
      ['b', 'text', 2],
      ['c', 'other', 2],
      ['e', 'boolean', 2],
    ]);
  });

  it('calls a field of numbers and texts mixed', async () => {
    const [mixed] = (await profileOfRecords([{ a: 1 }, { a: '1' }])).columns;
    expect(mixed).toMatchObject({ kind: 'mixed', length: { min: 1, max: 1 } });
    expect(mixed).not.toHaveProperty('min');
  });

  it('keeps a thousand fields, however many names somebody makes up', async () => {
    const profile = await profileOfRecords(
      Array.from({ length: 300 }, (_, n) => Object.fromEntries(Array.from({ length: 5 }, (_unused, m) => [`f${n * 5 + m}`, 1]))),
    );
    expect(profile.columns).toHaveLength(1_000);
    expect(profile.values_left_out).toBe(500);
  });

  it('takes names that objects have of themselves, and long values', async () => {
    const record = JSON.parse('{"__proto__": 1, "constructor": "x", "toString": null, "hasOwnProperty": 2}') as unknown;
    const { columns } = await profileOfRecords([record, { long: 'é'.repeat(100_000), short: 'a' }]);
    expect(columns.map(({ name }) => name)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'long', 'short']);
    expect(columns[4]?.length?.max).toBe(200_000);
  });
});

describe('rows of another number of fields', () => {
  it('end the load', async () => {
    const inspector = await openCopyInspector({ load: LOAD, columns: [{ name: 'id', type: 'bigint' }] });
    expect(() => inspector.inspectBlock(block([['1', '2']]))).toThrow('A row of COPY has 2 fields and not 1');
  });
});
