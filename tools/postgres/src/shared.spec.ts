import { sharedPostgres } from './index.js';

describe('the server of a process', () => {
  it('is the same for all who ask, also when one of them has stopped using it, and each has databases of its own', async () => {
    const [one, other] = await Promise.all([sharedPostgres(), sharedPostgres()]);
    const [first, second] = [await one.createDatabase(), await other.createDatabase()];
    await first.client.query('CREATE TABLE orders (id bigint)');
    await first.close();
    await one.stop();
    expect((await second.client.query(`SELECT to_regclass('orders') AS found`)).rows).toEqual([{ found: null }]);
    expect([one.port, one.folder]).toEqual([other.port, other.folder]);
    expect(first.name).not.toBe(second.name);
    await second.close();
  });
});
