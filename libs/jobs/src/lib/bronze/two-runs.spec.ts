import { startServers, type Servers, type Shop } from './bronze.fixture.js';
import { latestSum, openOrders, sourceSum, twice } from './orders.fixture.js';
import { pausedAt } from './paused.fixture.js';
import { openRuns } from './runs.fixture.js';

jest.setTimeout(120_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

const [FIRST, SECOND, THIRD, FOURTH] = ['2024-03-01T02:00:00Z', '2024-03-01T03:00:00Z', '2024-03-01T04:00:00Z', '2024-03-01T05:00:00Z'] as const;
const change = ({ sql }: Shop) =>
  sql.query(`UPDATE orders SET total = total + 1, updated_at = timestamptz '2024-03-01 02:00Z' + id * interval '14 min' WHERE id <= 4`);
const readIn = ({ streams }: Awaited<ReturnType<ReturnType<typeof openRuns>['run']>>) => {
  const { read = -1, deduplicated = -1 } = streams[0]?.ledger ?? {};
  return { read, deduplicated };
};

describe('two runs of an entity at the same time', () => {
  it('of which the first sleeps right before its commit record: the second commits, and the first can not any more', async () => {
    const shop = await openOrders(servers, 20);
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await change(shop);
    const others: Awaited<ReturnType<typeof runs.run>>[] = [];
    const client = pausedAt('PutObject _loadin/commits/', servers.client, async () => void others.push(await runs.run(THIRD)));
    const second = await runs.run(SECOND, { context: { client } });
    expect(others.map(({ status }) => status)).toEqual(['complete']);
    expect(second).toMatchObject({ status: 'complete', problems: [] });
    expect(second.streams[0]?.notes).toMatchObject([{ kind: 'skipped', message: expect.stringContaining('A run of a later time') as string }]);
    expect(await twice(shop)).toEqual([]);
    expect(await shop.pending()).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    expect(readIn(await runs.run(FOURTH))).toEqual({ read: 1, deduplicated: 1 });
    await shop.close();
  });

  it('of which the later one sleeps there: it begins anew, after what the earlier one has brought', async () => {
    const shop = await openOrders(servers, 20);
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await change(shop);
    const client = pausedAt('PutObject _loadin/commits/', servers.client, () => runs.run(SECOND));
    const third = await runs.run(THIRD, { context: { client } });
    expect(third).toMatchObject({ status: 'complete', problems: [], streams: [{ checkpoint: { cursor: '2024-03-01T02:56:00Z' } }] });
    expect(readIn(third)).toEqual({ read: 1, deduplicated: 1 });
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('that were planned from the same checkpoint: the second reads on where the first has come to', async () => {
    const shop = await openOrders(servers, 2000);
    const runs = openRuns(shop);
    // The first of all: both are to bring everything.
    const client = pausedAt('GetObject _loadin/schemas', servers.client, () => runs.run(FIRST));
    const second = await runs.run(SECOND, { context: { client } });
    expect(second.status).toBe('complete');
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });

  it('of which one finds others ahead again and again stops, names the last of them, and is done by the same command', async () => {
    const shop = await openOrders(servers, 20);
    const runs = openRuns(shop);
    await runs.run(FIRST);
    await change(shop);
    const others = ['2024-03-01T03:10:00Z', '2024-03-01T03:20:00Z'].map((at) => () => runs.run(at));
    const client = pausedAt('PutObject _loadin/commits/', servers.client, ...others);
    const stopped = await runs.run(THIRD, { context: { client } });
    expect(stopped).toMatchObject({ status: 'stopped', reason: 'lease', problems: [expect.stringContaining('Another run of bronze (')] });
    expect(await runs.run(THIRD)).toMatchObject({ status: 'complete', attempts: 2 });
    expect(await twice(shop)).toEqual([]);
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });
});
