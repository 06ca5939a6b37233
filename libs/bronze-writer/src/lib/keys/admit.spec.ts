import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { JsonObject } from '@loadin/pipeline';
import {
  admitBlock,
  admitRecords,
  copyDigests,
  createPairSet,
  directoryOutput,
  openKeyFile,
  readPairs,
  recordDigests,
  writePairs,
  type BronzeReport,
  type PairSet,
} from '../../index.js';
import { createLake, duckdb, type Lake } from '../readers.fixture.js';
import { blockOf, COLUMNS, digestsOf, KEY, keyDigest, rowBlock, rowHash, type Row } from './keys.fixture.js';

const row: fc.Arbitrary<Row> = fc.tuple(fc.integer({ min: 0, max: 15 }).map(String), fc.constantFrom('a', 'b\t', null), fc.constantFrom('x', 'y\\'));
const pairsOf = (rows: readonly Row[]): PairSet => {
  const pairs = createPairSet();
  pairs.add(digestsOf(rows));
  return pairs;
};

describe('a set of delivered rows', () => {
  it('has what was added, and nothing else, as a Set does', () => {
    const rows = fc.array(row, { maxLength: 60 });
    fc.assert(
      fc.property(rows, rows, (delivered, asked) => {
        const pairs = pairsOf(delivered);
        const model = new Set(delivered.map((each) => keyDigest(each) + rowHash(each)));
        expect(pairs.size).toBe(model.size);
        const digests = digestsOf(asked);
        expect(asked.map((_, n) => pairs.has(digests, n))).toEqual(asked.map((each) => model.has(keyDigest(each) + rowHash(each))));
      }),
    );
  });

  it('grows, takes some rows of a block, and tells rows of one key apart', () => {
    const rows = Array.from({ length: 5_000 }, (_, n): Row => [String(n % 50), null, `text ${n}`]);
    const pairs = createPairSet();
    const digests = digestsOf(rows);
    const some = rows.flatMap((_, n) => (n % 3 === 0 ? [n] : []));
    pairs.add(digests, some);
    expect(rows.flatMap((_, n) => (pairs.has(digests, n) ? [n] : []))).toEqual(some);
    expect(pairs.size).toBe(some.length);
  });

  it('is kept as a Parquet file, and read again', async () => {
    const lake = createLake();
    const rows = Array.from({ length: 3_000 }, (_, n): Row => [String(n), 'a', '']);
    const output = directoryOutput(lake.root, 'try');
    const path = '_loadin/keys/orders/1.recent.parquet';
    expect(await writePairs(output, path, pairsOf(rows))).toMatchObject({ path, rows: 3_000 });
    await output.commit();
    const [first] = await duckdb(
      `select lower(hex(key_digest)) as key, lower(hex(record_hash)) as hash from read_parquet('${join(lake.root, path)}') limit 1`,
    );
    expect(first).toEqual({ key: keyDigest(rows[0] as Row), hash: rowHash(rows[0] as Row) });
    const file = await openKeyFile(join(lake.root, path));
    const pairs = await readPairs(file, path);
    await file.close();
    const digests = digestsOf(rows);
    expect([pairs.size, rows.every((_, n) => pairs.has(digests, n)), pairs.has(digestsOf([['1', 'b', '']]), 0)]).toEqual([3_000, true, false]);
    lake.remove();
  });
});

describe('rows that were delivered before', () => {
  let lake: Lake;
  let other: Lake;
  beforeEach(() => ([lake, other] = [createLake(), createLake()]));
  afterEach(() => [lake, other].forEach((each) => each.remove()));

  const bytesOf = ({ root }: Lake, { parts }: BronzeReport): Buffer[] => parts.map(({ path }) => readFileSync(join(root, path)));

  it('of COPY leave files that have the same bytes as if they had never come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), fc.array(row, { maxLength: 40 }), async (delivered, rows) => {
        const pairs = pairsOf(delivered);
        const isNew = (each: Row): boolean => !delivered.some((one) => one.join() === each.join() && (one[1] === null) === (each[1] === null));
        const digests = copyDigests(COLUMNS, KEY);
        const blocks = [rows.slice(0, 25), rows.slice(25)].map(rowBlock);
        let dropped = 0;
        const admitted = (function* () {
          for (const block of blocks) {
            const { block: rest, dropped: more } = admitBlock(block, digests(block), pairs);
            dropped += more;
            yield rest;
          }
        })();
        // Other days of ingestion lie apart.
        const load = { sortBy: ['id'], ingestionId: `id-${delivered.length}` };
        const report = await lake.copy(COLUMNS, admitted, load);
        const expected = await other.copy(COLUMNS, [rowBlock(rows.filter(isNew))], load);
        expect(dropped).toBe(rows.length - rows.filter(isNew).length);
        expect(report.rows).toBe(expected.rows);
        expect(bytesOf(lake, report)).toEqual(bytesOf(other, expected));
      }),
      { numRuns: 25 },
    );
  });

  it('of an API do so too', async () => {
    const records: JsonObject[] = Array.from({ length: 50 }, (_, n) => ({
      id: n,
      at: '2026-03-01T00:00:00Z',
      tags: ['a', null],
      nested: { b: 1, a: n },
    }));
    const digests = recordDigests(['id']);
    const pairs = createPairSet();
    pairs.add(digests(records.slice(10, 20)));
    const { records: rest, dropped } = admitRecords(records, digests(records), pairs);
    const load = { partitionBy: 'at' };
    const report = await lake.records([rest], load);
    const expected = await other.records([records.filter((_, n) => n < 10 || n >= 20)], load);
    expect([dropped, report.rows]).toEqual([10, 40]);
    expect(bytesOf(lake, report)).toEqual(bytesOf(other, expected));
  });

  it('are none when nothing was: then rows only bring their hashes, which the files have', async () => {
    const rows = Array.from({ length: 500 }, (_, n): Row => [String(n), null, `text ${n}`]);
    const block = rowBlock(rows);
    const { block: hashed, dropped } = admitBlock(block, copyDigests(COLUMNS, KEY)(block));
    const report = await lake.copy(COLUMNS, [hashed]);
    expect(dropped).toBe(0);
    expect(bytesOf(lake, report)).toEqual(bytesOf(other, await other.copy(COLUMNS, [block])));
  });

  it('and rows that do not fit the schema are quarantined as the source gave them', async () => {
    const block = blockOf([
      ['x', null, '1'],
      ['y', null, 'none'],
      ['z', null, '3'],
    ]);
    const { block: hashed } = admitBlock(block, copyDigests(COLUMNS, KEY)(block));
    const quarantined: string[] = [];
    const report = await lake.copy(COLUMNS, [hashed], { contract: 'quarantine', onQuarantined: ({ text }) => quarantined.push(text) });
    expect([report.rows, quarantined]).toEqual([2, ['y\t\\N\tnone']]);
  });

  it('are known only with a key', () => {
    expect(() => copyDigests(COLUMNS, ['id', 'nr'], 'orders')).toThrow('There is no column "nr" for the key');
    expect(() => copyDigests(COLUMNS, [])).toThrow('The key has no columns');
    expect(() => recordDigests(['id', 'id'])).toThrow('The key has no columns, or one of them twice');
    expect(() => copyDigests(COLUMNS, KEY, 'orders')(blockOf([['1', '2']]))).toThrow('A row of COPY has 2 fields and not 3');
  });
});
