import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { BRONZE_COUNTS } from '@loadin/catalogue';
import { openAthena, type Athena } from '@loadin/readers';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NEXT, startBronzeServers, type BronzeServers, type Shop } from '../bronze-world.fixture.js';
import { describeCatalogue } from './describe-catalogue.js';

jest.setTimeout(60_000);

const JOBS = `
version: 1
streams: { postgres.orders: { table: orders, key: [id], cursor: updated_at, event_date: ordered_at, hard_deletes: true } }
jobs: { bronze: { streams: [postgres.orders], sinks: [s3_bronze] } }
`;

const ORDERS = `
  CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12,2), ordered_at timestamptz, updated_at timestamptz NOT NULL);
  INSERT INTO orders SELECT n, n * 1.25, CASE WHEN n % 5 > 0 THEN timestamptz '2026-02-01 00:00Z' + n * interval '1 h' END, timestamptz '2026-02-27 00:00Z' + n * interval '1 s'
    FROM generate_series(1, 100) n`;
/** Rows that change, come and go; none of them long before the run that is to see it. */
const CHANGES = `
  UPDATE orders SET total = -total, updated_at = '2026-03-01 12:00Z' WHERE id % 10 = 0;
  INSERT INTO orders SELECT n, 0, NULL, '2026-03-01 13:00Z' FROM generate_series(101, 110) n;
  DELETE FROM orders WHERE id % 7 = 0`;
const THIRD = '2026-03-03T02:00:00Z';

describe('a table of Postgres that is asked for in Athena', () => {
  let servers: BronzeServers;
  let shop: Shop;
  let folder: string;
  let athena: Athena | undefined;
  beforeAll(async () => {
    servers = await startBronzeServers(JOBS);
    shop = await servers.open();
    folder = mkdtempSync(join(tmpdir(), 'loadin-asked-'));
    await shop.sql.query(ORDERS);
    const reports = [await shop.run()];
    await shop.sql.query(CHANGES);
    reports.push(await shop.run({}, NEXT), await shop.run({ fullRefresh: true }, THIRD));
    expect(reports.map(({ status, problems }) => [status, problems])).toEqual(reports.map(() => ['complete', []]));
    await download();
    athena = await openAthena({ [bucket()]: folder });
    for (const { kind, sql } of await describeCatalogue({ environment: shop.environment() })) if (kind !== 'query') await athena.run(sql);
  });
  afterAll(async () => {
    athena?.close();
    rmSync(folder, { recursive: true });
    await shop.close();
    await servers.close();
  });
  const bucket = (): string => shop.env['S3_BUCKET_NAME'];

  async function download(): Promise<void> {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new S3Client(
      awsClientOptions({ region: 'us-east-1', endpoint: shop.environment().get('AWS_ENDPOINT_URL')?.value, credentials }).s3,
    );
    for (const Key of await shop.keys('data/')) {
      mkdirSync(dirname(join(folder, Key)), { recursive: true });
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket(), Key }));
      writeFileSync(join(folder, Key), (await Body?.transformToByteArray()) ?? '');
    }
    client.destroy();
  }

  it('is in bronze.orders_latest exactly as it is in Postgres: what changed, what came, and nothing that is gone', async () => {
    const { rows } = await shop.sql.query<Record<string, string | null>>(
      `SELECT id::text, total::text, to_char(ordered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS ordered_at, to_char(ordered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS event_date
       FROM orders ORDER BY orders.id`,
    );
    expect(rows.length).toBe(110 - 15);
    expect(await athena?.rows('SELECT id, total, ordered_at, event_date FROM bronze.orders_latest ORDER BY id')).toEqual(rows);
  });

  it('is counted by its loads', async () => {
    const counts = await athena?.rows(BRONZE_COUNTS.sql);
    expect(counts?.at(-1)).toEqual({ ingestion_date: '2026-03-01', load_type: 'full', entity: 'orders', record_count: '100' });
    expect(counts?.at(1)).toEqual({ ingestion_date: '2026-03-02', load_type: 'incremental', entity: 'orders', record_count: '18' });
    expect(await athena?.rows('SELECT sum(deleted_count)::INT AS gone FROM bronze.counts')).toEqual([{ gone: 14 }]);
  });
});
