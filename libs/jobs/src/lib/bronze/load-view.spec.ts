import { startServers, type Servers } from './bronze.fixture.js';
import { latestSum, openOrders, sourceSum } from './orders.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

describe('a view whose key is named', () => {
  it('is loaded by what has changed, and compared, as a table is', async () => {
    for (const cursor of ['updated_at', undefined]) {
      const shop = await openOrders(servers, 2_000, { table: 'seen', cursor });
      await shop.sql.query('CREATE VIEW seen AS SELECT * FROM orders');
      expect(await shop.load()).toMatchObject({ read: 2_000, deduplicated: 0 });
      await shop.sql.query(`UPDATE orders SET note = 'changed', updated_at = '2024-03-01 02:30Z' WHERE id IN (1, 1998)`);
      const loaded = await shop.load({ at: '2024-03-01T03:00:00Z' });
      expect(loaded.read - loaded.deduplicated).toBe(2);
      expect(loaded.read).toBe(cursor === undefined ? 2_000 : 602);
      expect(await latestSum(shop)).toEqual(await sourceSum(shop));
      await shop.close();
    }
  });

  it('publishes nothing when a row has no value in it, and says which column', async () => {
    const shop = await openOrders(servers, 20, { table: 'seen' });
    await shop.sql.query('CREATE VIEW seen AS SELECT nullif(id, 7) AS id, total, note, ordered_at, updated_at FROM orders');
    await expect(shop.load()).rejects.toMatchObject({ action: 'fatal', message: 'public.seen: a row has no value in id, which is named as key' });
    expect([await shop.keys('data/'), await shop.pending()]).toEqual([[], []]);
    await shop.close();
  });
});
