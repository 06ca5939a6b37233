import type { Client } from 'pg';
import { openSession } from '../connection/session.js';
import type { ConnectionSettings } from '../connection/types.js';
import { connectTo } from '../server.fixture.js';
import { readRecords } from './read-table.js';
import { openTables, signal, type Tables } from './tables.fixture.js';
import { readUpperBound } from './upper-bound.js';

describe('reading changes while others write', () => {
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

  it('loses nothing of two transactions that overlap the run', async () => {
    await client.query(`CREATE TABLE orders (id int PRIMARY KEY, note text, updated_at timestamptz NOT NULL DEFAULT now())`);
    const orders = await table('orders');
    const [early, late, third] = await Promise.all([connectTo(connection), connectTo(connection), connectTo(connection)]);
    const delivered = new Map<number, string>();
    let since: string | undefined;
    const run = async (lookBack: number): Promise<readonly string[]> => {
      const session = await openSession({ connection });
      const { below, notes } = await readUpperBound(session, { runStart: new Date(Date.now() + 1_000).toISOString() }).finally(() => session.end());
      for await (const row of readRecords({ table: orders, cursor: 'updated_at', from: since, below, lookBack }, { connection, signal }))
        delivered.set(Number(row['id']), String(row['note']));
      since = below;
      return notes.map(({ message }) => message);
    };
    await client.query(`INSERT INTO orders VALUES (1, 'before')`);
    await early.query(`BEGIN; SET LOCAL application_name = 'checkout'; INSERT INTO orders VALUES (2, 'written early, committed last')`);
    await client.query(`INSERT INTO orders VALUES (3, 'in between')`);
    await late.query(
      `BEGIN; INSERT INTO orders VALUES (4, 'written late, committed first'); UPDATE orders SET note = 'changed', updated_at = now() WHERE id = 1`,
    );
    await late.query('COMMIT');
    // Without the bound this run would take 3 and 4, and the next would begin behind 2.
    expect((await run(0)).join()).toMatch(
      /^Changes are read up to 20..-..-..T..:..:..\.?\d*Z: the transaction of process \d+ \(checkout\) has been open since then$/,
    );
    expect(delivered).toEqual(new Map());
    await early.query('COMMIT');
    await third.query(`BEGIN; SELECT 1`);
    expect(await run(0)).toHaveLength(1);
    expect(delivered.get(2)).toBe('written early, committed last');
    expect(delivered.get(1)).toBe('changed');
    // It has written nothing until now, and its rows are of its beginning.
    await third.query(`INSERT INTO orders VALUES (5, 'of a transaction that began before a run'); COMMIT`);
    expect(await run(0)).toEqual([]);
    expect([...delivered.keys()].sort()).toEqual([1, 2, 3, 4, 5]);
    await Promise.all([early.end(), late.end(), third.end()]);
  });

  it('reads again what lies in the look-back, for rows that came with an older time', async () => {
    await client.query(
      `CREATE TABLE skewed (id int PRIMARY KEY, updated_at timestamptz NOT NULL); INSERT INTO skewed VALUES (1, '2024-01-15 10:00Z')`,
    );
    const read = { table: await table('skewed'), cursor: 'updated_at', from: '2024-01-15T10:00:00Z' };
    await client.query(`INSERT INTO skewed VALUES (2, '2024-01-15 09:51Z'), (3, '2024-01-15 09:49Z')`);
    expect(await values(read)).toEqual([2, 1]);
  });

  it('is not held back by its own readers, and says what it can not see', async () => {
    await client.query(`CREATE ROLE reader LOGIN PASSWORD 'r'; GRANT USAGE ON SCHEMA public TO reader`);
    const reader = { ...connection, user: 'reader', password: 'r' };
    const runStart = '2999-01-01T00:00:00Z';
    const bound = async () => {
      const session = await openSession({ connection: reader });
      return readUpperBound(session, { runStart }).finally(() => session.end());
    };
    const own = await openSession({ connection: reader });
    expect((await bound()).notes).toEqual([]);
    const idle = await connectTo(connection);
    expect((await bound()).notes).toEqual([]);
    await idle.query('BEGIN; SELECT 1');
    expect((await bound()).notes).toEqual([
      {
        kind: 'not-visible',
        message: expect.stringMatching(/^The start of 1 open transaction is not visible to reader; .*GRANT pg_read_all_stats/) as string,
      },
    ]);
    await client.query('GRANT pg_read_all_stats TO reader');
    expect((await bound()).notes).toEqual([{ kind: 'held-back', message: expect.stringContaining('the transaction of process') as string }]);
    await idle.query(`COMMIT; BEGIN; CREATE TABLE prepared_row (id int); PREPARE TRANSACTION 'of two databases'`);
    const { below, notes } = await bound();
    expect(notes).toEqual([{ kind: 'held-back', message: expect.stringContaining('the prepared transaction of two databases') as string }]);
    expect(Date.now() - Date.parse(below)).toBeGreaterThan(590_000);
    await idle.query(`ROLLBACK PREPARED 'of two databases'`);
    expect((await bound()).notes).toEqual([]);
    await Promise.all([own.end(), idle.end()]);
  });

  it('is not held back for ever by what a promoted replica replayed last', async () => {
    const session = await openSession({ connection });
    const bound = async (replica: 't' | 'f'): Promise<string> => {
      const promoted = {
        ...session,
        query: async (...asked: Parameters<typeof session.query>) => {
          const rows = await session.query(...asked);
          return rows.map((row) => ('replayed' in row ? { ...row, replica, replayed: '2024-01-15 10:00:00+00' } : row));
        },
      };
      return (await readUpperBound(promoted, { runStart: '2024-01-15T10:30:00Z' })).below;
    };
    expect(await bound('f')).toBe('2024-01-15T10:30:00Z');
    expect(await bound('t')).toBe('2024-01-15T10:00:00Z');
    await session.end();
  });

  it('knows its own readers under the role that they take', async () => {
    await client.query(`CREATE ROLE readers; CREATE ROLE member LOGIN PASSWORD 'm' IN ROLE readers; ALTER ROLE member SET role = 'readers'`);
    const member = { ...connection, user: 'member', password: 'm' };
    const [own, session] = [await openSession({ connection: member }), await openSession({ connection: member })];
    expect((await readUpperBound(session, { runStart: '2999-01-01T00:00:00Z' })).notes).toEqual([]);
    await Promise.all([own.end(), session.end()]);
  });

  it('ends at the run’s start, and at the server’s clock where that is behind', async () => {
    const bound = async (runStart: string): Promise<string> => {
      const session = await openSession({ connection });
      return readUpperBound(session, { runStart })
        .then(({ below }) => below)
        .finally(() => session.end());
    };
    expect(await bound('2024-01-15T10:30:00Z')).toBe('2024-01-15T10:30:00Z');
    const before = Date.now();
    const now = Date.parse(await bound('2999-01-01T00:00:00Z'));
    expect(now).toBeGreaterThanOrEqual(before - 1);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
