import { connectTo, startServers, type Servers, type Shop } from './bronze.fixture.js';
import { lakeSum, latestSum, openOrders, sourceSum, twice } from './orders.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

/** What a load has delivered. */
const delivered = async (shop: Shop, loadId: string | undefined) => lakeSum(shop, `(from lake where _ingestion_id = '${loadId}')`);
const idOf = ({ objects }: Awaited<ReturnType<Shop['load']>>): string | undefined => /part-\d+-(.*)\.parquet/.exec(objects[0]?.uri ?? '')?.[1];

describe('a table with a cursor', () => {
  let shop: Shop;
  beforeEach(async () => void (shop = await openOrders(servers, 2000)));
  afterEach(() => shop.close());

  it('is loaded whole first, by event date', async () => {
    const loaded = await shop.load();
    expect(loaded).toMatchObject({ read: 2000, deduplicated: 0, rejected: 0, notes: [], reached: ['2024-02-28T00:33:20Z'] });
    expect(loaded.objects.map(({ records, existed }) => [records, existed])).toEqual([
      [1000, false],
      [1000, false],
    ]);
    expect(loaded.objects[0]?.uri).toMatch(
      /data\/bronze\/orders\/ingestion_date=2024-03-01\/load_type=full\/event_date=2024-02-01\/part-00000-[0-9a-f-]{36}\.parquet$/,
    );
    expect(await lakeSum(shop)).toEqual(await sourceSum(shop));
    expect(await shop.keys('_loadin/schemas')).toEqual(['_loadin/schemas/orders.json']);
  });

  it('brings only what has changed since: rows of the look-back that were delivered are not delivered again', async () => {
    await shop.load();
    await shop.sql.query(`UPDATE orders SET note = 'changed', updated_at = '2024-03-01 02:30Z' WHERE id IN (1, 1998)`);
    const loaded = await shop.load({ at: '2024-03-01T03:00:00Z' });
    // 00:23:20 to 00:33:20, both included, less one and with the two.
    expect(loaded).toMatchObject({ read: 602, deduplicated: 600, reached: ['2024-03-01T02:30:00Z'] });
    expect(loaded.objects.map(({ uri, records }) => [/load_type=\w+/.exec(uri)?.[0], records])).toEqual([
      ['load_type=incremental', 1],
      ['load_type=incremental', 1],
    ]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    expect(await shop.load({ at: '2024-03-01T04:00:00Z' })).toMatchObject({ read: 2, deduplicated: 2, objects: [] });
  });

  it('brings what was committed late, and nothing twice', async () => {
    await shop.load();
    const late = await connectTo(shop.url);
    await late.query('BEGIN');
    await late.query(`INSERT INTO orders VALUES (5001, 1, 'late', NULL, '2024-03-01 02:20Z')`);
    await shop.sql.query(`INSERT INTO orders VALUES (5002, 1, 'early', NULL, '2024-03-01 02:25Z')`);
    const before = await shop.load({ at: '2024-03-01T03:00:00Z' });
    expect(before).toMatchObject({ read: 602, deduplicated: 601, reached: ['2024-03-01T02:25:00Z'] });
    await late.query('COMMIT');
    const after = await shop.load({ at: '2024-03-01T04:00:00Z' });
    expect(after).toMatchObject({ read: 2, deduplicated: 1 });
    expect(await shop.load({ at: '2024-03-01T05:00:00Z' })).toMatchObject({ read: 2, deduplicated: 2 });
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await late.end();
  });

  it('answers a repetition of the run as the first attempt, and writes nothing', async () => {
    const first = await shop.load();
    const keys = await shop.keys();
    await shop.sql.query('DELETE FROM orders WHERE id > 10');
    const again = await shop.load({ since: null });
    expect(again).toEqual({ ...first, objects: first.objects.map((object) => ({ ...object, existed: true })) });
    expect(await shop.keys()).toEqual(keys);
  });

  it('delivers everything again when the checkpoint is lost, as a load of its own', async () => {
    await shop.load();
    const loaded = await shop.load({ at: '2024-03-01T03:00:00Z', since: null });
    expect(loaded).toMatchObject({ read: 2000, deduplicated: 0 });
    expect(await delivered(shop, idOf(loaded))).toEqual(await sourceSum(shop));
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    // And what comes after knows what that one has read.
    expect(await shop.load({ at: '2024-03-01T04:00:00Z' })).toMatchObject({ read: 601, deduplicated: 601 });
  });

  it('delivers less when there is less: nothing of the load before is in the way', async () => {
    await shop.load({ at: '2024-03-01T02:00:00Z' });
    await shop.sql.query('DELETE FROM orders WHERE id % 2 = 1');
    const loaded = await shop.load({ at: '2024-03-01T02:00:00Z', again: true, fullRefresh: true });
    expect(loaded).toMatchObject({ read: 1000, deduplicated: 0 });
    expect(await delivered(shop, idOf(loaded))).toEqual(await sourceSum(shop));
  });
});

describe('a table with a number as cursor', () => {
  it('reads on from the greatest, whose row is not delivered again', async () => {
    const shop = await openOrders(servers, 100, { cursor: 'id', cursorKind: 'number' });
    expect(await shop.load()).toMatchObject({ read: 100, reached: ['100'] });
    await shop.sql.query(`INSERT INTO orders VALUES (101, 1, NULL, NULL, now())`);
    expect(await shop.load({ at: '2024-03-01T03:00:00Z' })).toMatchObject({ read: 2, deduplicated: 1, reached: ['101'] });
    await shop.close();
  });

  it('brings both states of a row that changes while the connection is lost, and the schema file names the column that tells the later one', async () => {
    const shop = await openOrders(servers, 400, { cursor: 'version', cursorKind: 'number', eventDate: undefined });
    await shop.sql.query(`ALTER TABLE orders ADD version bigint; UPDATE orders SET version = id, note = repeat('x', 40000)`);
    const writer = await connectTo(shop.url);
    let ended: Promise<{ rowCount: number | null }> | undefined;
    const onProgress = ({ read }: { readonly read: number }): void => {
      if (read < 2 || ended !== undefined) return;
      void writer.query(`UPDATE orders SET version = 7000, note = 'changed' WHERE id = 1`);
      ended = writer.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'loadin'`,
      );
    };
    expect(await shop.load({ options: { onProgress } })).toMatchObject({ read: 401, reached: ['7000'] });
    expect((await ended)?.rowCount).toBeGreaterThan(0);
    expect(await shop.rows(`select note = 'changed' as changed from lake where id = 1 order by _ingestion_ts desc, version desc nulls last`)).toEqual(
      [{ changed: true }, { changed: false }],
    );
    expect(JSON.parse(await shop.text('_loadin/schemas/orders.json'))).toMatchObject({ key: ['id'], cursor: 'version' });
    await writer.end();
    await shop.close();
  });
});

describe('rows that the cursor can not place', () => {
  it('are read by every load, and delivered when they have changed', async () => {
    const shop = await openOrders(servers, 100);
    await shop.sql.query(
      `ALTER TABLE orders ALTER updated_at DROP NOT NULL; INSERT INTO orders VALUES (201, 1), (202, 2); UPDATE orders SET updated_at = 'infinity' WHERE id = 7`,
    );
    expect(await shop.load()).toMatchObject({ read: 102, reached: ['2024-02-28T00:01:40Z'] });
    await shop.sql.query('UPDATE orders SET total = 3 WHERE id = 202');
    expect(await shop.load({ at: '2024-03-01T03:00:00Z' })).toMatchObject({ read: 102, deduplicated: 101, reached: ['2024-02-28T00:01:40Z'] });
    await shop.close();
  });
});

describe('rows whose cursor lies in the future', () => {
  it.each([false, true])('are left out, and counted in the notes, also where everything is read: %s', async (fullRefresh) => {
    const shop = await openOrders(servers, 3);
    await shop.sql.query(`INSERT INTO orders VALUES (8, 1, 'ahead', NULL, '2099-01-01Z'), (9, 1, 'for ever', NULL, 'infinity')`);
    const loaded = await shop.load({ fullRefresh });
    expect([loaded.read, loaded.notes]).toEqual([
      4,
      [
        {
          kind: 'skipped',
          message:
            '1 row is left out: updated_at lies in the future. Each comes with a run after that time, or with the next one once it is corrected',
        },
      ],
    ]);
    await shop.sql.query(`UPDATE orders SET updated_at = '2024-03-01 02:30Z' WHERE id = 8`);
    expect(await shop.load({ at: '2024-03-01T03:00:00Z' })).toMatchObject({ deduplicated: 4, notes: [] });
    await shop.close();
  });
});

describe('columns that are named for what they can not be', () => {
  it.each([
    [{ eventDate: 'total' }, 'public.orders: total, named as event_date, is numeric(12,2), which has no day'],
    [{ eventDate: 'placed' }, 'public.orders: there is no column placed, named as event_date'],
    [{ softDelete: 'deleted_at' }, 'public.orders: there is no column deleted_at, named as soft_delete'],
  ])('end the load before anything is read: %j', async (named, message) => {
    const shop = await openOrders(servers, 3);
    const reading: string[] = [];
    const loaded = shop.load({
      table: { ...shop.table, ...named },
      options: { onProgress: ({ read }) => void reading.push(`${read} rows`) },
    });
    await expect(loaded).rejects.toMatchObject({
      action: 'fatal',
      message,
      hint: expect.stringMatching(/^Correct the jobs file\. Columns that are read: id, total/),
    });
    expect([reading, await shop.keys('data/')]).toEqual([[], []]);
    await shop.close();
  });
});
