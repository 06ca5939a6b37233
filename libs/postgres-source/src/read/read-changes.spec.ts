import type { Client } from 'pg';
import { openTables, type Tables } from './tables.fixture.js';

describe('reading what has changed in a table', () => {
  let tables: Tables;
  let client: Client;
  let table: Tables['table'];
  let values: Tables['values'];
  beforeAll(async () => {
    tables = await openTables();
    ({ client, table, values } = tables);
  });
  afterAll(() => tables.close());

  const at = (time: string): string => `2024-01-15T${time}Z`;
  beforeAll(async () => {
    await client.query(`CREATE TABLE events (id int PRIMARY KEY, changed timestamptz);
      INSERT INTO events VALUES (1, '2024-01-15 10:00Z'), (2, '2024-01-15 10:20Z'), (3, '2024-01-15 10:20Z'), (4, '2024-01-15 10:29:59.999999Z'), (5, '2024-01-15 10:30Z'),
        (6, NULL), (7, 'infinity'), (8, '-infinity'), (9, '2024-01-15 10:09:59.999999Z'), (10, '2024-01-15 10:10Z')`);
  });

  it('reads all there is at first, rows that the cursor cannot place before the others', async () => {
    expect(await values({ table: await table('events'), cursor: 'changed' })).toEqual([6, 7, 8, 1, 9, 10, 2, 3, 4, 5]);
  });

  it('then what is since the last time, less ten minutes, and before the upper bound', async () => {
    const read = { table: await table('events'), cursor: 'changed', from: at('10:20:00'), below: at('10:30:00') };
    expect(await values(read)).toEqual([6, 7, 8, 10, 2, 3, 4]);
    expect(await values({ ...read, lookBack: 0 })).toEqual([6, 7, 8, 2, 3, 4]);
    expect(await values({ ...read, lookBack: 600_001 })).toEqual([6, 7, 8, 9, 10, 2, 3, 4]);
    expect(await values({ ...read, unplaced: false })).toEqual([10, 2, 3, 4]);
  });

  it('goes on after any row, in either phase', async () => {
    const read = { table: await table('events'), cursor: 'changed', from: at('10:20:00') };
    const positions = await tables.positions(read);
    expect(positions[2]).toEqual({ phase: 'unplaced', last: ['8'] });
    expect(positions[4]).toEqual({ phase: 'placed', last: ['2024-01-15 10:20:00+00', '2'] });
    const all = [6, 7, 8, 10, 2, 3, 4, 5];
    for (const [index, after] of positions.entries()) expect(await values(read, 'id', { after })).toEqual(all.slice(index + 1));
  });

  it('orders by times without zone, days and numbers too', async () => {
    await client.query(`CREATE TABLE kinds (id int PRIMARY KEY, local timestamp, day date, version bigint NOT NULL, amount numeric(9,3));
      INSERT INTO kinds SELECT n, timestamp '2024-01-15 10:00' + n * interval '1 hour', date '2024-01-10' + n, n * 10, n * 0.001 FROM generate_series(1, 6) n`);
    const read = { table: await table('kinds'), lookBack: 0 };
    expect(await values({ ...read, cursor: 'local', from: '2024-01-15T12:00:00', below: '2024-01-15T14:00:00Z' })).toEqual([2, 3]);
    // 14:00 UTC is 15:00 there.
    expect(
      await values({ ...read, cursor: 'local', from: '2024-01-15T12:00:00', below: '2024-01-15T14:00:00Z', timeZone: 'Europe/Stockholm' }),
    ).toEqual([2, 3, 4]);
    // An hour there comes twice in autumn.
    expect(await values({ table: read.table, cursor: 'local', from: '2024-01-15T14:00:00', timeZone: 'Europe/Stockholm' })).toEqual([3, 4, 5, 6]);
    // A day is not over yet: the bound's own is read, and again by the next run.
    expect(await values({ ...read, cursor: 'day', from: '2024-01-12', below: '2024-01-14T09:00:00Z' })).toEqual([2, 3, 4]);
    expect(await values({ ...read, cursor: 'day', from: '2024-01-14', lookBack: 86_400_000 })).toEqual([3, 4, 5, 6]);
    expect(await values({ ...read, cursor: 'version', from: '40' })).toEqual([4, 5, 6]);
    expect(await values({ ...read, cursor: 'version', from: '40', lookBack: 15 })).toEqual([3, 4, 5, 6]);
    expect(await values({ ...read, cursor: 'amount', from: '0.005' })).toEqual([5, 6]);
  });

  it('compares keys whose literals would be cut off or rounded by a cast', async () => {
    await client.query(`CREATE DOMAIN code AS char(3); CREATE TYPE grade AS ENUM ('z', 'a'); CREATE TABLE keyed (c code, v varchar(3), n numeric(4,2), b bytea, g grade, u uuid, f float8, o "char", bits bit(3),
      PRIMARY KEY (c, v, n, b, g, u, f, o, bits));
      INSERT INTO keyed SELECT c, 'v''\\', 10.25 * i, decode('5c00', 'hex'), g, md5(c || i)::uuid, 0.1 * i, 'x', B'101' FROM unnest(ARRAY['ab', 'abc', '']) c, generate_series(1, 3) i, unnest(ARRAY['z', 'a']::grade[]) g`);
    const read = { table: await table('keyed') };
    const positions = await tables.positions(read);
    expect(positions).toHaveLength(18);
    for (const [index, after] of positions.entries()) expect(await values(read, 'c', { after })).toHaveLength(17 - index);
  });
});
