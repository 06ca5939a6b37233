import { connectTo, openShop, startServers, type Servers, type Shop } from './bronze.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

const ORDERS = `CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12,2), note text, ordered_at timestamptz, updated_at timestamptz NOT NULL);
  INSERT INTO orders SELECT n, n * 1.25, CASE WHEN n % 3 = 0 THEN NULL ELSE 'note ' || n END, timestamptz '2024-02-01 00:00Z' + n % 4 * interval '1 day',
    timestamptz '2024-02-28 00:00Z' + n * interval '1 s' FROM generate_series(1, 2000) n`;
const openOrders = (): Promise<Shop> => openShop(servers, ORDERS, { table: 'orders', key: ['id'], cursor: 'updated_at', eventDate: 'ordered_at' });

/** What both databases say of the same rows. */
const SUM = (microseconds: string): string =>
  `select count(*)::int as rows, md5(string_agg(concat_ws('|', id, total, coalesce(note, '~'), ${microseconds}), ',' order by id)) as hash`;
const sourceSum = async ({ sql }: Shop): Promise<unknown> =>
  (await sql.query(`${SUM('(extract(epoch from updated_at) * 1000000)::bigint')} from orders`)).rows[0];
const LATEST = `(from lake qualify row_number() over (partition by id order by _ingestion_ts desc) = 1)`;
const lakeSum = async ({ rows }: Shop, of = LATEST): Promise<unknown> => (await rows(`${SUM('epoch_us(updated_at)')} from ${of}`))[0];

describe('a table with a cursor', () => {
  let shop: Shop;
  beforeEach(async () => void (shop = await openOrders()));
  afterEach(() => shop.close());

  it('is loaded whole first, by event date', async () => {
    const loaded = await shop.load();
    expect(loaded).toMatchObject({ read: 2000, deduplicated: 0, rejected: 0, notes: [], reached: ['2024-02-28T00:33:20Z'] });
    expect(loaded.objects.map(({ records }) => records)).toEqual([500, 500, 500, 500]);
    expect(loaded.objects[0]?.uri).toMatch(
      /data\/bronze\/orders\/ingestion_date=2024-03-01\/load_type=full\/event_date=2024-02-01\/part-00000-[0-9a-f-]{36}\.parquet$/,
    );
    expect(await lakeSum(shop, 'lake')).toEqual(await sourceSum(shop));
    expect(await shop.pending()).toEqual([]);
  });

  it('brings only what has changed since: rows of the look-back that were delivered are not delivered again', async () => {
    await shop.load();
    await shop.sql.query(`UPDATE orders SET note = 'changed', updated_at = '2024-03-01 02:30Z' WHERE id IN (1, 1999)`);
    const loaded = await shop.load({ at: '2024-03-01T03:00:00Z' });
    // 00:23:20 to 00:33:20, and the two.
    expect(loaded).toMatchObject({ read: 602, deduplicated: 600, reached: ['2024-03-01T02:30:00Z'] });
    expect(loaded.objects.map(({ uri, records }) => [/load_type=\w+/.exec(uri)?.[0], records])).toEqual([
      ['load_type=incremental', 1],
      ['load_type=incremental', 1],
    ]);
    expect(await lakeSum(shop)).toEqual(await sourceSum(shop));
    expect(await shop.load({ at: '2024-03-01T04:00:00Z' })).toMatchObject({ read: 2, deduplicated: 2, objects: [] });
  });

  it('brings what was committed late, and nothing twice', async () => {
    await shop.load();
    const late = await connectTo(shop.url);
    await late.query('BEGIN');
    await late.query(`INSERT INTO orders VALUES (5001, 1, 'late', NULL, '2024-03-01 02:20Z')`);
    await shop.sql.query(`INSERT INTO orders VALUES (5002, 1, 'early', NULL, '2024-03-01 02:25Z')`);
    const between = await shop.load({ at: '2024-03-01T03:00:00Z' });
    expect(between).toMatchObject({ read: 602, deduplicated: 601 });
    await late.query('COMMIT');
    const after = await shop.load({ at: '2024-03-01T04:00:00Z' });
    expect(after).toMatchObject({ read: 2, deduplicated: 1 });
    expect(await shop.load({ at: '2024-03-01T05:00:00Z' })).toMatchObject({ read: 2, deduplicated: 2 });
    expect(await shop.rows('select id, count(*)::int n from lake where id > 5000 group by id order by id')).toEqual([
      { id: '5001', n: 1 },
      { id: '5002', n: 1 },
    ]);
    expect(await lakeSum(shop)).toEqual(await sourceSum(shop));
    await late.end();
  });
});
