import type { Client } from 'pg';
import { openSession } from '../connection/session.js';
import type { ConnectionSettings } from '../connection/types.js';
import { keyRanges } from './key-ranges.js';
import { openTables, type Tables } from './tables.fixture.js';
import type { TableRead } from './types.js';

describe('reading in slices', () => {
  let tables: Tables;
  let client: Client;
  let connection: ConnectionSettings;
  let table: Tables['table'];
  let values: Tables['values'];
  beforeAll(async () => {
    tables = await openTables();
    ({ client, connection, table, values } = tables);
  });
  afterAll(() => tables.close());

  beforeAll(async () => {
    await client.query(`CREATE TABLE sliced (tenant text, n int, changed timestamptz, PRIMARY KEY (tenant, n));
      INSERT INTO sliced SELECT CASE WHEN n % 10 = 0 THEN 'small' ELSE 'large' END, n, CASE WHEN n % 100 > 0 THEN timestamptz '2024-01-15Z' + n * interval '1 s' END FROM generate_series(1, 12000) n; ANALYZE sliced`);
  });
  const cut = async (read: TableRead, count: number, minRows: number) => {
    const session = await openSession({ connection });
    return keyRanges(session, read, { count, minRows, sampleRows: 5_000 }).finally(() => session.end());
  };

  it.each([
    ['key', undefined],
    ['cursor', 'changed'],
  ])('of about equal size that have every row once, by %s', async (_, cursor) => {
    const read = { table: await table('sliced'), cursor };
    const ranges = await cut(read, 4, 1_000);
    expect(ranges).toHaveLength(4);
    const slices = await Promise.all(ranges.map((range) => values({ ...read, range }, 'n')));
    for (const { length } of slices) expect(length).toBeGreaterThan(2_000);
    const all = slices.flat();
    expect(all).toHaveLength(12_000);
    expect(new Set(all).size).toBe(12_000);
  });

  it('as few as the rows are worth, of what is to be read only', async () => {
    const read = { table: await table('sliced') };
    expect(await cut(read, 8, 3_600)).toHaveLength(3);
    expect(await cut(read, 8, 100_000)).toEqual([{ from: null, below: null }]);
    const few = { ...read, cursor: 'changed', from: '2024-01-15T03:10:00Z', lookBack: 0 };
    expect(await cut(few, 4, 1_000)).toEqual([{ from: null, below: null }]);
  });
});
