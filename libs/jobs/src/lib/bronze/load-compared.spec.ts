import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { JsonObject, StateItem } from '@loadin/pipeline';
import { createMemoryStateStore } from '@loadin/testing';
import { startServers, type Servers, type Shop } from './bronze.fixture.js';
import type { LastSets } from './last-sets.js';
import { latestSum, openOrders, sourceSum, twice } from './orders.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

const CHANGES = `UPDATE orders SET total = total + 1 WHERE id % 100 = 0; DELETE FROM orders WHERE id IN (5, 6); INSERT INTO orders VALUES (9001, 1, 'new', NULL, now())`;
const loadTypes = ({ objects }: Awaited<ReturnType<Shop['load']>>): string[] => [
  ...new Set(objects.map(({ uri }) => /load_type=(\w+)/.exec(uri)?.[1] ?? '')),
];

describe('a table without a cursor', () => {
  it.each([
    ['with all that was delivered in memory', undefined],
    ['in buckets, when that is too much', 150],
  ])('is read whole, and what has not changed since the last load is left out: %s', async (_, keysInMemory) => {
    const shop = await openOrders(servers, 1000, { cursor: undefined });
    const first = await shop.load();
    expect([first.read, loadTypes(first)]).toEqual([1000, ['full']]);
    await shop.sql.query(CHANGES);
    const second = await shop.load({ at: '2024-03-01T03:00:00Z', context: { keysInMemory } });
    expect(second).toMatchObject({ read: 999, deduplicated: 988, reached: null });
    expect(loadTypes(second)).toEqual(['incremental']);
    expect(await twice(shop)).toEqual([]);
    await shop.sql.query('DELETE FROM orders WHERE id IN (5, 6)');
    const [rows] = await shop.rows('select count(*)::int as rows from lake');
    expect(rows).toEqual({ rows: 1011 });
    const full = await shop.load({ at: '2024-03-01T04:00:00Z', fullRefresh: true });
    expect([full.read, full.deduplicated, loadTypes(full)]).toEqual([999, 0, ['full']]);
    await shop.close();
  });

  it('gets a row again that is as it was once, when it was another one in between', async () => {
    const shop = await openOrders(servers, 10, { cursor: undefined });
    await shop.load();
    await shop.sql.query('UPDATE orders SET total = -1 WHERE id = 3');
    expect(await shop.load({ at: '2024-03-01T03:00:00Z' })).toMatchObject({ read: 10, deduplicated: 9 });
    await shop.sql.query('UPDATE orders SET total = 3.75 WHERE id = 3');
    expect(await shop.load({ at: '2024-03-01T04:00:00Z' })).toMatchObject({ read: 10, deduplicated: 9 });
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('comes whole again when it gets a column, which every row has then, and says so', async () => {
    const shop = await openOrders(servers, 10, { cursor: undefined });
    await shop.load();
    await shop.sql.query('ALTER TABLE orders ADD COLUMN state text');
    const loaded = await shop.load({ at: '2024-03-01T03:00:00Z' });
    expect(loaded).toMatchObject({ read: 10, deduplicated: 0 });
    expect(loaded.notes.map(({ message }) => message)).toContainEqual(expect.stringContaining('None of the 10 rows is as the last load has kept it'));
    expect((await shop.load({ at: '2024-03-01T04:00:00Z' })).notes).toEqual([]);
    await shop.close();
  });

  it('is delivered whole each time when it is asked for whole', async () => {
    const shop = await openOrders(servers, 10, { cursor: undefined, mode: 'full' });
    await shop.load();
    const second = await shop.load({ at: '2024-03-01T03:00:00Z' });
    expect([second.read, second.deduplicated, loadTypes(second)]).toEqual([10, 0, ['full']]);
    expect(await shop.keys('_loadin/keys')).toEqual([]);
    await shop.close();
  });

  it('is not loaded while the keys that the last load has kept are damaged, and is as before once those are moved away', async () => {
    const shop = await openOrders(servers, 10, { cursor: undefined });
    await shop.load();
    const [key = ''] = await shop.keys('_loadin/keys');
    const half = (await shop.bytes(key)).slice(0, -40);
    await servers.client.send(new PutObjectCommand({ Bucket: shop.bucket, Key: key, Body: half }));
    await expect(shop.load({ at: '2024-03-01T03:00:00Z' })).rejects.toMatchObject({ action: 'fatal', where: `s3://${shop.bucket}/${key}` });
    expect(await shop.pending()).toEqual([]);
    await shop.remove(key);
    await shop.load({ at: '2024-03-01T03:00:00Z' });
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('begins anew when the set of the last load is gone', async () => {
    const shop = await openOrders(servers, 10, { cursor: undefined });
    await shop.load();
    for (const key of await shop.keys('_loadin/keys')) await shop.remove(key);
    const second = await shop.load({ at: '2024-03-01T03:00:00Z' });
    expect([second.read, second.deduplicated, loadTypes(second)]).toEqual([10, 0, ['full']]);
    await shop.close();
  });
});

describe('a table without rows', () => {
  it('is a load without objects; rows come, and when there are none again, all are gone', async () => {
    const shop = await openOrders(servers, 0, { cursor: undefined, hardDeletes: true });
    expect(await shop.load()).toMatchObject({ read: 0, objects: [] });
    const insert = `INSERT INTO orders VALUES (1, 1, 'a', now(), '2024-02-01Z')`;
    await shop.sql.query(insert);
    expect(await shop.load({ at: '2024-03-01T03:00:00Z' })).toMatchObject({ read: 1, deduplicated: 0 });
    await shop.sql.query('DELETE FROM orders');
    expect(await shop.load({ at: '2024-03-01T04:00:00Z' })).toMatchObject({ read: 1, deduplicated: 0 });
    expect(await latestSum(shop)).toMatchObject({ rows: 0 });
    await shop.sql.query(insert);
    expect(await shop.load({ at: '2024-03-01T05:00:00Z' })).toMatchObject({ read: 1, deduplicated: 0 });
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });
});

describe('a row of a table without a cursor', () => {
  it.each([
    ['all of it was delivered each time', { mode: 'full' }],
    ['there was a cursor', { cursor: 'updated_at', hardDeletes: true }],
  ] as const)('comes again when it has become what it was long ago: since then %s', async (_, between) => {
    const shop = await openOrders(servers, 10, { cursor: undefined });
    await shop.load();
    await shop.sql.query(`UPDATE orders SET total = -1 WHERE id = 3`);
    const table = { ...shop.table, ...between };
    await shop.load({ at: '2024-03-01T03:00:00Z', since: ['2024-02-28T00:00:00Z'], table });
    // Another load of that kind, which does not have the row.
    await shop.load({ at: '2024-03-01T03:30:00Z', since: ['2024-02-29T00:00:00Z'], table });
    await shop.sql.query('UPDATE orders SET total = 3.75 WHERE id = 3');
    await shop.load({ at: '2024-03-01T04:00:00Z', since: null });
    const latest = '(from lake qualify row_number() over (partition by id order by _ingestion_ts desc) = 1)';
    expect(await shop.rows(`select total::double as total from ${latest} where id = 3`)).toEqual([{ total: 3.75 }]);
    await shop.close();
  });
});

describe('rows that are gone', () => {
  it('become tombstones when all keys are compared', async () => {
    const shop = await openOrders(servers, 300, { cursor: undefined, hardDeletes: true });
    await shop.load();
    await shop.sql.query(CHANGES);
    const loaded = await shop.load({ at: '2024-03-01T03:00:00Z' });
    // Each tombstone counts as read, and is delivered.
    expect(loaded).toMatchObject({ read: 299 + 2, deduplicated: 295 });
    expect(await shop.rows('select id::int as id, total, _source_system, event_date from lake where deleted order by id')).toEqual([
      { id: 5, total: null, _source_system: 'rds', event_date: null },
      { id: 6, total: null, _source_system: 'rds', event_date: null },
    ]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    expect(await shop.load({ at: '2024-03-01T04:00:00Z' })).toMatchObject({ read: 299, deduplicated: 299, objects: [] });
    await shop.close();
  });

  it('are found by the next whole load of a table with a cursor, also those that came and went since the last', async () => {
    const shop = await openOrders(servers, 300, { hardDeletes: true });
    await shop.load();
    await shop.sql.query(`INSERT INTO orders VALUES (9001, 1, 'new', NULL, '2024-03-01 02:30Z')`);
    expect(await shop.load({ at: '2024-03-01T03:00:00Z' })).toMatchObject({ read: 301, deduplicated: 300 });
    await shop.sql.query('DELETE FROM orders WHERE id IN (5, 9001)');
    expect(await shop.load({ at: '2024-03-01T04:00:00Z' })).toMatchObject({ read: 0, objects: [] });
    const whole = await shop.load({ at: '2024-03-01T05:00:00Z', fullRefresh: true });
    expect(whole).toMatchObject({ read: 299 + 2, deduplicated: 0 });
    expect(await shop.rows('select id::int as id from lake where deleted order by id')).toEqual([{ id: 5 }, { id: 9001 }]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('are not those that have changed since the load was planned: these come with the next one', async () => {
    const shop = await openOrders(servers, 300, { hardDeletes: true });
    await shop.load();
    await shop.sql.query(`DELETE FROM orders WHERE id = 5; UPDATE orders SET updated_at = '2024-03-01 03:00:01Z' WHERE id IN (6, 7)`);
    expect(await shop.load({ at: '2024-03-01T03:00:00Z', fullRefresh: true })).toMatchObject({ read: 297 + 1 });
    expect(await shop.rows('select id::int as id from lake where deleted order by id')).toEqual([{ id: 5 }]);
    await shop.load({ at: '2024-03-01T04:00:00Z' });
    await shop.sql.query('DELETE FROM orders WHERE id = 6');
    await shop.load({ at: '2024-03-01T05:00:00Z', fullRefresh: true });
    expect(await shop.rows('select id::int as id from lake where deleted order by id')).toEqual([{ id: 5 }, { id: 6 }]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('that a load with another key can not find are named in its notes, with how to do without them', async () => {
    const shop = await openOrders(servers, 10, { cursor: undefined, hardDeletes: true });
    await shop.sql.query('ALTER TABLE orders ADD COLUMN k2 bigint; UPDATE orders SET k2 = id + 100; ALTER TABLE orders ALTER k2 SET NOT NULL');
    await shop.load();
    await shop.sql.query('DELETE FROM orders WHERE id = 5');
    const table = { ...shop.table, key: ['k2'] };
    const second = await shop.load({ at: '2024-03-01T03:00:00Z', table });
    expect([second.read, second.deduplicated, loadTypes(second)]).toEqual([9, 0, ['full']]);
    expect(second.notes.map(({ message }) => message)).toEqual([
      "Rows deleted since earlier loads may not be marked as such, the keys kept by those can't be compared with (the key was id, and is k2). " +
        'This load has brought all rows that there are: leave out of what you read those whose _ingestion_ts is earlier than 2024-03-01T03:00:00Z',
    ]);
    await shop.sql.query('DELETE FROM orders WHERE id = 6');
    // From there on gone rows are found again; and what the note says of the others is true.
    expect(await shop.load({ at: '2024-03-01T04:00:00Z', table })).toMatchObject({ read: 8 + 1, deduplicated: 8, notes: [] });
    const latest = `(from (from lake qualify row_number() over (partition by k2 order by _ingestion_ts desc) = 1) where not deleted)`;
    const ids = async (where: string) => (await shop.rows(`select id::int as id from ${latest} where ${where} order by id`)).map(({ id }) => id);
    expect(await ids('true')).toContain(5);
    expect(await ids(`_ingestion_ts >= timestamptz '2024-03-01 03:00:00+00'`)).toEqual([1, 2, 3, 4, 7, 8, 9, 10]);
    await shop.close();
  });

  it.each([
    ['their keys were not kept for a while', () => ({})],
    ['the state store has forgotten them', () => ({ state: createMemoryStateStore() })],
  ])('may not be found when %s: the next whole load says so, and the one after that is whole again', async (_, forgetful) => {
    const shop = await openOrders(servers, 10, { hardDeletes: true });
    await shop.load();
    await shop.sql.query(`INSERT INTO orders VALUES (11, 1, 'new', NULL, '2024-03-01 02:30Z')`);
    await shop.load({ at: '2024-03-01T03:00:00Z', table: { ...shop.table, hardDeletes: false } });
    await shop.sql.query('DELETE FROM orders WHERE id = 11');
    const context = forgetful();
    const { notes } = await shop.load({ at: '2024-03-01T04:00:00Z', fullRefresh: true, context });
    expect(notes.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Rows deleted since earlier loads may not be marked .* \(they were not kept of every row\)\. This load has brought all rows/,
      ),
    ]);
    await shop.sql.query('DELETE FROM orders WHERE id = 10');
    expect(await shop.load({ at: '2024-03-01T05:00:00Z', fullRefresh: true, context })).toMatchObject({ read: 9 + 1, notes: [] });
    await shop.close();
  });

  it('that can not be found because a set of many is gone are named, also when the others have become one meanwhile', async () => {
    const shop = await openOrders(servers, 10, { hardDeletes: true });
    await shop.load();
    const key = 'bronze/bronze/postgres.orders';
    const { value, revision } = (await shop.context.state.get(key)) as StateItem;
    const last = value['last'] as unknown as LastSets;
    const keys = [...last.keys, ...Array.from({ length: 31 }, () => last.keys[0] as string)];
    keys[7] = '_loadin/keys/orders/lost.parquet';
    await shop.context.state.put(key, { ...value, last: { ...last, keys } } as unknown as JsonObject, revision);
    await shop.load({ at: '2024-03-01T03:00:00Z' });
    const combined = (await shop.context.state.get(key))?.value['last'] as unknown as LastSets;
    expect(combined.keys).toEqual([last.keys[0], keys[7], expect.stringMatching(/^_loadin\/keys\/orders\/[\da-f-]{36}\.parquet$/)]);
    const { notes } = await shop.load({ at: '2024-03-01T04:00:00Z', fullRefresh: true });
    expect(notes.map(({ message }) => message)).toEqual([expect.stringContaining('(they are not there any more)')]);
    await shop.close();
  });

  it('that can not be found because the keys are gone are named when the rest is compared: a load in full helps', async () => {
    const shop = await openOrders(servers, 10, { hardDeletes: true });
    await shop.load();
    const kept = (await shop.keys('_loadin/keys')).filter((key) => !key.includes('.recent.'));
    await shop.sql.query(`INSERT INTO orders VALUES (11, 1, 'new', NULL, '2024-03-01 02:30Z')`);
    await shop.load({ at: '2024-03-01T03:00:00Z' });
    for (const key of kept) await shop.remove(key);
    const loaded = await shop.load({ at: '2024-03-01T04:00:00Z', table: { ...shop.table, cursor: undefined }, since: null });
    expect(loaded.notes.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/\(they are not there any more\)\. A load with --full-refresh brings all rows that there are: then leave out/),
    );
    await shop.close();
  });
});
