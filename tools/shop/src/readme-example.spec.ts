import { startPostgres } from '@loadin/postgres';
import { readmeDifferences } from '@loadin/specs/readme';
import { changeShop, createShop } from './index.js';

describe('the example of the README', () => {
  it('is the one below, word for word', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });

  it('runs', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation();
    // example
    const server = await startPostgres();
    const { client, close } = await server.createDatabase();
    const { orders } = await createShop({ client, rows: 2_000, seed: 7, now: Date.parse('2026-03-01T12:00:00Z') });
    const { inserted, deleted } = await changeShop({ client, step: 1, seed: 7, share: 0.1 });
    console.log(orders, inserted.orders, deleted.inventory > 0);
    await close();
    await server.stop();
    // end
    expect(log.mock.calls).toEqual([[550, 55, true]]);
    log.mockRestore();
  });
});
