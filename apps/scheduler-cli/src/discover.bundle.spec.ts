import { parseJobsFile } from '@loadin/config';
import { startPostgres, type PostgresServer, type TestDatabase } from '@loadin/postgres';
import { createShop } from '@loadin/shop';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadin, type CommandResult } from './bundle.fixture.js';

jest.setTimeout(30_000);

describe('loadin discover postgres, as a command on a real server', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  let cwd: string;
  beforeAll(async () => {
    [server, cwd] = [await startPostgres(), await mkdtemp(join(tmpdir(), 'loadin discover '))];
    database = await server.createDatabase();
    await createShop({ client: database.client, rows: 2_000 });
    await database.client.query(
      'CREATE SCHEMA archive; CREATE TABLE archive.notes (day date, what text); CREATE VIEW open_orders AS SELECT * FROM orders',
    );
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
    await rm(cwd, { recursive: true });
  });
  const url = (): string => `${database.url}?sslmode=disable`;
  const discover = (args: readonly string[] = [], env: Readonly<Record<string, string>> = { DATABASE_URL: url() }): Promise<CommandResult> =>
    loadin(['discover', 'postgres', ...args], { cwd, env });

  it('lists tables with columns, keys, rows, and by what changes are found', async () => {
    const { status, stdout, stderr } = await discover();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^6 tables in spec_\S+ on 127\.0\.0\.1:\d+, about 2,000 rows\n/);
    expect(stdout).toMatch(
      /^public\.orders · about 550 rows, \d+\.\d KB\n {2}stream {4}postgres\.orders\n {2}key {7}id\n {2}changes {3}updated_at \(time of change, indexed\) · /m,
    );
    expect(stdout).toMatch(
      /^ {2}key {7}warehouse, product_id\n {2}changes {3}no column tells them: every row is read, and compared with the last run\n/m,
    );
    expect(stdout).toMatch(/^ {2}key {7}none: rows can't be told apart\n {2}changes {3}no column tells them: it is read in full\n/m);
    expect(stdout).toMatch(
      /^ {2}deleted {3}marked by deleted_at\n {2}columns {3}id bigint, public_id uuid, [\s\S]*? credit_limit numeric\(12,2\) null,/m,
    );
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('keeps to schemas, lists views when they are asked for, and gives programs one document', async () => {
    const { stdout } = await discover(['--schema', 'public', '--views', '--json']);
    const { tables, jobs_file } = JSON.parse(stdout) as { tables: { name: string; kind: string }[]; jobs_file: string };
    expect(tables.map(({ name }) => name)).toEqual(['customers', 'inventory', 'open_orders', 'order_items', 'orders', 'products']);
    expect(tables.find(({ name }) => name === 'inventory')).toMatchObject({
      stream: 'postgres.inventory',
      primary_key: ['warehouse', 'product_id'],
      columns: expect.arrayContaining([{ name: 'reserved', type: 'smallint', nullable: false }]),
      suggestion: { mode: 'incremental' },
    });
    expect(jobs_file).toContain('postgres.orders');
  });

  it('writes a jobs file that is accepted as it is, and none over another', async () => {
    const { status, stderr } = await discover(['--schema', 'public', '--write']);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^Wrote loadin\.jobs\.yaml: .* LOADIN_JOBS=loadin\.jobs\.yaml\. Then: loadin plan bronze\n$/),
    });
    const text = await readFile(join(cwd, 'loadin.jobs.yaml'), 'utf8');
    expect(parseJobsFile(text, 'loadin.jobs.yaml').jobs.get('bronze')).toMatchObject({
      sinks: ['s3_bronze'],
      streams: ['customers', 'inventory', 'order_items', 'orders', 'products'].map((name) => ({ id: `postgres.${name}` })),
    });
    await writeFile(join(cwd, 'loadin.jobs.yaml'), 'mine');
    const refused = await discover(['--write']);
    expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /^This file is there already\n {2}at .*loadin\.jobs\.yaml\n {2}→ Name another one after --write, or write over it with --force\.\n$/,
    );
    expect((await discover(['--write', '--force'])).status).toBe(0);
    expect(await readFile(join(cwd, 'loadin.jobs.yaml'), 'utf8')).toContain('postgres.notes:');
  });

  it.each([
    ['no setting', {}, /RDS_SECRET_ARN is missing .*DATABASE_URL/],
    ['a wrong password', { DATABASE_URL: 'secret-of-somebody' }, /refused|password/i],
    ['a database that is not there', { DATABASE_URL: 'no database' }, /no_such_database/],
    ['a server without TLS', { DATABASE_URL: 'over TLS' }, /has no TLS\n[\s\S]*sslmode=disable/],
    ['a port where nobody is', { DATABASE_URL: 'nobody' }, /127\.0\.0\.1:1\b/],
  ])(
    'says in a few lines what is wrong with %s, without stack or secret',
    async (_what, { DATABASE_URL: which }: { DATABASE_URL?: string }, expected) => {
      const urls: Readonly<Record<string, string>> = {
        'secret-of-somebody': url().replace(server.password, 'secret-of-somebody'),
        'no database': `${server.url('no_such_database')}?sslmode=disable`,
        'over TLS': database.url,
        nobody: `postgres://u:secret-of-somebody@127.0.0.1:1/shop?sslmode=disable`,
      };
      const { status, stdout, stderr } = await discover([], which === undefined ? {} : { DATABASE_URL: urls[which] ?? '' });
      expect(status).not.toBe(0);
      expect(stdout).toBe('');
      expect(stderr).toMatch(expected);
      expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+|secret-of-somebody/);
      expect(stderr).not.toContain(server.password);
      expect(stderr.split('\n').length).toBeLessThanOrEqual(8);
    },
  );

  it('says which schema has no table', async () => {
    const { status, stderr } = await discover(['--schema', 'public', '--schema', 'Archive']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^There is no table in the schema "Archive"\n/) });
  });
});
