import { PutObjectCommand } from '@aws-sdk/client-s3';
import { startServers, type Servers } from './bronze.fixture.js';
import { openOrders } from './orders.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

describe('a load after one whose profile', () => {
  it.each([
    ['is damaged', 'half a prof', 'This is no profile of a load'],
    ['is empty', '', 'This is no profile of a load'],
    ['is of a newer Loadin', '{"format":"loadin.profile","version":2}', 'The profile has version 2, and this Loadin knows 1'],
  ])('%s goes on, and notes that it was not compared; the next one is again', async (_case, text, why) => {
    const shop = await openOrders(servers, 300, { mode: 'full' });
    await shop.load();
    const [first = ''] = await shop.keys('_loadin/profiles/orders/');
    const { client, bucket } = shop.context;
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: first, Body: text, ContentLength: text.length }));
    await shop.sql.query('UPDATE orders SET note = NULL');
    const second = await shop.load({ at: '2024-03-01T03:00:00Z' });
    expect(second).toMatchObject({ read: 300, rejected: 0 });
    expect(second.notes).toEqual([
      { kind: 'drift', message: `not compared with an earlier load, whose profile can't be read: ${why} (s3://${bucket}/${first})` },
    ]);
    await shop.sql.query("UPDATE orders SET note = 'x'");
    const third = await shop.load({ at: '2024-03-01T04:00:00Z' });
    expect(third.notes.map(({ message }) => message).join()).toMatch(/note has 0 % nulls after 100 %/);
    await shop.close();
  });
});
