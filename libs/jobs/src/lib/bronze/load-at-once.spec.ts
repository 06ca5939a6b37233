import { RetryableError } from '@loadin/pipeline';
import { startServers, type Servers, type Shop } from './bronze.fixture.js';
import { killedAt } from './killed.fixture.js';
import { latestSum, openOrders, sourceSum, twice } from './orders.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

const [FIRST, SECOND, THIRD] = ['2024-03-01T02:00:00Z', '2024-03-01T03:00:00Z', '2024-03-01T04:00:00Z'] as const;
const change = ({ sql }: Shop, at: string, total: number) => sql.query('UPDATE orders SET total = $1, updated_at = $2 WHERE id <= 2', [total, at]);

describe('two attempts at the same load', () => {
  it('commit once, and both answer with what was committed', async () => {
    const shop = await openOrders(servers, 20);
    // One sleeps right before its commit; meanwhile another one is quicker, and reads other rows.
    const quicker: unknown[] = [];
    const beforeCommit = async (): Promise<void> => {
      await shop.sql.query('DELETE FROM orders WHERE id = 1');
      quicker.push(await shop.load({ since: null }));
    };
    const slower = await shop.load({ since: null, options: { beforeCommit } });
    expect(quicker).toMatchObject([{ read: 19 }]);
    expect(slower).toEqual(quicker[0]);
    expect(await shop.pending()).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    // The sets are those of what was committed too.
    await shop.sql.query(`INSERT INTO orders VALUES (1, 1, 'again', NULL, '2024-02-28 00:00:10Z')`);
    expect(await shop.load({ at: SECOND })).toMatchObject({ read: 20, deduplicated: 19 });
    await shop.close();
  });

  it('gives everything up when the slice has gone to somebody else', async () => {
    const shop = await openOrders(servers, 20);
    const beforeCommit = async (): Promise<void> => {
      throw new RetryableError('the lease is lost');
    };
    await expect(shop.load({ options: { beforeCommit } })).rejects.toThrow('the lease is lost');
    expect(await shop.pending()).toEqual([]);
    expect(await shop.keys()).toEqual([]);
    await shop.close();
  });
});

describe('two runs', () => {
  it('of which the first has committed and died: the second begins with what that one has delivered', async () => {
    const shop = await openOrders(servers, 20);
    await shop.load({ at: FIRST });
    await change(shop, '2024-03-01T02:30:00Z', 1);
    // With its commit record stored, and nothing of it visible.
    await shop.load({ at: SECOND, context: killedAt('PutObject _loadin/commits/', 'after', shop.context).context }).catch(() => undefined);
    expect((await shop.keys('_loadin/commits')).filter((key) => !key.includes('done'))).toHaveLength(2);
    expect(await shop.pending()).toHaveLength(4);
    const third = await shop.load({ at: THIRD });
    expect(third).toMatchObject({ read: 20, deduplicated: 20 });
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    // Who tries the second one again finds it done, and takes nothing back.
    expect(await shop.load({ at: SECOND })).toMatchObject({ read: 20, deduplicated: 18 });
    expect(await shop.load({ at: '2024-03-01T05:00:00Z' })).toMatchObject({ read: 2, deduplicated: 2 });
    await shop.close();
  });

  it('at the same time: who commits second has compared with what is not the last any more, and begins anew', async () => {
    const shop = await openOrders(servers, 20);
    await shop.load({ at: FIRST });
    await change(shop, '2024-03-01T02:30:00Z', 1);
    const since = ['2024-02-28T00:00:20Z'] as const;
    const beforeCommit = async (): Promise<void> => void (await shop.load({ at: THIRD, since }));
    await expect(shop.load({ at: SECOND, since, options: { beforeCommit } })).rejects.toThrow(
      'Another run of bronze has loaded postgres.orders at the same time',
    );
    expect(await shop.pending()).toEqual([]);
    expect(await shop.load({ at: SECOND, since })).toMatchObject({ read: 20, deduplicated: 20 });
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });
});
