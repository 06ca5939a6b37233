import fs from 'node:fs';
import { openShop, startServers, type Servers } from './bronze.fixture.js';
import { lakeSum, openOrders, sourceSum } from './orders.fixture.js';

jest.setTimeout(60_000);

let servers: Servers;
beforeAll(async () => void (servers = await startServers()));
afterAll(() => servers.close());

const READINGS = `CREATE TABLE readings (id int PRIMARY KEY, amount numeric(8,2), day date, updated_at timestamptz NOT NULL);
  INSERT INTO readings SELECT n, CASE WHEN n % 10 = 0 THEN numeric 'NaN' ELSE n END, CASE WHEN n % 25 = 0 THEN date 'infinity' ELSE date '2024-02-01' END,
    timestamptz '2024-02-28 00:00Z' + n * interval '1 s' FROM generate_series(1, 100) n`;

describe('rows that their columns can not hold', () => {
  it('are dead letters of the same commit under quarantine, and not delivered', async () => {
    const shop = await openShop(servers, READINGS, { table: 'readings', key: ['id'], cursor: 'updated_at', contract: 'quarantine' });
    const loaded = await shop.load();
    expect(loaded).toMatchObject({ read: 100, rejected: 12, deduplicated: 0 });
    const letters = (await shop.text('dead-letters/postgres/orders/0.ndjson')).trimEnd().split('\n');
    expect(letters).toHaveLength(12);
    expect(JSON.parse(letters[0] ?? '')).toEqual({
      reason: 'The column "amount" is decimal(8,2), and a value is not',
      errorClass: 'QuarantinedRow',
      record: { id: '10', amount: 'NaN', day: '2024-02-01', updated_at: '2024-02-28 00:00:10+00' },
    });
    expect(await shop.rows('select count(*)::int as rows from lake')).toEqual([{ rows: 88 }]);
    // They are not put there again by each load that reads them again.
    expect(await shop.load({ at: '2024-03-01T03:00:00Z' })).toMatchObject({ read: 100, deduplicated: 100, rejected: 0 });
    await shop.close();
  });

  it('have the names of their columns in their letters, and the texts of the source with tabs, line breaks and nulls', async () => {
    const shop = await openShop(
      servers,
      `CREATE TABLE notes (id int PRIMARY KEY, amount numeric(8,2), "a name" text, "__proto__" text); INSERT INTO notes VALUES (1, 'NaN', E'tab\\t, line\\n, \\\\N', NULL)`,
      { table: 'notes', key: ['id'], contract: 'quarantine' },
    );
    await shop.load();
    const [letter = ''] = (await shop.text('dead-letters/postgres/orders/0.ndjson')).trimEnd().split('\n');
    expect(letter).toContain('"record":{"id":"1","amount":"NaN","a name":"tab\\t, line\\n, \\\\N","__proto__":null}');
    await shop.close();
  });

  it('widen their columns otherwise: the schema file has both versions, and the next load begins with the last', async () => {
    const shop = await openShop(servers, READINGS, { table: 'readings', key: ['id'], cursor: 'updated_at' });
    expect(await shop.load()).toMatchObject({ read: 100, rejected: 0 });
    const schema = JSON.parse(await shop.text('_loadin/schemas/readings.json')) as { key: string[]; versions: { columns: unknown[] }[] };
    expect(schema.key).toEqual(['id']);
    expect(schema.versions.at(-1)?.columns).toEqual([
      { name: 'id', type: 'int32' },
      { name: 'amount', type: 'string' },
      { name: 'day', type: 'string' },
      { name: 'updated_at', type: 'timestamptz' },
    ]);
    await shop.sql.query(`INSERT INTO readings VALUES (101, 1.5, '2024-02-01', '2024-03-01 02:30Z')`);
    await shop.load({ at: '2024-03-01T03:00:00Z' });
    expect(await shop.rows(`select amount, typeof(amount) as type from lake where id = 101`)).toEqual([{ amount: '1.50', type: 'VARCHAR' }]);
    expect(JSON.parse(await shop.text('_loadin/schemas/readings.json'))).toEqual(schema);
    await shop.close();
  });
});

describe('a disk that is full', () => {
  it('ends the load, of which nothing is left, and the next attempt brings all', async () => {
    const shop = await openOrders(servers, 3000);
    const writer = { ...shop.context.writer, memoryBytes: 64 * 1024, rowGroupBytes: 32 * 1024 };
    const full = jest.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    });
    await expect(shop.load({ context: { writer } })).rejects.toThrow('The disk is full');
    expect(full).toHaveBeenCalled();
    full.mockRestore();
    expect([await shop.keys(), await shop.pending()]).toEqual([[], []]);
    await shop.load({ context: { writer } });
    expect(await lakeSum(shop)).toEqual(await sourceSum(shop));
    await shop.close();
  });
});

describe('a load that is stopped', () => {
  it('ends in the middle of a file, of which nothing is left', async () => {
    const shop = await openOrders(servers, 3000, { eventDate: undefined });
    const writer = { ...shop.context.writer, rowGroupBytes: 32 * 1024 };
    const stop = new AbortController();
    const onProgress = ({ read }: { read: number }): void => (read > 1000 ? stop.abort(new Error('stopped')) : undefined);
    await expect(shop.load({ context: { writer }, options: { signal: stop.signal, onProgress } })).rejects.toThrow('stopped');
    expect([await shop.keys(), await shop.pending()]).toEqual([[], []]);
    await shop.close();
  });
});

describe('a load that only tries', () => {
  it('reads and counts all, and leaves nothing', async () => {
    const shop = await openOrders(servers, 100, { hardDeletes: true });
    const loaded = await shop.load({ context: { dryRun: true } });
    expect(loaded).toMatchObject({ read: 100, deduplicated: 0, reached: ['2024-02-28T00:01:40Z'] });
    expect(loaded.objects.reduce((sum, { records }) => sum + records, 0)).toBe(100);
    expect([await shop.keys(), await shop.pending()]).toEqual([[], []]);
    await shop.close();
  });
});
