import { parseJobsFile } from '@loadin/config';
import { parse } from 'yaml';
import type { Client } from 'pg';
import type { ConnectionSettings } from '../connection/types.js';
import { createDatabase } from '../server.fixture.js';
import { discoverTables, type DiscoveredTable } from './discover.js';
import { softDeleteColumn } from './candidates.js';
import { jobsFileText, streamNames } from './jobs-file-text.js';

describe('discoverTables', () => {
  let client: Client;
  let connection: ConnectionSettings;
  let close: () => Promise<void>;
  let tables: DiscoveredTable[];
  beforeAll(async () => {
    ({ client, connection, close } = await createDatabase());
    await client.query(`
      CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text, created_at timestamptz, gone int, "lastUpdatedAt" timestamptz NOT NULL);
      CREATE INDEX ON customers ("lastUpdatedAt"); ALTER TABLE customers DROP COLUMN gone; INSERT INTO customers (email, "lastUpdatedAt") SELECT 'x', now() FROM generate_series(1, 5000); ANALYZE customers;
      CREATE TABLE order_items (item int, "order" int, modified timestamp, PRIMARY KEY ("order", item)) ; INSERT INTO order_items SELECT n, n FROM generate_series(1, 3000) n;
      CREATE TABLE codes (code char(3) NOT NULL UNIQUE, label text, UNIQUE (label)); CREATE UNIQUE INDEX ON codes (label, code) WHERE label IS NOT NULL;
      CREATE TABLE log (at timestamptz, line text);
      CREATE TABLE visits (id int, day date, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
      CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); INSERT INTO visits SELECT n, '2024-05-01' FROM generate_series(1, 2000) n; ANALYZE visits;
      CREATE TABLE "no\nline: #odd" (id int PRIMARY KEY); CREATE SCHEMA other; CREATE TABLE other.log (id int PRIMARY KEY); CREATE VIEW recent AS SELECT * FROM customers;
      CREATE SCHEMA closed; CREATE TABLE closed.salaries (id int PRIMARY KEY); CREATE TEMP TABLE scratch (id int);
      CREATE ROLE visitor LOGIN PASSWORD 'v'; GRANT USAGE ON SCHEMA other TO visitor; GRANT SELECT ON ALL TABLES IN SCHEMA public, other TO visitor; REVOKE SELECT ON log FROM visitor;
      GRANT SELECT (line) ON log TO visitor`);
    tables = await discoverTables({ connection: { ...connection, user: 'visitor', password: 'v' } });
  });
  afterAll(async () => {
    await client.query('DROP OWNED BY visitor; DROP ROLE visitor');
    await close();
  });
  const find = (name: string): DiscoveredTable => tables.find((table) => table.name === name) as DiscoveredTable;

  it('finds every table but partitions, views and what is temporary, and says which may not be read', () => {
    expect(tables.map(({ schema, name, kind, readable }) => `${schema}.${name} ${kind}${readable ? '' : ' not readable'}`)).toEqual([
      'closed.salaries table not readable',
      'other.log table',
      'public.codes table',
      'public.customers table',
      'public.log table not readable',
      'public.no\nline: #odd table',
      'public.order_items table',
      'public.visits partitioned table',
    ]);
  });

  it('finds the others beside tables that nobody could read whole, and says of those why', async () => {
    const { client: owner, connection: apart, close: closeApart } = await createDatabase();
    await owner.query(`
      CREATE TABLE tenants (id int PRIMARY KEY); INSERT INTO tenants VALUES (1); ALTER TABLE tenants ENABLE ROW LEVEL SECURITY; CREATE VIEW of_tenants AS SELECT * FROM tenants;
      CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES; CREATE TABLE plain (id int PRIMARY KEY, "Updated At" timestamptz); INSERT INTO plain VALUES (1);
      CREATE ROLE guest LOGIN PASSWORD 'g'; ALTER VIEW of_tenants OWNER TO guest; GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest`);
    const reading = { connection: { ...apart, user: 'guest', password: 'g' } };
    const found = await discoverTables({ ...reading, views: true });
    expect(found.map(({ name, readable, hindrance }) => [name, readable, hindrance])).toEqual([
      ['nothing', false, 'empty'],
      ['of_tenants', true, undefined],
      ['plain', true, undefined],
      ['tenants', false, 'policies'],
    ]);
    // A view that can't be planned for this user is found all the same; reading it says why.
    expect(found[1]?.rowEstimate).toBe(0);
    expect(found[2]?.suggestion).toEqual({ mode: 'incremental', cursor: 'Updated At' });
    const text = jobsFileText(found);
    expect(text).toContain('# public.nothing has no columns\n# public.tenants has rows that row-level security hides from this user\n');
    expect(Object.keys((parse(text) as { streams: object }).streams)).toEqual(['postgres.of_tenants', 'postgres.plain']);
    const tolerant = await discoverTables({ ...reading, rowSecurity: true });
    expect(tolerant.find(({ name }) => name === 'tenants')).toMatchObject({ readable: true });
    await owner.query('DROP OWNED BY guest; DROP ROLE guest');
    await closeApart();
  });

  it('marks views, when they are asked for, and keeps to the schemas that are', async () => {
    const all = await discoverTables({ connection, views: true, schemas: ['public'] });
    expect(all.find(({ name }) => name === 'recent')).toMatchObject({ kind: 'view', primaryKey: [], suggestion: { mode: 'full' } });
    expect(await discoverTables({ connection, schemas: ['other', 'it\'s "odd"'] })).toHaveLength(1);
  });

  it('tells columns, keys, how many rows there may be, and by what changes could be found', () => {
    expect(find('customers')).toMatchObject({
      columns: [
        { name: 'id', type: { tag: 'int8', sql: 'bigint' }, nullable: false },
        { name: 'email', type: { tag: 'text' }, nullable: true },
        { name: 'created_at', type: { tag: 'timestamptz' }, nullable: true },
        { name: 'lastUpdatedAt', nullable: false },
      ],
      primaryKey: ['id'],
      rowEstimate: 5_000,
      cursorCandidates: [
        { column: 'lastUpdatedAt', finds: 'changed', nullable: false, indexed: true },
        { column: 'created_at', finds: 'created', nullable: true, indexed: false },
        { column: 'id', finds: 'number', nullable: false, indexed: true },
      ],
      suggestion: { mode: 'incremental', cursor: 'lastUpdatedAt' },
    });
    expect(find('customers').bytes).toBeGreaterThan(100_000);
    expect(find('order_items')).toMatchObject({ primaryKey: ['order', 'item'], suggestion: { mode: 'incremental', cursor: 'modified' } });
    // Never analysed: what the planner expects by the table's size; nothing where that is nothing.
    expect(find('order_items').rowEstimate).toBeGreaterThan(1_000);
    expect(find('codes')).toMatchObject({
      rowEstimate: 0,
      primaryKey: [],
      uniqueKeys: [['code']],
      cursorCandidates: [],
      suggestion: { mode: 'incremental' },
    });
    expect(find('visits')).toMatchObject({ primaryKey: ['day', 'id'], rowEstimate: 2_000 });
  });

  it('gives a jobs file to start from', () => {
    const text = jobsFileText(tables);
    expect(parse(text)).toEqual({
      version: 1,
      streams: {
        'postgres.log': { table: 'other.log', key: ['id'], mode: 'incremental' },
        'postgres.codes': { table: 'public.codes', key: ['code'], mode: 'incremental' },
        'postgres.customers': { table: 'public.customers', key: ['id'], mode: 'incremental', cursor: 'lastUpdatedAt' },
        'postgres.no_line_odd': { table: 'public.no\nline: #odd', key: ['id'], mode: 'incremental' },
        'postgres.order_items': { table: 'public.order_items', key: ['order', 'item'], mode: 'incremental', cursor: 'modified' },
        'postgres.visits': { table: 'public.visits', key: ['day', 'id'], mode: 'incremental' },
      },
      jobs: {
        bronze: {
          schedule: 'cron(0 1 * * ? *)',
          streams: ['log', 'codes', 'customers', 'no_line_odd', 'order_items', 'visits'].map((name) => `postgres.${name}`),
          sinks: ['s3_bronze'],
        },
      },
    });
    expect(text).toContain('  postgres.customers: # about 5,000 rows\n');
    expect(text).toContain('    # event_date: created_at # files by its day\n');
    expect(text).toContain('    # hard_deletes: true # a row with _deleted for each that is gone\n');
    expect(text).toContain(
      '    cursor: modified # has no zone: UTC is assumed, else give its time_zone; has no index: each run reads the whole table; may be null: such rows are read every time\n',
    );
    expect(text).toContain('    key: [code] # no primary key; this one is unique\n');
    expect(text).toContain(
      '    mode: incremental # no column tells changes: every row is read, and compared with the last run; not enough for that: id (number)\n',
    );
    expect(text).toContain('# closed.salaries may not be read by this user\n');
    expect(text).toContain('# public.log has columns that this user may not read: name the others as its columns\n');
    expect(jobsFileText([])).toContain('streams: {}\n');
  });

  it('gives one that jobs are read from as it is, and whose remarks hold when they are uncommented', () => {
    const text = jobsFileText(tables);
    const ids = tables.filter(({ readable }) => readable).map((table) => `postgres.${streamNames(tables.filter((one) => one.readable)).get(table)}`);
    for (const written of [text, text.replace(/^ {4}# (event_date|hard_deletes): /gm, '    $1: ')]) {
      const job = parseJobsFile(written, 'loadin.jobs.yaml').jobs.get('bronze');
      expect(job?.streams.map(({ id }) => id)).toEqual(ids);
      expect(job?.streams.find(({ id }) => id === 'postgres.customers')?.options).toMatchObject({ mode: 'incremental', cursor: 'lastUpdatedAt' });
    }
  });

  it('names the column that marks a row as deleted, and never as the day of its files', () => {
    const base = find('codes');
    const column = (name: string, tag: 'timestamptz' | 'bool' | 'text') =>
      ({ name, type: { tag, sql: tag === 'bool' ? 'boolean' : tag }, nullable: true, sortedByBytes: false }) as const;
    const guess = (...columns: ReturnType<typeof column>[]) => softDeleteColumn({ ...base, columns });
    expect(guess(column('name', 'text'), column('deleted_at', 'timestamptz'))).toBe('deleted_at');
    expect(guess(column('isDeleted', 'bool'))).toBe('isDeleted');
    expect(guess(column('deleted_by', 'text'), column('undeleted_at', 'timestamptz'))).toBeUndefined();
    const table = { ...base, columns: [column('deleted_at', 'timestamptz')], softDelete: 'deleted_at' };
    const text = jobsFileText([{ ...table, cursorCandidates: [{ column: 'deleted_at', finds: 'created', nullable: true, indexed: false }] }]);
    expect(text).toContain('    soft_delete: deleted_at\n');
    expect(text).not.toContain('event_date');
  });

  it('calls streams by names that folders can have', () => {
    const table = find('codes');
    const named = ['OrderItems', 'order_items', 'Größe', '2024', 'a/../b'].map((name) => ({ ...table, schema: 's', name }));
    const { streams } = parse(jobsFileText(named)) as { streams: object };
    expect(Object.keys(streams)).toEqual(['s_order_items', 's_order_items_2', 'gr_e', 't2024', 'a_b'].map((name) => `postgres.${name}`));
    const longest = 'LongName'.repeat(8).slice(0, 63);
    const long = jobsFileText([1, 2].map((number) => ({ ...table, schema: `s${number}`, name: longest })));
    expect(parseJobsFile(long, 'loadin.jobs.yaml').jobs.get('bronze')?.streams).toHaveLength(2);
  });

  it('calls streams by schema too where a name is taken twice', async () => {
    const text = jobsFileText((await discoverTables({ connection })).filter(({ name }) => name === 'log'));
    expect(Object.keys((parse(text) as { streams: object }).streams)).toEqual(['postgres.other_log', 'postgres.public_log']);
    expect(text).toContain(
      "    # no key: a lost connection ends the read, and the next attempt begins anew\n    mode: full # no key: rows can't be compared; not enough for that: at (created)\n",
    );
  });
});
