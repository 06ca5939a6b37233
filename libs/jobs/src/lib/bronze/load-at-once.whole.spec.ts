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

  it('at the same time: who would commit second has compared with what is not the last any more: it begins anew, and has nothing left to bring', async () => {
    const shop = await openOrders(servers, 20);
    await shop.load({ at: FIRST });
    await change(shop, '2024-03-01T02:30:00Z', 1);
    const since = ['2024-02-28T00:00:20Z'] as const;
    const beforeCommit = async (): Promise<void> => void (await shop.load({ at: THIRD, since }));
    expect(await shop.load({ at: SECOND, since, options: { beforeCommit } })).toMatchObject({ read: 0, objects: [] });
    expect(await shop.pending()).toEqual([]);
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('of which the second had failed and is tried again after the third: it has nothing left to bring, and takes nothing back', async () => {
    const shop = await openOrders(servers, 2000);
    const { reached: since } = await shop.load({ at: FIRST });
    await change(shop, '2024-03-01T02:30:00Z', 1);
    // The second run failed, and the third one has begun where that one had.
    await shop.sql.query(`UPDATE orders SET total = 3, updated_at = '2024-03-01T03:30:00Z' WHERE id = 3`);
    expect(await shop.load({ at: THIRD, since })).toMatchObject({ deduplicated: 601 });
    const second = await shop.load({ at: SECOND, since });
    expect(second).toMatchObject({ read: 0, objects: [], reached: null });
    expect(second.notes).toMatchObject([{ kind: 'skipped', message: expect.stringContaining('A run of a later time') as string }]);
    expect(await shop.load({ at: '2024-03-01T05:00:00Z', since: ['2024-03-01T03:30:00Z'] })).toMatchObject({ read: 1, deduplicated: 1 });
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('of a table that is compared: the earlier one brings no row that would look older than it is', async () => {
    const shop = await openOrders(servers, 20, { cursor: undefined });
    await shop.load({ at: FIRST });
    await shop.sql.query('UPDATE orders SET total = 1 WHERE id = 1');
    await shop.load({ at: THIRD });
    await shop.sql.query('UPDATE orders SET total = 2 WHERE id = 1');
    await shop.load({ at: SECOND });
    await shop.load({ at: '2024-03-01T05:00:00Z' });
    const latest = '(from lake qualify row_number() over (partition by id order by _ingestion_ts desc) = 1)';
    expect(await shop.rows(`select total::double as total from ${latest} where id = 1`)).toEqual([{ total: 2 }]);
    await shop.close();
  });

  it('of which an earlier one is to bring everything by a number: what has changed since comes again with the next, whose time is later', async () => {
    const shop = await openOrders(servers, 20, { cursor: 'version', cursorKind: 'number' });
    await shop.sql.query('ALTER TABLE orders ADD COLUMN version bigint; UPDATE orders SET version = id');
    await shop.load({ at: FIRST });
    const { reached: since } = await shop.load({ at: THIRD });
    await shop.sql.query('UPDATE orders SET total = 7, version = 20 + id WHERE id <= 3');
    expect(await shop.load({ at: SECOND, fullRefresh: true })).toMatchObject({ read: 20, reached: null });
    expect(await shop.load({ at: '2024-03-01T05:00:00Z', since })).toMatchObject({ read: 4, deduplicated: 1, reached: ['23'] });
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('of which an earlier one is to bring everything: it does, and the next is compared with what the later one has kept', async () => {
    const shop = await openOrders(servers, 20, { hardDeletes: true });
    await shop.load({ at: FIRST });
    await change(shop, '2024-03-01T03:30:00Z', 1);
    await shop.load({ at: THIRD });
    expect(await shop.load({ at: SECOND, fullRefresh: true })).toMatchObject({ read: 18, deduplicated: 0 });
    expect(await shop.load({ at: '2024-03-01T05:00:00Z', since: ['2024-03-01T03:30:00Z'] })).toMatchObject({ read: 2, deduplicated: 2 });
    await shop.sql.query('DELETE FROM orders WHERE id = 2');
    await shop.load({ at: '2024-03-01T06:00:00Z', fullRefresh: true });
    expect(await shop.rows('select id::int as id from lake where deleted')).toEqual([{ id: 2 }]);
    await shop.close();
  });
});
