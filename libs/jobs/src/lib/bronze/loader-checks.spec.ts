import { loaderChecks } from '@loadin/testing';
import { silentLogger } from '@loadin/pipeline';
import { createPostgresStream } from '@loadin/postgres-source';
import { AT, loadOf, startServers, type Servers } from './bronze.fixture.js';
import { createBronzeLoader } from './create-loader.js';
import { killedAt } from './killed.fixture.js';
import { openOrders } from './orders.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

/** Twenty orders in a bucket and a database of their own. */
async function makeLoader() {
  const shop = await openOrders(servers, 20);
  const { source, table, key, cursor } = shop.table;
  const stream = createPostgresStream({ ...source, table, key, cursor });
  const planned = { scheduledTime: AT };
  const survey = await stream.survey?.(planned, { signal: AbortSignal.timeout(20_000), logger: silentLogger });
  const [slice] = stream.plan({ ...planned, survey });
  if (slice === undefined) throw new Error('nothing is planned');
  const make = () => createBronzeLoader(shop.table, shop.context);
  const isThere = async (prefix: string): Promise<boolean> => (await shop.keys(prefix)).length > 0;
  return {
    loader: make(),
    load: loadOf(stream, { at: AT, slice }),
    ids: Array.from({ length: 20 }, (_, n) => String(n + 1)),
    rejected: 0,
    seen: async () => ((await isThere('data/bronze/')) ? (await shop.rows('select id::varchar as id from lake')).map(({ id }) => String(id)) : []),
    letters: async () => shop.keys('dead-letters/'),
    another: make,
    later: loadOf(stream, { at: '2024-03-01T03:00:00Z', slice }),
    killed: () => createBronzeLoader(shop.table, { ...shop.context, ...killedAt('PutObject _loadin/commits/', 'after', shop.context).context }),
    change: async () => void (await shop.sql.query('UPDATE orders SET total = total + 1')),
    close: shop.close,
  };
}

describe('the loader of bronze keeps the promises of its port', () => {
  it.each(loaderChecks(makeLoader))('$name', ({ run }) => run());
});
