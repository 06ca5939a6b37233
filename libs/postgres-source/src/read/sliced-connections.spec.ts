import { createManualClock } from '@loadin/testing';
import type { Client } from 'pg';
import type { ConnectionSettings } from '../connection/types.js';
import { startCuttingProxy, type CuttingProxy } from '../cutting-proxy.fixture.js';
import { readSlices } from './read-slices.js';
import { slicesOf } from './slices.fixture.js';
import { openTables, signal, type Tables } from './tables.fixture.js';

const ROWS = 6_000;

describe('the connections of slices', () => {
  let tables: Tables;
  let client: Client;
  let connection: ConnectionSettings;
  const clock = createManualClock(0);
  beforeAll(async () => {
    tables = await openTables();
    ({ client, connection } = tables);
    await client.query(`CREATE TABLE large (id int PRIMARY KEY, v int, pad text);
      INSERT INTO large SELECT n, 0, repeat('x', 3000) FROM generate_series(1, ${ROWS}) n;
      CREATE TABLE wide (id int PRIMARY KEY, v int, pad text); INSERT INTO wide SELECT n, 0, repeat('x', 20000) FROM generate_series(1, ${ROWS}) n; ANALYZE`);
  });
  afterAll(() => tables.close());

  let proxy: CuttingProxy;
  let through: ConnectionSettings;
  beforeEach(async () => {
    proxy = await startCuttingProxy(connection);
    through = { ...connection, port: proxy.port };
    await client.query(`UPDATE large SET v = 0 WHERE v <> 0`);
  });
  afterEach(() => proxy.close());

  const table = () => tables.table('large');
  const idsOf = (rows: readonly (readonly (string | null)[])[]): Set<string | null> => new Set(rows.map(([id]) => id ?? null));
  const left = async (name: string): Promise<number> =>
    Number((await client.query(`SELECT count(*) FROM pg_stat_activity WHERE application_name = $1`, [name])).rows[0].count);
  const nobodyLeft = async (name: string): Promise<void> => {
    for (let tries = 0; (await left(name)) > 0 && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await left(name)).toBe(0);
  };

  it('are one for each slice and one that holds the state; none is left', async () => {
    const { rows, slices, log } = await slicesOf({ table: await table() }, { connection: through, applicationName: 'all slices' });
    expect([rows.length, idsOf(rows).size, slices, proxy.connections()]).toEqual([ROWS, ROWS, 4, 5]);
    expect(log).toEqual(['The table is read in slices']);
    await nobodyLeft('all slices');
  });

  it('that are lost are made anew, each in its slice and in the same state', async () => {
    // The first one holds the state.
    proxy.cutAfter(Infinity, 300_000, 3_000_000, 40_000, Infinity, 1_000_000, 200);
    let touched = false;
    const { rows, log } = await slicesOf({ table: await table() }, { connection: through, clock }, async (count) => {
      if (count > 50 && !touched) await client.query('UPDATE large SET v = 1');
      touched ||= count > 50;
    });
    expect([touched, proxy.connections()]).toEqual([true, 10]);
    expect([rows.length, idsOf(rows).size]).toEqual([ROWS, ROWS]);
    expect(new Set(rows.map(([, v]) => v))).toEqual(new Set(['0']));
    expect(log.filter((message) => message === 'The database is waited for')).toHaveLength(5);
    expect(log.some((message) => message.includes('is lost'))).toBe(false);
  });

  it('go on in the state of then when all are lost, as after a failure of the server', async () => {
    let ended = 0;
    const { rows, log } = await slicesOf(
      { table: await tables.table('wide') },
      { connection, clock, applicationName: 'all to be ended' },
      async (count) => {
        if (count < 500 || ended > 0) return;
        await client.query('UPDATE wide SET v = 1');
        ended = (await client.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'all to be ended'`)).rows
          .length;
      },
    );
    expect(ended).toBe(5);
    expect([rows.length, idsOf(rows).size]).toEqual([ROWS, ROWS]);
    expect(new Set(rows.map(([, v]) => v))).toEqual(new Set(['0', '1']));
    expect(log).toContain('The state that slices share is lost: the rest of this one is read as it is now');
    await nobodyLeft('all to be ended');
  });

  it('are fewer where the server has no more to spare, and the read says so', async () => {
    await client.query(`CREATE ROLE limited LOGIN PASSWORD 'l' CONNECTION LIMIT 3; GRANT SELECT ON large TO limited`);
    const limited = { ...connection, user: 'limited', password: 'l' };
    const { rows, slices, log } = await slicesOf({ table: await table() }, { connection: limited });
    expect([rows.length, idsOf(rows).size, slices]).toEqual([ROWS, ROWS, 2]);
    expect(log[0]).toBe('The server has no connection to spare for more slices');
    await client.query('ALTER ROLE limited CONNECTION LIMIT 1');
    await expect(slicesOf({ table: await table() }, { connection: limited, clock, reconnectMs: 1_000 })).rejects.toMatchObject({
      action: 'retry',
      message: expect.stringContaining('has no connection to spare') as string,
      hint: expect.stringContaining('fewer slices') as string,
    });
    await client.query('DROP OWNED BY limited; DROP ROLE limited');
  });

  it('end when one slice can not go on, when the read is cancelled, and when it is not read to its end', async () => {
    proxy.cutAfter(Infinity, Infinity, 100_000, ...Array.from({ length: 50 }, () => 100));
    const failing = slicesOf({ table: await table() }, { connection: through, clock, reconnects: 2, applicationName: 'one fails' });
    await expect(failing).rejects.toMatchObject({ action: 'retry', message: expect.stringMatching(/was lost/) as string });
    await nobodyLeft('one fails');
    const cancel = new AbortController();
    const cancelled = slicesOf({ table: await table() }, { connection, signal: cancel.signal, applicationName: 'cancelled' }, () =>
      cancel.abort(new Error('enough')),
    );
    await expect(cancelled).rejects.toThrow('enough');
    await nobodyLeft('cancelled');
    const options = { connection, signal, slices: 4, sliceRows: 100, applicationName: 'not to the end' };
    for await (const { count } of readSlices({ table: await table() }, options).blocks) if (count > 0) break;
    await nobodyLeft('not to the end');
  });

  it('hold no more rows than they have room for while none are taken', async () => {
    const options = { connection: through, signal, slices: 4, sliceRows: 100 };
    const blocks = readSlices({ table: await tables.table('wide') }, options).blocks[Symbol.asyncIterator]();
    let rows = (await blocks.next()).value?.count ?? 0;
    for (let before = -1; proxy.bytes() !== before; await new Promise((resolve) => setTimeout(resolve, 100))) before = proxy.bytes();
    // 120 MB in all; what lies in the buffers of three sockets for each slice is less than half of them.
    expect(proxy.bytes()).toBeLessThan(80_000_000);
    for (let next = await blocks.next(); next.done !== true; next = await blocks.next()) rows += next.value.count;
    expect(rows).toBe(ROWS);
  });
});
