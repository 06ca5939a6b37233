import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import {
  admitBlock,
  admitRecords,
  compareKeys,
  copyDigests,
  createKeySorter,
  recordDigests,
  type BronzeLoad,
  type GoneKeys,
  type PostgresColumn,
  type SortedKeys,
} from '../../index.js';
import { copyRows, createLake, type Lake } from '../readers.fixture.js';
import { blockOf, md5 } from './keys.fixture.js';

const later: Partial<BronzeLoad> = { ingestionDate: '2026-03-02', ingestionId: 'id-2', deletes: true };

/** What has to be handed to a load for keys that are gone. */
function goneKeys(key: readonly string[], gone: readonly (readonly (string | null)[])[]): GoneKeys {
  const digests = new Uint8Array(Buffer.from(gone.map((values) => md5(JSON.stringify(values))).join(''), 'hex'));
  return { key, gone, digests };
}

describe('tombstones', () => {
  let lake: Lake;
  beforeEach(() => (lake = createLake()));
  afterEach(() => lake.remove());

  const columns: PostgresColumn[] = [
    { name: 'name', type: 'text' },
    { name: 'day', type: 'date' },
    { name: 'id', type: 'bigint' },
  ];

  it('of rows of COPY have the key in its types, nothing else, and lie where rows without a day do', async () => {
    const table = [
      ['Ann', '2026-01-01', '9007199254740993'],
      ['Bob', '2026-01-02', '2'],
      ['Cleo', null, '3'],
    ];
    const rows = blockOf(table);
    const items = [rows, goneKeys(['id'], [['7'], ['-9223372036854775808']])];
    const { parts, rows: written } = await lake.copy(columns, items, { ...later, partitionBy: 'day' });
    expect(written).toBe(5);
    expect(parts.map(({ eventDate, rows: each }) => [eventDate, each])).toEqual([
      ['2026-01-01', 1],
      ['2026-01-02', 1],
      [null, 3],
    ]);
    expect(
      await lake.rows(
        'select id, name, day, _deleted, _record_hash as hash, _ingestion_id as load, event_date as date from lake where _deleted order by id',
      ),
    ).toEqual(
      ['-9223372036854775808', '7'].map((id) => ({ id, name: null, day: null, _deleted: true, hash: md5(`["${id}"]`), load: 'id-2', date: null })),
    );
    expect(await lake.rows('select name, _deleted from lake where not _deleted order by name')).toEqual(
      ['Ann', 'Bob', 'Cleo'].map((name) => ({ name, _deleted: false })),
    );
    expect(await lake.rows(`select typeof(_deleted) as t, typeof(id) as i from lake limit 1`)).toEqual([{ t: 'BOOLEAN', i: 'BIGINT' }]);
  });

  it('come from the comparison of a run with the one before, and readers unite files with and without the column', async () => {
    const first = [
      ['Ann', null, '1'],
      ['Bob', null, '2'],
      ['Cleo', null, '3'],
    ];
    const second = [
      ['Ann', null, '1'],
      ['Bobby', null, '2'],
    ];
    await lake.copy(columns, [blockOf(first)]);
    const digests = copyDigests(columns, ['id']);
    const [before, now] = [createKeySorter({ key: ['id'] }), createKeySorter({ key: ['id'] })];
    before.add(digests(blockOf(first)));
    const items = async function* () {
      const block = blockOf(second);
      now.add(digests(block));
      yield block;
      yield* compareKeys(before.sorted(), now.sorted());
    };
    await lake.copy(columns, items(), later);
    [before, now].forEach((sorter) => sorter.close());
    const current = `select id, name from (from lake qualify row_number() over (partition by id order by ingestion_date desc) = 1) where _deleted is not true order by id`;
    expect(await lake.rows(current)).toEqual([
      { id: '1', name: 'Ann' },
      { id: '2', name: 'Bobby' },
    ]);
    expect(await lake.rows('select ingestion_date::VARCHAR as day, _deleted from lake where id = 3 order by 1')).toEqual([
      { day: '2026-03-01', _deleted: null },
      { day: '2026-03-02', _deleted: true },
    ]);
  });

  it.each(['evolve', 'freeze', 'quarantine'] as const)('pass a contract that is %s, and change no schema', async (contract) => {
    const { schema } = await lake.copy(columns, copyRows([['Ann', null, '1']]));
    const refused: object[] = [];
    const load = { ...later, contract, schema, onQuarantined: (row: object) => refused.push(row) };
    const report = await lake.copy(columns, [goneKeys(['id'], [['1']])], load);
    expect(report).toMatchObject({ rows: 1, quarantined: 0, schema });
    expect(await lake.rows('select id, _deleted from lake order by ingestion_date')).toEqual([
      { id: '1', _deleted: null },
      { id: '1', _deleted: true },
    ]);
  });

  it('whose key does not fit its column go the way of the contract', async () => {
    const refused: unknown[] = [];
    const load = { ...later, contract: 'quarantine' as const, onQuarantined: (row: unknown) => refused.push(row) };
    const report = await lake.copy(columns, [blockOf([['Ann', null, '1']]), goneKeys(['id'], [['old\\1']])], load);
    expect([report.rows, report.quarantined, refused]).toEqual([
      1,
      1,
      [{ text: '\\N\t\\N\told\\\\1', column: 'id', reason: 'The column "id" is int64, and a value is not' }],
    ]);
    const evolved = await lake.copy(columns, [goneKeys(['id'], [['old\\1']])], { ...later, ingestionId: 'id-3', schema: report.schema });
    expect(evolved.schema).toMatchObject({ version: 2 });
    expect(await lake.rows("select id from lake where _ingestion_id = 'id-3'")).toEqual([{ id: 'old\\1' }]);
  });

  it('have keys of several columns, with nulls and whatever text', async () => {
    const key = ['day', 'name'];
    const values = ['', '\\N', 'tab\tand\nbreak', 'é\u{1F3B5}', null];
    await lake.copy(
      columns,
      [
        goneKeys(
          key,
          values.map((value) => ['2026-01-31', value]),
        ),
      ],
      later,
    );
    expect(await lake.rows('select name, day, id from lake order by name nulls last')).toEqual(
      values.map((name) => ({ name, day: '2026-01-31', id: null })),
    );
  });

  it('of records take the types of their columns', async () => {
    const records = [{ id: 1, ok: true, ratio: 1.5, tags: ['a'], note: 'n', at: '2026-03-01T00:00:00Z' }];
    const load = { partitionBy: 'at', columns: [{ name: 'at', type: { kind: 'timestamptz' } as const }] };
    const { schema } = await lake.records(records, load);
    const key = ['id', 'ok', 'ratio', 'tags', 'at'];
    const sorter = createKeySorter({ key });
    sorter.add(recordDigests(key)(records));
    const nothing: SortedKeys = { key, rows: 0, blocks: () => [] };
    const report = await lake.records(compareKeys(sorter.sorted(), nothing), { ...load, ...later, schema });
    sorter.close();
    expect(report).toMatchObject({ rows: 1, schema });
    const [row] = await lake.rows('select * from lake where _deleted');
    expect(row).toMatchObject({ id: '1', ok: true, ratio: 1.5, tags: ['a'], note: null, event_date: null });
    expect(row?._record_hash).toBe(md5('["1","true","1.5","[\\"a\\"]","2026-03-01T00:00:00Z"]'));
    expect(await lake.rows('select count(*)::INT as n from lake where "at" is not null and not coalesce(_deleted, false)')).toEqual([{ n: 1 }]);
  });

  it('are refused by a load that has no column for them, and keys that are none by every load', async () => {
    const gone = goneKeys(['id'], [['1']]);
    await expect(lake.copy(columns, [gone])).rejects.toMatchObject({ action: 'fatal', hint: 'Set deletes.' });
    await expect(lake.records([gone])).rejects.toMatchObject({ action: 'fatal', hint: 'Set deletes.' });
    await expect(lake.copy(columns, [goneKeys(['nr'], [['1']])], later)).rejects.toThrow('There is no column "nr" for the key');
  });

  it('and rows that bring their hashes are the same bytes when a thread makes their row groups', async () => {
    const outfile = join(lake.root, 'encoder-thread.mjs');
    const entryPoints = [join(__dirname, '../threads/encoder-thread.ts')];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', conditions: ['@loadin/source'], logLevel: 'warning' });
    const table = Array.from({ length: 6_000 }, (_, n) => [`name ${n}`, n % 5 === 0 ? null : `2026-01-0${(n % 3) + 1}`, String(n)]);
    const gone = goneKeys(
      ['id'],
      Array.from({ length: 2_000 }, (_, n) => [String(n + 10_000)]),
    );
    const records = table.map(([name, day, id]) => ({ id: Number(id), name: name ?? null, day: day ?? null }));
    const digests = copyDigests(columns, ['id']);
    const load = { ...later, partitionBy: 'day', rowGroupBytes: 30_000 };
    const written = async (each: Partial<BronzeLoad>): Promise<string[]> => {
      const block = blockOf(table);
      const copied = await lake.copy(columns, [admitBlock(block, digests(block)).block, gone], { ...load, ...each });
      const known = admitRecords(records, recordDigests(['id'])(records)).records;
      const taken = await lake.records([known, gone], { ...load, ...each, entity: 'records' });
      expect([copied.rows, taken.rows]).toEqual([8_000, 8_000]);
      return [...copied.parts, ...taken.parts].map(({ checksum }) => checksum);
    };
    const alone = await written({ threads: 0, ingestionDate: '2026-03-03' });
    expect(await written({ threads: 1, threadFile: pathToFileURL(outfile) })).toEqual(alone);
    const deleted = "select count(*)::INT as n from lake where _deleted and name is null and id::INT >= 10000 and ingestion_date = '2026-03-02'";
    expect(await lake.rows(deleted)).toEqual([{ n: 4_000 }]);
  });

  it('leave a column _deleted of the source another name', async () => {
    await lake.records([{ _deleted: 'no', id: 1 }], later);
    expect(await lake.rows('select _deleted, _deleted_2 from lake')).toEqual([{ _deleted: false, _deleted_2: 'no' }]);
  });
});
