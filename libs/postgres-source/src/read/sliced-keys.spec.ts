import type { Client } from 'pg';
import { openSession } from '../connection/session.js';
import { connectTo } from '../server.fixture.js';
import { keyRanges } from './key-ranges.js';
import { slicesOf } from './slices.fixture.js';
import { numbers, openTables, type Tables } from './tables.fixture.js';

const ROWS = 1_200;
/** Of a number from 1 to 1,200 a value that no other one has, in no order. */
const KEYS: Readonly<Record<string, readonly [type: string, value: string]>> = {
  'numbers with a hole': ['bigint', 'CASE WHEN n < 1000 THEN n ELSE n + 9000000000000000000 END'],
  'negative numbers': ['smallint', 'n - 600'],
  'numerics of any length, with NaN': ['numeric', `CASE n WHEN 1 THEN 'NaN' WHEN 2 THEN -1e50 ELSE (n * 7919 % 1201) / 7.0 END`],
  'floats that nearly are the same': ['float8', '0.1 + n * 1e-15'],
  'texts in a natural order': ['text COLLATE "und-x-icu"', `chr(97 + n % 26) || CASE n % 3 WHEN 0 THEN 'É' WHEN 1 THEN 'é' ELSE '' END || n`],
  'texts by bytes': ['text COLLATE "C"', `CASE WHEN n = 7 THEN '' ELSE chr(64 + n % 100) || E'\\t\\\\\\n''' || n END`],
  'texts without regard to case': ['text COLLATE sliced_ci', `chr(CASE n % 2 WHEN 0 THEN 65 ELSE 97 END + n % 26) || n`],
  'texts of fixed length': ['char(6)', 'n::text'],
  uuids: ['uuid', 'md5(n::text)::uuid'],
  bytes: ['bytea', `decode(md5(n::text), 'hex')`],
  days: ['date', `CASE n WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' WHEN 3 THEN date '4000-01-01 BC' ELSE date '2024-01-01' + n END`],
  'times to the microsecond': [
    'timestamptz',
    `CASE n WHEN 1 THEN 'infinity' ELSE timestamptz '2024-03-31 00:59:59.9994Z' + n * interval '1 microsecond' END`,
  ],
  'times of day': ['timetz', `timetz '00:00+03' + n * interval '1 second'`],
  intervals: ['interval', `n * interval '1 day 3 hours'`],
  addresses: ['inet', `'10.0.0.0'::inet + n`],
  'truth values and enums': [
    'sliced_state[]',
    `ARRAY[(ARRAY['open', 'closed', 'void'])[1 + n % 3]::sliced_state] || array_fill('void'::sliced_state, ARRAY[n])`,
  ],
  documents: ['jsonb', `jsonb_build_object('n', n, 'é', chr(97 + n % 26))`],
  'a domain': ['sliced_code', `'c-' || n`],
};

describe('slices of a table', () => {
  let tables: Tables;
  let client: Client;
  beforeAll(async () => {
    tables = await openTables();
    ({ client } = tables);
    await client.query(`CREATE COLLATION sliced_ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE TYPE sliced_state AS ENUM ('open', 'closed', 'void'); CREATE DOMAIN sliced_code AS text CHECK (VALUE LIKE 'c-%')`);
  });
  afterAll(() => tables.close());

  it.each(Object.entries(KEYS))('have every row once, with keys that are %s', async (_, [type, value]) => {
    await client.query(`DROP TABLE IF EXISTS keyed; CREATE TABLE keyed (k ${type} PRIMARY KEY, n int NOT NULL);
      INSERT INTO keyed SELECT ${value}, n FROM generate_series(1, ${ROWS}) n ORDER BY md5(n::text); ANALYZE keyed`);
    const { rows, slices } = await slicesOf({ table: await tables.table('keyed') }, tables);
    expect(slices).toBe(4);
    expect(rows.map(([, n]) => Number(n)).sort((a, b) => a - b)).toEqual(numbers(1, ROWS));
  });

  it('are about equal, however unequal the values are: of several columns, and where nearly all rows have the same time of change', async () => {
    await client.query(`CREATE TABLE skewed (tenant text COLLATE "und-x-icu", n int, changed timestamptz, PRIMARY KEY (tenant, n));
      INSERT INTO skewed SELECT CASE WHEN n % 10 = 0 THEN 'tenant ' || n ELSE 'Ägare' END, n, CASE WHEN n % 100 < 98 THEN timestamptz '2024-01-15Z' WHEN n % 100 = 98 THEN NULL ELSE timestamptz '2024-01-16Z' + n * interval '1 s' END
      FROM generate_series(1, 4000) n; ANALYZE skewed`);
    for (const cursor of [undefined, 'changed']) {
      const read = { table: await tables.table('skewed'), cursor };
      const session = await openSession(tables);
      const ranges = await keyRanges(session, read, { count: 4, minRows: 100, withinCursor: true }).finally(() => session.end());
      const found = await Promise.all(ranges.map((range) => tables.values({ ...read, range }, 'n')));
      expect(found).toHaveLength(4);
      for (const { length } of found) expect(length).toBeGreaterThan(900);
      const { rows } = await slicesOf(read, tables);
      expect(new Set(rows.map(([, n]) => n)).size).toBe(4_000);
      expect(rows).toHaveLength(4_000);
    }
  });

  it('are what has changed alone, up to the bound, with the rows that the cursor can not place once', async () => {
    await client.query(`CREATE TABLE altered (id int PRIMARY KEY, at timestamp);
      INSERT INTO altered SELECT n, CASE WHEN n % 50 = 0 THEN NULL WHEN n % 50 = 1 THEN 'infinity' ELSE timestamp '2024-01-15' + n * interval '1 minute' END FROM generate_series(1, 3000) n; ANALYZE altered`);
    const read = {
      table: await tables.table('altered'),
      cursor: 'at',
      from: '2024-01-15T10:10:00',
      lookBack: 600_000,
      below: '2024-01-16T10:00:00Z',
    };
    const { rows, slices } = await slicesOf(read, tables);
    expect(slices).toBe(4);
    const expected = await tables.values(read);
    expect(expected.length).toBeGreaterThan(1_400);
    expect(rows.map(([id]) => Number(id)).sort((a, b) => a - b)).toEqual((expected as number[]).sort((a, b) => a - b));
  });

  it('come in an order that depends on the table alone', async () => {
    await client.query(
      `CREATE TABLE wide (id int PRIMARY KEY, pad text); INSERT INTO wide SELECT n, repeat('x', 100 + n % 7 * 900) FROM generate_series(1, 2000) n; ANALYZE wide`,
    );
    const read = { table: await tables.table('wide') };
    const slow = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const orders = [await slicesOf(read, tables), await slicesOf(read, tables, slow)].map(({ rows }) => rows.map(([id]) => Number(id)));
    expect(orders[0]).toEqual(orders[1]);
    // Neither slice after slice, nor row by row.
    const turns = orders[0]?.filter((id, n, all) => n > 0 && id !== (all[n - 1] ?? 0) + 1).length ?? 0;
    expect([turns > 4, turns < 40]).toEqual([true, true]);
  });

  it('see one state of the table, whatever is written meanwhile', async () => {
    await client.query(
      `CREATE TABLE busy (id int PRIMARY KEY, v int, pad text); INSERT INTO busy SELECT n, 0, repeat('x', 3000) FROM generate_series(1, 3000) n; ANALYZE busy`,
    );
    const read = { table: await tables.table('busy') };
    const writer = await connectTo(tables.connection);
    let written = 0;
    const { rows, slices } = await slicesOf(read, tables, async () => {
      const at = (written += 1);
      await writer.query(
        `UPDATE busy SET v = ${at} WHERE id % 40 = ${at % 40}; DELETE FROM busy WHERE id = ${3001 - at}; INSERT INTO busy VALUES (${-at}, 9)`,
      );
    });
    await writer.end();
    expect([slices, written > 20]).toEqual([4, true]);
    expect(new Set(rows.map(([, v]) => v))).toEqual(new Set(['0']));
    expect(rows.map(([id]) => Number(id)).sort((a, b) => a - b)).toEqual(numbers(1, 3_000));
  });

  it('is one, in order, where there are few rows, no key, no order, or a range already', async () => {
    const table = await tables.table('wide');
    for (const [read, options] of [
      [{ table }, { sliceRows: 1_001 }],
      [{ table, key: [] }, {}],
      [{ table, ordered: false }, {}],
      [{ table, range: { from: ['1'], below: null } }, {}],
      [{ table }, { slices: 1 }],
    ] as const) {
      const { rows, slices } = await slicesOf(read, { ...tables, ...options });
      expect([slices, rows.length]).toEqual([1, 2_000]);
      expect(rows.map(([id]) => Number(id))).toEqual(numbers(1, 2_000));
    }
    expect((await slicesOf({ table }, { ...tables, sliceRows: 900 })).slices).toBe(2);
  });
});
