import type { Client } from 'pg';
import { openSession } from '../connection/session.js';
import type { ConnectionSettings } from '../connection/types.js';
import { readRecords, readTable } from './read-table.js';
import { numbers, openTables, signal, type Tables } from './tables.fixture.js';
import type { TableRead } from './types.js';

describe('reading a table in full', () => {
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

  it('gives every row once, in the order of its key, with the columns in the order that is asked for', async () => {
    await client.query(`CREATE TABLE lines (note text, item text COLLATE "und-x-icu", n int, PRIMARY KEY (item, n));
      INSERT INTO lines SELECT 'x', item, n FROM unnest(ARRAY['b', 'A', 'a', 'é', 'B']) item, generate_series(1, 2) n`);
    const read = { table: await table('lines'), columns: ['n', 'item'] };
    const { columns } = readTable(read, { connection, signal });
    expect(columns.map(({ name }) => name)).toEqual(['n', 'item']);
    // The server's order of texts, whatever it is.
    expect(await values(read, 'item')).toEqual(['a', 'a', 'A', 'A', 'b', 'b', 'B', 'B', 'é', 'é']);
  });

  it('gives nothing of an empty table, and does without a key', async () => {
    await client.query(`CREATE TABLE empty (id int PRIMARY KEY); CREATE TABLE heap (id int); INSERT INTO heap SELECT generate_series(1, 10)`);
    expect(await values({ table: await table('empty') })).toEqual([]);
    expect(await values({ table: await table('heap') })).toEqual(numbers(1, 10));
  });

  it('is one state of the table, however long it takes', async () => {
    await client.query(
      `CREATE TABLE moving (id int PRIMARY KEY, v int, pad text); INSERT INTO moving SELECT n, 0, repeat('x', 5000) FROM generate_series(1, 2000) n`,
    );
    const seen: unknown[] = [];
    for await (const { v } of readRecords({ table: await table('moving') }, { connection, signal })) {
      if (seen.length === 0) await client.query('UPDATE moving SET v = 1');
      seen.push(v);
    }
    expect(seen).toHaveLength(2_000);
    expect(new Set(seen)).toEqual(new Set([0]));
  });

  it('shares a state between several reads by an exported snapshot', async () => {
    await client.query(`CREATE TABLE shared (id int PRIMARY KEY); INSERT INTO shared SELECT generate_series(1, 10)`);
    const holder = await openSession({ connection });
    const snapshot = await holder.exportSnapshot();
    const read = { table: await table('shared') };
    await client.query('DELETE FROM shared WHERE id > 5; INSERT INTO shared VALUES (100)');
    const halves = [
      { from: null, below: ['6'] },
      { from: ['6'], below: null },
    ];
    const both = await Promise.all(halves.map((range) => values({ ...read, range }, 'id', { snapshot })));
    expect(both).toEqual([numbers(1, 5), numbers(6, 10)]);
    await holder.end();
    await expect(values(read, 'id', { snapshot })).rejects.toMatchObject({ action: 'fatal' });
  });

  it('writes nothing: the transaction is read-only', async () => {
    const session = await openSession({ connection });
    await expect(session.query('CREATE TABLE never (id int)')).rejects.toMatchObject({ cause: { code: '25006' } });
    await session.end();
  });

  it('refuses a table of which a policy hides rows, unless it is told to do without them', async () => {
    await client.query(`CREATE TABLE tenants (id int PRIMARY KEY); INSERT INTO tenants SELECT generate_series(1, 4); ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
      CREATE POLICY even ON tenants USING (id % 2 = 0); CREATE ROLE tenant LOGIN PASSWORD 't'; GRANT SELECT ON tenants TO tenant`);
    const tenant = { ...connection, user: 'tenant', password: 't' };
    const read = { table: await table('tenants') };
    await expect(values(read, 'id', { connection: tenant })).rejects.toMatchObject({
      action: 'fatal',
      hint: expect.stringContaining('row-level security') as string,
    });
    await expect(table('tenants', tenant)).rejects.toMatchObject({
      message: 'Row-level security hides rows of public.tenants from the user',
      hint: expect.stringContaining('BYPASSRLS') as string,
    });
    expect(await values(read, 'id', { connection: tenant, rowSecurity: true })).toEqual([2, 4]);
    expect(await values(read)).toEqual([1, 2, 3, 4]);
  });

  it('reads the columns that the user may read, where they are named', async () => {
    await client.query(`CREATE TABLE persons (id int PRIMARY KEY, name text, salary int); INSERT INTO persons VALUES (1, 'a', 5);
      CREATE ROLE clerk LOGIN PASSWORD 'c'; GRANT SELECT (id, name) ON persons TO clerk`);
    const clerk = { ...connection, user: 'clerk', password: 'c' };
    const persons = await table('persons', clerk);
    expect(await values({ table: persons, columns: ['id', 'name'] }, 'name', { connection: clerk })).toEqual(['a']);
    await expect(values({ table: persons }, 'id', { connection: clerk })).rejects.toMatchObject({
      message: 'public.persons: the user may not read salary',
      hint: expect.stringContaining('name the columns') as string,
    });
    await client.query('REVOKE ALL (id, name) ON persons FROM clerk');
    await expect(table('persons', clerk)).rejects.toMatchObject({ message: 'The user may not read public.persons' });
    await client.query('DROP OWNED BY clerk; DROP ROLE clerk');
  });

  it('says which column is not there, or can be no key or cursor', async () => {
    await client.query('CREATE TABLE odd (id int PRIMARY KEY, label text, at timestamptz)');
    const odd = await table('odd');
    const problem = (read: Omit<TableRead, 'table'>): string => {
      try {
        readTable({ table: odd, ...read }, { connection, signal });
        return 'none';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(problem({ columns: ['id', 'nmae'] })).toBe('public.odd: there is no column nmae, named as a column');
    expect(problem({ columns: [], key: [] })).toBe('public.odd: there are no columns to read');
    expect(problem({ columns: ['label'] })).toBe('public.odd: id is key or cursor, and not among the columns');
    expect(problem({ key: ['label'] })).toBe('public.odd: key column label may be null');
    expect(problem({ cursor: 'label' })).toBe("public.odd: label can't be a cursor: it is text");
    expect(problem({ cursor: 'id', below: '2024-01-01T00:00:00Z' })).toBe(
      'public.odd: an end in time needs a cursor that is a time, and id is integer',
    );
    expect(problem({ key: [], ordered: true })).toBe('public.odd: rows without a key have no order');
    await expect(table('ODD')).rejects.toMatchObject({ message: 'There is no table public.ODD', hint: 'Is public.odd meant?' });
  });
});
