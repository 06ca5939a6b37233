import { createManualClock, createRecordingLogger } from '@loadin/testing';
import type { Client } from 'pg';
import { openSession } from '../connection/session.js';
import type { ConnectionSettings } from '../connection/types.js';
import { startCuttingProxy, type CuttingProxy } from '../cutting-proxy.fixture.js';
import { readRecords, readTable } from './read-table.js';
import { overTls } from '../server.fixture.js';
import { openTables, signal, type Tables } from './tables.fixture.js';

describe('reading over a connection that breaks', () => {
  let tables: Tables;
  let client: Client;
  let connection: ConnectionSettings;
  let table: Tables['table'];
  let values: Tables['values'];
  beforeAll(async () => {
    tables = await openTables();
    ({ client, connection, table, values } = tables);
  });
  afterAll(() => tables.close());

  let proxy: CuttingProxy;
  let through: ConnectionSettings;
  const clock = createManualClock(0);
  beforeAll(async () => {
    await client.query(`CREATE TABLE many (a text, b int, pad text, changed timestamptz NOT NULL, PRIMARY KEY (a, b));
      INSERT INTO many SELECT 'é' || n % 7, n, repeat('x', 300), timestamptz '2024-01-15Z' + n / 10 * interval '1 s' FROM generate_series(1, 8000) n`);
  });
  beforeEach(async () => {
    proxy = await startCuttingProxy(connection);
    through = { ...connection, port: proxy.port };
  });
  afterEach(() => proxy.close());

  it.each([
    ['by key', undefined],
    ['by change', 'changed'],
  ])('goes on after the last row that it gave, %s', async (_, cursor) => {
    proxy.cutAfter(200_000, 100, 1_500_000, 20_000);
    const found = await values({ table: await table('many'), cursor }, 'b', { connection: overTls(through), clock });
    expect(proxy.connections()).toBe(5);
    expect(found).toHaveLength(8_000);
    expect(new Set(found).size).toBe(8_000);
  });

  it('goes on when the server ends the session', async () => {
    const found: unknown[] = [];
    for await (const { b } of readRecords(
      { table: await table('many') },
      { connection: { ...through, tls: 'off' }, signal, clock, applicationName: 'to be ended' },
    )) {
      found.push(b);
      if (found.length === 10) await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'to be ended'`);
    }
    expect(proxy.connections()).toBe(2);
    expect(new Set(found).size).toBe(8_000);
    expect(found).toHaveLength(8_000);
  });

  it('waits for a database that fails over for a minute and a half, says so at each wait, and loses no row', async () => {
    const time = createManualClock(0);
    const logger = createRecordingLogger();
    proxy.cutAfter(200_000, ...Array.from({ length: 22 }, () => 300));
    const found = await values({ table: await table('many') }, 'b', { connection: overTls(through), clock: time, random: () => 0.5, logger });
    expect([found.length, new Set(found).size]).toEqual([8_000, 8_000]);
    expect(time.sleeps.slice(0, 8)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    expect(time.now()).toBeGreaterThan(85_000);
    const waits = logger.lines.filter(({ message }) => message === 'The database is waited for');
    expect(waits).toHaveLength(time.sleeps.length);
    expect(waits[1]).toMatchObject({
      level: 'warn',
      fields: { table: 'public.many', error: expect.stringContaining('was lost') as string, attempt: 2, wait_ms: 200, gives_up_in_ms: 119_900 },
    });
  });

  it('gives up after two minutes without a row, or what it is told', async () => {
    for (const [reconnectMs, ms] of [
      [undefined, 120_000],
      [10_000, 10_000],
    ] as const) {
      const time = createManualClock(0);
      proxy.cutAfter(...Array.from({ length: 100 }, () => 300));
      const reading = values({ table: await table('many') }, 'b', { connection: through, clock: time, random: () => 0.5, reconnectMs });
      await expect(reading).rejects.toMatchObject({ action: 'retry' });
      expect(time.now()).toBe(ms);
    }
  });

  it('ends a wait at once with the deadline', async () => {
    const deadline = new AbortController();
    const time = createManualClock(0, { auto: false });
    proxy.cutAfter(...Array.from({ length: 100 }, () => 300));
    const reading = values({ table: await table('many') }, 'b', { connection: through, clock: time, signal: deadline.signal });
    for (let turn = 0; time.waiting === 0 && turn < 500; turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    deadline.abort(new Error('time is over'));
    await expect(reading).rejects.toThrow('time is over');
  });

  it('gives up when the connection is lost again and again', async () => {
    proxy.cutAfter(...Array.from({ length: 20 }, () => 300));
    await expect(values({ table: await table('many') }, 'b', { connection: through, clock, reconnects: 3 })).rejects.toMatchObject({
      action: 'retry',
      message: expect.stringMatching(/The connection to Postgres at .* was lost/) as string,
    });
    expect(proxy.connections()).toBe(4);
  });

  it('ends instead where it could not go on exactly: without a key, out of order, or in a shared state', async () => {
    const many = await table('many');
    const holder = await openSession({ connection });
    const snapshot = await holder.exportSnapshot();
    for (const [read, options] of [
      [{ table: many, key: [] }, {}],
      [{ table: many, ordered: false }, {}],
      [{ table: many }, { snapshot }],
    ] as const) {
      proxy.cutAfter(200_000);
      await expect(values(read, 'b', { connection: through, clock, ...options })).rejects.toMatchObject({ action: 'retry' });
    }
    await holder.end();
  });

  it('goes on however long it takes where the user may not have long transactions', async () => {
    await client.query(`CREATE ROLE hasty LOGIN PASSWORD 'h'; GRANT SELECT ON many TO hasty; ALTER ROLE hasty SET transaction_timeout = '150ms'`);
    const hasty = { ...through, user: 'hasty', password: 'h' };
    let rows = 0;
    const blocks = readTable({ table: await table('many') }, { connection: hasty, signal, reconnects: 0 }).blocks;
    for await (const { count } of blocks) {
      if (rows === 0) await new Promise((resolve) => setTimeout(resolve, 200));
      rows += count;
    }
    expect(rows).toBe(8_000);
  });

  it('says that the connection was lost, when that was between two questions', async () => {
    const session = await openSession({ connection, applicationName: 'between questions' });
    await client.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'between questions'`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(session.query('SELECT 1')).rejects.toMatchObject({ action: 'retry', message: expect.stringContaining('was') as string });
    await session.end();
  });

  it('takes a server that falls silent for lost', async () => {
    const options = { connection: through, signal, clock, silenceTimeoutMs: 50, reconnects: 0 };
    const blocks = readTable({ table: await table('many') }, options).blocks[Symbol.asyncIterator]();
    await blocks.next();
    proxy.hang();
    const rest = async (): Promise<void> => {
      for (let next = await blocks.next(); next.done !== true; next = await blocks.next());
    };
    await expect(rest()).rejects.toMatchObject({ action: 'retry', message: expect.stringMatching(/has stopped answering/) as string });
  });

  it('reads no more than it has room for while rows are not taken, and goes on when they are', async () => {
    await client.query(
      `CREATE TABLE wide (id int PRIMARY KEY, pad text); INSERT INTO wide SELECT n, repeat('x', 20000) FROM generate_series(1, 2000) n`,
    );
    const plain = { ...through, tls: 'off' as const };
    const blocks = readTable({ table: await table('wide') }, { connection: plain, signal }).blocks[Symbol.asyncIterator]();
    let rows = (await blocks.next()).value?.count ?? 0;
    let before = -1;
    while (proxy.bytes() !== before) {
      before = proxy.bytes();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // 40 MB in all; what lies in the buffers of three sockets is a few of them.
    expect(before).toBeLessThan(25_000_000);
    for (let next = await blocks.next(); next.done !== true; next = await blocks.next()) rows += next.value.count;
    expect(rows).toBe(2_000);
  });

  it('ends at once when it is cancelled, and leaves no connection behind when it is not read to its end', async () => {
    const controller = new AbortController();
    const start = async (stop: AbortSignal) => {
      const options = { connection, signal: stop, applicationName: 'not to the end' };
      const records = readRecords({ table: await table('many') }, options);
      await records.next();
      return records;
    };
    const cancelled = await start(controller.signal);
    controller.abort(new Error('enough'));
    const rest = async (): Promise<void> => {
      for (let next = await cancelled.next(); next.done !== true; next = await cancelled.next());
    };
    await expect(rest()).rejects.toThrow('enough');
    await (await start(signal)).return();
    const left = async (): Promise<number> =>
      Number((await client.query(`SELECT count(*) FROM pg_stat_activity WHERE application_name = 'not to the end'`)).rows[0].count);
    for (let tries = 0; (await left()) > 0 && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await left()).toBe(0);
  });
});
