import { openSession } from '../connection/session.js';
import { connectTo } from '../server.fixture.js';
import { keyRanges } from './key-ranges.js';
import { openTables, type Tables } from './tables.fixture.js';
import type { TableRead } from './types.js';

describe('reading tables that are unlike others', () => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await openTables();
  });
  afterAll(() => tables.close());

  const make = (sql: string): Promise<unknown> => tables.client.query(sql);
  /** That reading goes on after each row with exactly those behind it. */
  const expectGoingOn = async (read: TableRead, rows: number): Promise<void> => {
    const positions = await tables.positions(read);
    expect(positions).toHaveLength(rows);
    for (const [index, after] of positions.entries()) expect(await tables.values(read, 'id', { after })).toHaveLength(rows - 1 - index);
  };

  it('goes on in the order of the key’s own type, wherever its operators lie', async () => {
    await make(`CREATE EXTENSION citext; CREATE SCHEMA "Of ""trees"; CREATE EXTENSION ltree SCHEMA "Of ""trees"; CREATE DOMAIN label AS citext;
      CREATE TABLE insensitive (name label, id int, PRIMARY KEY (name, id)); INSERT INTO insensitive SELECT name, id FROM unnest(ARRAY['a', 'B', 'c', 'D']) name, generate_series(1, 2) id;
      CREATE TABLE trees (id "Of ""trees".ltree PRIMARY KEY); INSERT INTO trees VALUES ('a.b'), ('a.c'), ('b')`);
    await expectGoingOn({ table: await tables.table('insensitive') }, 8);
    await expectGoingOn({ table: await tables.table('trees') }, 3);
  });

  it('goes on after a key that its domain would not take today, and one of another collation than its domain’s', async () => {
    await make(`CREATE DOMAIN code AS text COLLATE "und-x-icu"; CREATE TABLE coded (id code COLLATE "C" PRIMARY KEY); INSERT INTO coded VALUES ('x'), ('Old'), ('y');
      ALTER DOMAIN code ADD CHECK (VALUE <> 'Old') NOT VALID`);
    await expectGoingOn({ table: await tables.table('coded') }, 3);
  });

  it('gives rows without a number to order them by once, before the others', async () => {
    await make(`CREATE TABLE numbered (id int PRIMARY KEY, v int); INSERT INTO numbered VALUES (1, 1), (2, NULL), (3, 3)`);
    const read = { table: await tables.table('numbered'), cursor: 'v' };
    expect(await tables.values(read)).toEqual([2, 1, 3]);
    expect(await tables.values({ ...read, from: '2' })).toEqual([2, 3]);
    expect(await tables.values({ ...read, unplaced: false })).toEqual([1, 3]);
    await expectGoingOn(read, 3);
  });

  it('takes no column for one without null that has some all the same: of a domain, or declared too late', async () => {
    await make(`CREATE DOMAIN filled AS int NOT NULL; CREATE TABLE hollow (id int PRIMARY KEY, v filled); INSERT INTO hollow VALUES (1, 1); INSERT INTO hollow VALUES (2, (SELECT v FROM hollow WHERE false));
      CREATE TABLE late (id int PRIMARY KEY, v int UNIQUE); INSERT INTO late VALUES (1, 1), (2, NULL); ALTER TABLE late ADD CONSTRAINT late_v NOT NULL v NOT VALID`);
    for (const name of ['hollow', 'late']) {
      const table = await tables.table(name);
      expect(table.columns[1]).toMatchObject({ name: 'v', nullable: true });
      expect(table.uniqueKeys).toEqual([]);
      expect(await tables.values({ table, cursor: 'v', from: '1' })).toEqual([2, 1]);
    }
    await make('UPDATE late SET v = 2 WHERE v IS NULL; ALTER TABLE late VALIDATE CONSTRAINT late_v');
    expect(await tables.table('late')).toMatchObject({ columns: [{}, { nullable: false }], uniqueKeys: [['v']] });
  });

  it('takes no key for one where tables that inherit from it can have the same values', async () => {
    await make(
      `CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE heir () INHERITS (parent); INSERT INTO parent VALUES (1); INSERT INTO heir VALUES (1), (2)`,
    );
    const table = await tables.table('parent');
    expect(table).toMatchObject({ primaryKey: [], uniqueKeys: [], indexed: ['id'] });
    expect(await tables.values({ table })).toHaveLength(3);
  });

  it('reads and cuts tables whose names need quotes, with columns that were dropped or are computed', async () => {
    await make(`CREATE SCHEMA "We.ird ""S"; CREATE TABLE "We.ird ""S"."Tä""b.le; --" (id int, n int, "a""b\\" text, gone int, twice int GENERATED ALWAYS AS (id * 2) STORED, PRIMARY KEY (n, id));
      ALTER TABLE "We.ird ""S"."Tä""b.le; --" DROP COLUMN gone; INSERT INTO "We.ird ""S"."Tä""b.le; --" (id, n) SELECT n, n % 3 FROM generate_series(1, 400) n; ANALYZE "We.ird ""S"."Tä""b.le; --"`);
    const table = await tables.table({ schema: 'We.ird "S', name: 'Tä"b.le; --' });
    expect(table.columns.map(({ name }) => name)).toEqual(['id', 'n', 'a"b\\', 'twice']);
    const session = await openSession({ connection: tables.connection });
    const ranges = await keyRanges(session, { table }, { count: 3, minRows: 50 }).finally(() => session.end());
    expect(ranges).toHaveLength(3);
    const slices = await Promise.all(ranges.map((range) => tables.values({ table, range }, 'twice')));
    expect(new Set(slices.flat()).size).toBe(400);
    expect(slices.flat()).toHaveLength(400);
  });

  it('reads databases of other encodings', async () => {
    await make(`CREATE DATABASE latin_${process.pid} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
    const connection = { ...tables.connection, database: `latin_${process.pid}` };
    const other = await connectTo(connection);
    await other.query(`CREATE TABLE "tä" ("é" text PRIMARY KEY); INSERT INTO "tä" VALUES ('ä'), ('ö'), ('a')`);
    const table = await tables.table('tä', connection);
    const after = { phase: 'placed', last: ['ä'] } as const;
    expect(await tables.values({ table }, 'é', { connection })).toEqual(['a', 'ä', 'ö']);
    expect(await tables.values({ table }, 'é', { connection, after })).toEqual(['ö']);
    await other.end();
  });

  it('says what is wrong without a word of what is in a row', async () => {
    await make(`CREATE VIEW cast_view AS SELECT email::int AS id FROM (VALUES ('alice@example.com')) v (email); CREATE MATERIALIZED VIEW unfilled AS SELECT 1 AS id WITH NO DATA;
      CREATE FUNCTION raised(v text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'not %', v; END $$; CREATE VIEW raising AS SELECT public.raised('alice@example.com') AS id`);
    for (const [name, code] of [
      ['cast_view', '22P02'],
      ['raising', 'P0001'],
    ] as const) {
      const error = await tables.values({ table: await tables.table(name) }).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ action: 'fatal', message: expect.stringContaining(`failed (${code}): what it says of it`) });
      expect((error as Error).message).not.toContain('alice');
    }
    await expect(tables.values({ table: await tables.table('unfilled') })).rejects.toMatchObject({
      action: 'fatal',
      hint: expect.stringContaining('REFRESH'),
    });
  });
});
