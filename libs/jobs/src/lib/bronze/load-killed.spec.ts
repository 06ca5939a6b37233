import { startServers, type Servers } from './bronze.fixture.js';
import { killedAt } from './killed.fixture.js';
import { latestSum, openOrders, sourceSum, twice } from './orders.fixture.js';

// Some forty deaths, each with its next attempt.
jest.setTimeout(180_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

const minute = (n: number): string => new Date(Date.parse('2024-03-01T00:00:00Z') + n * 60_000).toISOString().replace('.000', '');

describe('a load that is killed', () => {
  it('is gone on with by the next attempt, at whatever call it was: each change is delivered once', async () => {
    const shop = await openOrders(servers, 20);
    await shop.load({ at: minute(0) });
    const diedAt = new Set<string>();
    for (let n = 0, survived = false; !survived; n += 1) {
      const at = minute(n + 2);
      await shop.sql.query(`UPDATE orders SET total = $1, updated_at = $2 WHERE id <= 3`, [n, minute(n + 1)]);
      const mortal = killedAt(n, 'after', shop.context);
      await shop.load({ at, context: mortal.context }).catch(() => undefined);
      const loaded = await shop.load({ at });
      expect([n, loaded.read - loaded.deduplicated, await shop.pending()]).toEqual([n, 3, []]);
      ({ survived } = mortal);
      if (!survived) diedAt.add(mortal.calls[n]?.split(' ')[0] ?? '');
    }
    expect(await latestSum(shop)).toEqual(await sourceSum(shop));
    expect(await twice(shop)).toEqual([]);
    expect([...diedAt].sort()).toEqual([
      'CompleteMultipartUpload',
      'CreateMultipartUpload',
      'GetObject',
      'HeadObject',
      'ListMultipartUploads',
      'PutObject',
      'UploadPart',
      'state',
    ]);
    await shop.close();
  });
});
