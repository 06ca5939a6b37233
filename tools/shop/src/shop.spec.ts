import { startPostgres, type PostgresServer, type TestDatabase } from '@loadin/postgres';
import { changeShop, countShop, createShop, openLateCommit, sharesOf, SHOP_TABLES } from './index.js';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('the shop', () => {
  let server: PostgresServer;
  let databases: TestDatabase[];
  beforeAll(async () => {
    server = await startPostgres();
    databases = [await server.createDatabase(), await server.createDatabase()];
  });
  afterAll(async () => {
    await Promise.all(databases.map(({ close }) => close()));
    await server.stop();
  });
  const client = (which = 0) => (databases[which] as TestDatabase).client;
  const digestOf = async (which: number, table: string): Promise<string> =>
    (await client(which).query<{ digest: string }>(`SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) AS digest FROM ${table} t`)).rows[0]
      ?.digest ?? '';
  const one = async (sql: string): Promise<unknown> => Object.values((await client().query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];

  it('has as many rows as were asked for, the same ones for the same seed', async () => {
    for (const which of [0, 1]) expect(await createShop({ client: client(which), rows: 2_003, now })).toEqual(sharesOf(2_003));
    const counts = await countShop(client());
    expect(counts).toEqual(sharesOf(2_003));
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(2_003);
    for (const table of SHOP_TABLES) expect([table, await digestOf(0, table)]).toEqual([table, await digestOf(1, table)]);
  });

  it('has values of many types, nulls and texts that are hard on formats', async () => {
    expect(await one('SELECT count(DISTINCT data_type) FROM information_schema.columns WHERE table_schema = current_schema()')).toBe('18');
    expect(await one("SELECT count(*) FROM orders WHERE notes ~ E'[\\n\\t\\\\\\\\]' OR notes = ''")).not.toBe('0');
    expect(await one('SELECT count(*) FROM customers WHERE email IS NULL')).not.toBe('0');
    expect(await one("SELECT count(*) FROM customers WHERE tags @> ARRAY['with,comma']")).not.toBe('0');
  });

  it('has nothing that is later than its time, and orders of each of thirty days', async () => {
    expect(await one("SELECT count(*) FROM orders WHERE updated_at > '2026-03-01 12:00:00.001Z' OR placed_at > updated_at")).toBe('0');
    expect(Number(await one("SELECT count(DISTINCT (placed_at AT TIME ZONE 'UTC')::date) FROM orders"))).toBeGreaterThanOrEqual(30);
  });

  it('changes between runs: updates, inserts, soft and hard deletes, rows of an earlier time, once a new column', async () => {
    const before = await countShop(client());
    const first = await changeShop({ client: client(), step: 1, share: 0.05 });
    const counts = [first.updated, first.inserted].flatMap((by) => Object.values(by)).concat(first.softDeleted, first.late, first.deleted.inventory);
    expect(counts.filter((count) => count === 0)).toEqual([]);
    expect(first).toMatchObject({ newColumn: 'customers.loyalty_points', deleted: { orders: 0, order_items: 0 } });
    const after = await countShop(client());
    expect(after).toEqual({
      customers: before.customers + first.inserted.customers,
      products: before.products,
      inventory: before.inventory - first.deleted.inventory,
      orders: before.orders + first.inserted.orders,
      order_items: before.order_items + first.inserted.order_items,
    });
    const second = await changeShop({ client: client(), step: 2, share: 0.05, deleteOrders: true });
    expect(second.newColumn).toBeNull();
    expect(second.deleted.orders).toBeGreaterThan(0);
    expect((await countShop(client())).orders).toBe(after.orders + second.inserted.orders - second.deleted.orders);
  });

  it('changes the same rows for the same seed and step', async () => {
    await changeShop({ client: client(1), step: 1, share: 0.05 });
    await changeShop({ client: client(1), step: 2, share: 0.05, deleteOrders: true });
    expect(await countShop(client(1))).toEqual(await countShop(client(0)));
    expect(await digestOf(1, 'inventory')).toBe(await digestOf(0, 'inventory'));
  });

  it('commits late what carries the time of its begin', async () => {
    const late = await openLateCommit({ client: client(1), orders: 3 });
    const begun = await client(1).query("SELECT count(*) FROM orders WHERE notes = 'committed late' AND updated_at = now()");
    expect(begun.rows[0]).toEqual({ count: '3' });
    await late.commit();
    expect((await client(1).query("SELECT count(*) FROM orders WHERE notes = 'committed late' AND updated_at < now()")).rows[0]).toEqual({
      count: '3',
    });
    const other = await openLateCommit({ client: client(1), orders: 5 });
    expect(other.orders).toBe(5);
    await other.rollback();
    expect((await client(1).query("SELECT count(*) FROM orders WHERE notes = 'committed late'")).rows[0]).toEqual({ count: '3' });
  });

  it('says what is wrong with too small a shop, and leaves nothing of one that can’t be made', async () => {
    await expect(createShop({ client: client(), rows: 10 })).rejects.toThrow('A shop has at least 200 rows, not 10');
    await expect(createShop({ client: client() })).rejects.toThrow('already exists');
    expect(Number((await countShop(client())).customers)).toBeLessThan(1_000);
  });
});
