import * as s3 from '@aws-sdk/client-s3';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useSetupWorld } from './setup-world.fixture.js';

const world = useSetupWorld();
const columns = [
  { name: 'id', type: 'int64' },
  { name: 'total amount', type: 'decimal(10,2)' },
];
const TABLE_NOTE = 'Athena promises names of a to z, 0 to 9 and _ alone: try "total amount" before you rely on it.';

beforeEach(async () => {
  world.env['S3_BUCKET_NAME'] = 'lake-bronze';
  for (const Bucket of ['lake-bronze', 'lake-raw']) await world.clients.s3.send(new s3.CreateBucketCommand({ Bucket }));
  const Body = JSON.stringify({ entity: 'orders', key: ['id'], versions: [{ version: 1, ingestion_id: 'one', columns }] });
  await world.clients.s3.send(new s3.PutObjectCommand({ Bucket: 'lake-bronze', Key: '_loadin/schemas/orders.json', Body }));
});

describe('loadin-setup ddl', () => {
  it('prints every statement, ended by a semicolon, what it is and its notes in comments', async () => {
    const { status, lines, complaints } = await world.setup('ddl');
    expect({ status, complaints }).toEqual({ status: 0, complaints: '' });
    expect(lines).toEqual(
      expect.arrayContaining(['CREATE SCHEMA IF NOT EXISTS bronze;', `-- Note: ${TABLE_NOTE}`, '  `total amount` decimal(10,2),']),
    );
    expect(lines.filter((line) => line.endsWith(';'))).toHaveLength(3 + 4 + 10 + 2 + 2);
  });

  it('changes nothing on the server', async () => {
    await world.setup('ddl');
    const [calls] = [world.server.requests()['s3'] ?? {}];
    expect(Object.keys(calls).filter((name) => !/^(Get|List|CreateBucket$|PutObject$)/.test(name))).toEqual([]);
    expect(calls['PutObject']).toBe(1);
  });

  it('prints JSON of the entities that are asked for, with keys, days and drops as they are wanted', async () => {
    const args = ['--entity', 'orders', '--key', 'orders=id, total amount', '--since', '2026-03-01', '--replace', '--json'];
    const { lines } = await world.setup('ddl', ...args);
    const statements = JSON.parse(lines.join('\n')) as { kind: string; name: string; sql: string; notes: string[] }[];
    expect(statements.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'schema bronze',
      'drop bronze.orders',
      'table bronze.orders',
      'view bronze.orders_dated',
      'view bronze.orders_latest',
    ]);
    expect(statements[2]).toMatchObject({ sql: expect.stringContaining("'2026-03-01,NOW'"), notes: [TABLE_NOTE] });
    expect(statements[4]?.sql).toContain('PARTITION BY "id", "total amount"');
  });

  it('writes a file for each, named in the order in which they can be run', async () => {
    const out = join(world.dir, 'new', 'ddl');
    const { status, lines, complaints } = await world.setup('ddl', '--entity', 'orders', '--out', out);
    expect({ status, lines }).toEqual({ status: 0, lines: [] });
    expect(complaints).toMatch(/created +.*1_schema_bronze\.sql\n[^]*warning +bronze\.orders\n +→ Athena promises/);
    expect(readdirSync(out)).toEqual([
      '1_schema_bronze.sql',
      '2_table_bronze_orders.sql',
      '3_view_bronze_orders_dated.sql',
      '4_view_bronze_orders_latest.sql',
    ]);
    expect(readFileSync(join(out, '1_schema_bronze.sql'), 'utf8')).toBe('-- The database bronze of Glue.\nCREATE SCHEMA IF NOT EXISTS bronze;\n');
  });

  it.each([
    [['--key', 'orders'], /Give an entity and its columns: orders=id/],
    [['--key', 'orders=id,'], /Give an entity and its columns: orders=id/],
    [['--since', '2026-02-30'], /Give a day: 2026-03-01/],
    [['--since', 'yesterday'], /Give a day: 2026-03-01/],
  ])('%j is wrong usage', async (args, message) => {
    const { status, complaints } = await world.setup('ddl', ...args);
    expect(status).toBe(2);
    expect(complaints).toMatch(message);
  });

  it('says which entities there are when one is not among them', async () => {
    const { status, complaints } = await world.setup('ddl', '--entity', 'order');
    expect(status).toBe(1);
    expect(complaints).toBe(
      'Error: The lake has no schema of an entity "order"; did you mean "orders"?\n  at s3://lake-bronze/_loadin/schemas/\n  → It has: orders.',
    );
  });

  it('says which settings are missing, and where it can not write', async () => {
    mkdirSync(join(world.dir, 'full'));
    writeFileSync(join(world.dir, 'full', 'file'), '');
    expect(await world.setup('ddl', '--out', join(world.dir, 'full', 'file', 'ddl'))).toMatchObject({
      status: 1,
      complaints: expect.stringMatching(/^Error: The files can't be written: ENOTDIR\n {2}at .*\n {2}→ Name a folder/),
    });
    world.env = { AWS_ENDPOINT_URL: world.server.url };
    expect(await world.setup('ddl')).toMatchObject({ status: 2, complaints: expect.stringContaining('S3_BUCKET_NAME is missing') });
  });
});
