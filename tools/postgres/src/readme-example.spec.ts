import { readmeDifferences } from '@loadin/specs/readme';
import { startPostgres } from './index.js';

describe('the example of the README', () => {
  it('is the one below, word for word', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });

  it('runs', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation();
    // example
    const server = await startPostgres();
    const { client, url, close } = await server.createDatabase();
    await client.query('CREATE TABLE orders (id bigint PRIMARY KEY, total numeric)');
    console.log(url.startsWith(`postgres://postgres:${server.password}@127.0.0.1:${server.port}/`));
    await close();
    await server.stop();
    // end
    expect(log.mock.calls).toEqual([[true]]);
    log.mockRestore();
  }, 30_000);
});
