import { openShop, startServers, type Servers, type Shop } from './bronze.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

const ORDERS = `CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12,2), note text, ordered_at timestamptz, updated_at timestamptz NOT NULL);
  INSERT INTO orders SELECT n, n * 1.25, CASE WHEN n % 3 = 0 THEN NULL ELSE 'note ' || n END, timestamptz '2026-02-01 00:00Z' + n % 20 * interval '1 day',
    timestamptz '2026-02-28 00:00Z' + n * interval '1 s' FROM generate_series(1, 3000) n`;
const openOrders = (): Promise<Shop> => openShop(servers, ORDERS, { table: 'orders', key: ['id'], cursor: 'updated_at', eventDate: 'ordered_at' });

describe('a table with a cursor', () => {
  it('is loaded whole first, then what has changed', async () => {
    const shop = await openOrders();
    const first = await shop.load();
    expect(first).toMatchObject({ read: 3000, deduplicated: 0, rejected: 0, reached: ['2026-02-28T00:50:00Z'] });
    expect(first.objects).toHaveLength(20);
    expect(await shop.rows('select count(*)::int n, count(distinct _record_hash)::int h, count(distinct event_date)::int d from lake')).toEqual([
      { n: 3000, h: 3000, d: 20 },
    ]);
    await shop.close();
  });
});
