import { join } from 'node:path';
import fc from 'fast-check';
import { snappyUncompress } from 'hyparquet';
import { copyRows, createLake, duckdb, hyparquet, type Lake } from '../readers.fixture.js';
import { snappyCompress } from './snappy.js';

describe('Snappy', () => {
  it('is read again by hyparquet, whatever the bytes', () => {
    const repetitive = fc.array(fc.constantFrom(...['', 'a', 'abcd', 'the same words again', 'é'.repeat(40)].map((text) => Buffer.from(text))), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          repetitive.map((parts) => new Uint8Array(Buffer.concat(parts))),
        ),
        (bytes) => {
          const output = new Uint8Array(bytes.length);
          snappyUncompress(snappyCompress(bytes), output);
          expect(Buffer.compare(output, bytes)).toBe(0);
        },
      ),
    );
  });

  it('reaches over blocks of 64 KB', () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, n) => (n % 997 === 0 ? n >> 8 : n % 251));
    const compressed = snappyCompress(bytes);
    const output = new Uint8Array(bytes.length);
    snappyUncompress(compressed, output);
    expect(Buffer.compare(output, bytes)).toBe(0);
    expect(compressed.length).toBeLessThan(bytes.length / 10);
  });
});

describe('a column chunk', () => {
  let lake: Lake;
  beforeEach(() => (lake = createLake()));
  afterEach(() => lake.remove());

  const write = async (type: string, values: readonly (string | null)[]): Promise<string> => {
    const { parts } = await lake.copy([{ name: 'v', type }], copyRows(values.map((value) => [value])));
    return join(lake.root, parts[0]?.path ?? '');
  };
  const statistics = (path: string) =>
    duckdb(
      `select stats_min_value as min, stats_max_value as max, min_is_exact, max_is_exact, stats_null_count::INT as nulls, encodings from parquet_metadata('${path}') where path_in_schema like 'v%'`,
    );

  it('is what was written, with runs, groups of bits, dictionaries that are kept and that are given up, nulls anywhere', async () => {
    const value = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'c', null) },
      { weight: 2, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 8 }) },
    );
    const runs = fc.array(fc.tuple(value, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(runs, fc.integer({ min: 1, max: 12 }), async (list, times) => {
        const values = Array.from({ length: times }, () => list).flatMap((each) =>
          each.flatMap(([text, length]) => Array<string | null>(length).fill(text)),
        );
        const path = await write('text', values);
        expect((await hyparquet(path)).map(({ v }) => v ?? null)).toEqual(values);
        expect((await duckdb(`select v from read_parquet('${path}')`)).map(({ v }) => v)).toEqual(values);
      }),
      { numRuns: 12 },
    );
  }, 20_000);

  it('has pages with an index that DuckDB and hyparquet read past the first one', async () => {
    const values = Array.from({ length: 50_000 }, (_, n) => (n % 10 === 0 ? null : String(n * 3)));
    const path = await write('bigint', values);
    expect((await hyparquet(path)).map(({ v }) => v?.toString() ?? null)).toEqual(values);
    expect(await duckdb(`select count(*)::INT as n, min(v)::INT as v from read_parquet('${path}') where v > 140000`)).toEqual([
      { n: 3_000, v: 140_001 },
    ]);
    const { readColumnIndex, readOffsetIndex, parquetMetadata, parquetSchema } = await import('hyparquet');
    const { readFileSync } = await import('node:fs');
    const file = readFileSync(path).buffer as ArrayBuffer;
    const metadata = parquetMetadata(file);
    const chunk = metadata.row_groups[0]?.columns[0];
    const view = (at: unknown, bytes: unknown) => ({ view: new DataView(file, Number(at), Number(bytes)), offset: 0 });
    const index = readColumnIndex(
      view(chunk?.column_index_offset, chunk?.column_index_length),
      parquetSchema(metadata).children[0]?.element as never,
    );
    expect(index).toMatchObject({
      min_values: [3n, 60_003n, 120_003n],
      max_values: [59_997n, 119_997n, 149_997n],
      null_counts: [2_000n, 2_000n, 1_000n],
    });
    const offsets = readOffsetIndex(view(chunk?.offset_index_offset, chunk?.offset_index_length));
    expect(offsets.page_locations.map(({ first_row_index }) => Number(first_row_index))).toEqual([0, 20_000, 40_000]);
  });

  it.each<[string, string, (string | null)[], object]>([
    ['numbers', 'integer', ['3', null, '-7'], { min: '-7', max: '3', nulls: 1 }],
    ['64-bit numbers by their sign', 'bigint', ['-1', '4294967296', '1'], { min: '-1', max: '4294967296' }],
    ['long decimals by their sign', 'numeric(30,0)', ['1', '-1'], { min: '-1', max: '1' }],
    ['nothing where there is a NaN, which readers have above all numbers', 'double precision', ['2', 'NaN', '-5'], { min: null, max: null }],
    ['zeros of either sign', 'double precision', ['0'], { min: '-0.0', max: '0.0' }],
    ['texts by their bytes', 'text', ['z', 'é', 'a'], { min: 'a', max: 'é', min_is_exact: true, max_is_exact: true }],
    ['only nulls', 'text', [null, null], { min: null, max: null, nulls: 2 }],
    [
      'long texts shortened between characters',
      'text',
      [`${'b'.repeat(63)}é`, 'b'.repeat(63)],
      { min: 'b'.repeat(63), min_is_exact: true, max: `${'b'.repeat(62)}c`, max_is_exact: false },
    ],
  ])('says the least and the greatest: %s', async (_, type, values, expected) => {
    expect(await statistics(await write(type, values))).toEqual([expect.objectContaining(expected)]);
  });

  it('hides no row from a filter', async () => {
    const path = await write('double precision', ['1', 'NaN', '2']);
    expect(await duckdb(`select v from read_parquet('${path}') where v > 5`)).toEqual([{ v: 'NaN' }]);
    // U+FEFF at the beginning, which decoders take for a mark of the order of bytes.
    const marked = `\ufeff${'z'.repeat(100)}`;
    const texts = await write('text', ['a', marked]);
    expect(await duckdb(`select count(*)::INT as n from read_parquet('${texts}') where v = '${marked}'`)).toEqual([{ n: 1 }]);
  });

  it('does not say of a page with NaN and nulls that all of it is null', async () => {
    const values = Array.from({ length: 20_001 }, (_, n) => (n % 2 === 0 ? null : n < 20_000 ? 'NaN' : '1'));
    const { parquetMetadata } = await import('hyparquet');
    const { readFileSync } = await import('node:fs');
    const columnIndexOf = async (type: string, texts: (string | null)[]) => {
      const file = readFileSync(await write(type, texts));
      const metadata = parquetMetadata(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
      return metadata.row_groups[0]?.columns[0]?.column_index_offset;
    };
    expect(await columnIndexOf('real', values)).toBeUndefined();
    expect(
      await columnIndexOf(
        'integer',
        values.map((value) => value && '1'),
      ),
    ).toBeDefined();
  });

  it('has no greatest text where no text is greater', async () => {
    const path = await write('text', ['\u{10ffff}'.repeat(20)]);
    expect(await statistics(path)).toEqual([expect.objectContaining({ min: '\u{10ffff}'.repeat(16), min_is_exact: false, max: null })]);
    expect(await duckdb(`select max(v) = repeat('\u{10ffff}', 20) as whole from read_parquet('${path}')`)).toEqual([{ whole: true }]);
  });
});
