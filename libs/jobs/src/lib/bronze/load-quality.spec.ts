import type { Expectation } from '@loadin/quality';
import { openShop, startServers, type Servers } from './bronze.fixture.js';
import { openOrders } from './orders.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

const range = (severity: Expectation['severity']): Expectation => ({ check: 'range', column: 'total', min: 0, max: 100, severity });

describe('what is expected of rows', () => {
  it('leaves those out that break it, each with its reason, under quarantine', async () => {
    const shop = await openOrders(servers, 100, { expect: [range('quarantine')] });
    const loaded = await shop.load();
    expect(loaded).toMatchObject({ read: 100, rejected: 20 });
    expect(loaded.notes).toMatchObject([{ kind: 'drift', message: expect.stringMatching(/^quarantine: 20 of 100 rows/) }]);
    const letters = (await shop.text('dead-letters/postgres/orders/0.ndjson')).trimEnd().split('\n');
    expect(letters).toHaveLength(20);
    expect(JSON.parse(letters[0] ?? '')).toMatchObject({ errorClass: 'BrokenExpectation', record: { id: '81', total: '101.25' } });
    expect(await shop.rows('select count(*)::int as rows, max(total) as most from lake')).toEqual([{ rows: 80, most: '100.00' }]);
    await shop.close();
  });

  it('stops the load, of which nothing is left, under stop; is a note under warn', async () => {
    const stopped = await openOrders(servers, 100, { expect: [range('stop')] });
    await expect(stopped.load()).rejects.toThrow('orders is not as expected');
    expect([await stopped.keys(), await stopped.pending()]).toEqual([[], []]);
    await stopped.close();
    const warned = await openOrders(servers, 100, { expect: [range('warn')] });
    expect(await warned.load()).toMatchObject({ rejected: 0, notes: [{ message: expect.stringMatching(/^warn: 20 of 100 rows/) }] });
    await warned.close();
  });

  it('stops the load also when it has dead letters that nobody finishes', async () => {
    const shop = await openOrders(servers, 100, { expect: [{ check: 'not_null', columns: ['note'], severity: 'quarantine' }, range('stop')] });
    await expect(shop.load()).rejects.toThrow('orders is not as expected');
    expect([await shop.keys(), await shop.pending()]).toEqual([[], []]);
    await shop.close();
  });

  it('may be the keys of another entity', async () => {
    const items = 'CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders SELECT n FROM generate_series(1, 10) n;';
    const shop = await openShop(servers, items, { table: 'orders', key: ['id'] });
    await shop.load();
    await shop.sql.query('CREATE TABLE items (id int PRIMARY KEY, order_id int); INSERT INTO items VALUES (1, 1), (2, 11), (3, NULL)');
    const isOrder: Expectation = { check: 'reference', column: 'order_id', entity: 'orders', severity: 'quarantine' };
    const loaded = await shop.load({ table: { ...shop.table, table: 'items', expect: [isOrder] } });
    expect(loaded).toMatchObject({ read: 3, rejected: 1 });
    await shop.close();
  });

  it('is held against all keys of an entity with a cursor too, once one refers to it and it was read whole', async () => {
    const shop = await openOrders(servers, 100);
    await shop.sql.query('CREATE TABLE items (id int PRIMARY KEY, order_id int); INSERT INTO items VALUES (1, 1), (2, 101), (3, 102)');
    const isOrder: Expectation = { check: 'reference', column: 'order_id', entity: 'orders', severity: 'quarantine' };
    const items = { ...shop.table, table: 'items', cursor: undefined, eventDate: undefined, mode: 'full' as const, expect: [isOrder] };
    const orders = { ...shop.table, keepKeys: true };
    const loadItems = async (at: string) => {
      const { rejected, notes } = await shop.load({ at, table: items, since: null });
      return [rejected, notes.map(({ message }) => message).join()];
    };
    // Nobody has kept keys yet, and then those of what has changed alone.
    const first = await shop.load();
    expect(await loadItems('2024-03-01T02:10:00Z')).toEqual([0, expect.stringMatching(/^not checked: .*nothing of it has been loaded yet/)]);
    await shop.sql.query(`INSERT INTO orders VALUES (101, 1, NULL, now(), '2024-03-01 02:20Z')`);
    const second = await shop.load({ at: '2024-03-01T03:00:00Z', table: orders, since: first.reached });
    expect(await loadItems('2024-03-01T03:10:00Z')).toEqual([0, expect.stringContaining('these are not all of its rows')]);
    await shop.load({ at: '2024-03-01T04:00:00Z', table: orders, fullRefresh: true });
    await shop.sql.query(`INSERT INTO orders VALUES (103, 1, NULL, now(), '2024-03-01 03:20Z'); UPDATE items SET order_id = 103 WHERE id = 1`);
    await shop.load({ at: '2024-03-01T05:00:00Z', table: orders, since: second.reached });
    expect(await loadItems('2024-03-01T05:10:00Z')).toEqual([1, expect.stringMatching(/^quarantine: 1 of 3 rows/)]);
    await shop.close();
  });
});

describe('the profile of a load', () => {
  it('is committed with it, and what has changed since the last load of its kind is noted', async () => {
    const shop = await openOrders(servers, 300, { mode: 'full' });
    expect((await shop.load()).notes).toEqual([]);
    const [first] = await shop.keys('_loadin/profiles/orders/');
    expect(JSON.parse(await shop.text(first ?? ''))).toMatchObject({ format: 'loadin.profile', entity: 'orders', load_type: 'full', rows: 300 });
    await shop.sql.query('UPDATE orders SET note = NULL');
    const second = await shop.load({ at: '2024-03-01T03:00:00Z' });
    expect(second.notes.map(({ message }) => message).join()).toMatch(/note has 100 % nulls after 33.3 %/);
    expect(await shop.keys('_loadin/profiles/orders/')).toHaveLength(2);
    await shop.close();
  });
});
