import { createManualClock } from '@loadin/testing';
import type { Client } from 'pg';
import { startCuttingProxy } from '../cutting-proxy.fixture.js';
import { numbers, openTables, type Tables } from './tables.fixture.js';

describe('reading a view', () => {
  let tables: Tables;
  let client: Client;
  beforeAll(async () => {
    tables = await openTables();
    ({ client } = tables);
    await client.query(`CREATE TABLE sales (shop text NOT NULL, n int NOT NULL, pad text, changed timestamptz NOT NULL, PRIMARY KEY (shop, n));
      INSERT INTO sales SELECT 'shop ' || n % 3, n, repeat('x', 300), timestamptz '2024-01-15Z' + n / 10 * interval '1 s' FROM generate_series(1, 6000) n;
      CREATE VIEW seen AS SELECT shop, n, pad, changed FROM sales;
      CREATE MATERIALIZED VIEW kept AS SELECT * FROM sales;
      CREATE VIEW joined AS SELECT s.shop, t.n, s.changed FROM sales s LEFT JOIN sales t ON t.shop = s.shop AND t.n = s.n AND t.n <> 7 WHERE s.n < 100`);
  });
  afterAll(() => tables.close());

  it('without a key gives all rows', async () => {
    expect(await tables.values({ table: await tables.table('joined') }, 'n')).toHaveLength(99);
  });

  it.each(['seen', 'kept'])('by a key that is named, and by what has changed: %s', async (name) => {
    const read = { table: await tables.table(name), key: ['shop', 'n'] };
    const found = (await tables.values(read, 'n')) as number[];
    expect(found.sort((a, b) => a - b)).toEqual(numbers(1, 6_000));
    const changed = { ...read, cursor: 'changed', from: '2024-01-15T00:09:00Z', lookBack: 60_000, below: '2024-01-15T00:09:30Z' };
    expect(((await tables.values(changed, 'n')) as number[]).sort((a, b) => a - b)).toEqual(numbers(4_800, 5_699));
  });

  it('goes on after a lost connection', async () => {
    const proxy = await startCuttingProxy(tables.connection);
    proxy.cutAfter(200_000, 500_000);
    const connection = { ...tables.connection, port: proxy.port };
    for (const cursor of [undefined, 'changed']) {
      const found = await tables.values({ table: await tables.table('seen'), key: ['shop', 'n'], cursor }, 'n', {
        connection,
        clock: createManualClock(0),
      });
      expect([found.length, new Set(found).size]).toEqual([6_000, 6_000]);
    }
    expect(proxy.connections()).toBe(4);
    await proxy.close();
  });

  it('ends at a row that has no key, also behind rows that were read before', async () => {
    const table = await tables.table('joined');
    const after = { phase: 'placed', last: ['shop 2', '5'] } as const;
    const later = { phase: 'placed', last: ['2024-01-15 00:00:05+00', 'shop 2', '5'] } as const;
    for (const [read, options] of [
      [{}, {}],
      [{}, { after }],
      [{ range: { from: ['shop 2'], below: null } }, {}],
      [{ range: { from: null, below: ['shop 1'] } }, {}],
      [{ cursor: 'changed' }, { after: later }],
    ] as const)
      await expect(tables.values({ table, key: ['shop', 'n'], ...read }, 'n', options)).rejects.toMatchObject({
        action: 'fatal',
        message: 'public.joined: a row has no value in n, which is named as key',
        hint: expect.stringContaining('unique together, or none') as string,
      });
  });
});
