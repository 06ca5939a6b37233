import { CopyObjectCommand, CreateBucketCommand, DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { VerifiedRun } from '@loadin/pipeline';
import type { AwsConnections } from '../aws-connections.js';
import { FIRST, NEXT, startBronzeServers, type BronzeServers, type Shop } from '../bronze-world.fixture.js';
import { connect } from '../connect.js';
import { listJobRuns, showJobRun } from './runs.js';
import { verifyJobRuns } from './verify.js';

jest.setTimeout(60_000);

const JOBS = `
version: 1
sinks:
  s3_bronze: {}
streams:
  postgres.orders: { table: orders, key: [id], cursor: updated_at, event_date: ordered_at }
  postgres.log: { table: log, mode: full }
jobs:
  bronze: { streams: [postgres.orders, postgres.log], sinks: [s3_bronze] }
`;

const TABLES = `
  CREATE TABLE orders (id bigint PRIMARY KEY, ordered_at timestamptz, updated_at timestamptz NOT NULL);
  INSERT INTO orders SELECT n, timestamptz '2026-02-01 00:00Z' + n % 3 * interval '1 day', timestamptz '2026-02-28 00:00Z' + n * interval '1 s' FROM generate_series(1, 30) n;
  CREATE TABLE log (line text); INSERT INTO log VALUES ('a line')`;

describe('runs of entities, looked at later', () => {
  let servers: BronzeServers;
  let shop: Shop;
  let aws: AwsConnections;
  let s3: S3Client;
  beforeAll(async () => void (servers = await startBronzeServers(JOBS)));
  afterAll(() => servers.close());
  beforeEach(async () => {
    shop = await servers.open();
    aws = connect(shop.environment());
    s3 = await aws.s3();
    await shop.sql.query(TABLES);
    await shop.run();
  });
  afterEach(async () => {
    await Promise.all([aws.close(), shop.close()]);
  });

  const verify = async (more: Readonly<Record<string, string>> = {}): Promise<readonly [number, VerifiedRun | undefined]> => {
    const runs: VerifiedRun[] = [];
    const differences = await verifyJobRuns({
      environment: shop.environment(more),
      selection: {},
      clock: shop.clock,
      onRun: (run) => void runs.push(run),
    });
    return [differences, runs[0]];
  };
  const bucket = (): string => shop.env.S3_BUCKET_NAME;
  const objectsOf = async (entity: string): Promise<string[]> => (await shop.keys(`data/bronze/${entity}/`)) as string[];

  it('are listed, shown and found as they were reported, without a bucket of records', async () => {
    const { runs } = await listJobRuns({ environment: shop.environment() });
    expect(runs).toMatchObject([{ job: 'bronze', status: 'complete', counts: { read: 31, accepted: 31, objects: 4 } }]);
    const shown = await showJobRun({ environment: shop.environment(), run: 'bronze', time: FIRST });
    expect(shown).toMatchObject({
      source: 'report',
      streams: [{ stream: 'postgres.orders', ledger: { sinks: { s3_bronze: { delivered: 30 } } } }, {}],
    });
    const [differences, run] = await verify();
    expect([differences, run?.streams.map(({ stream, objects, records, notes }) => [stream, objects >= 3, records, notes])]).toEqual([
      0,
      [
        ['postgres.orders', true, 30, []],
        ['postgres.log', false, 1, []],
      ],
    ]);
  });

  it('are found beside a bucket of records, each under its own address', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: `${bucket()}-raw` }));
    const both = { AWS_S3_BUCKET_RAW: `${bucket()}-raw` };
    const shown = await showJobRun({ environment: shop.environment(both), run: 'bronze', time: FIRST });
    expect([shown.source, shown.report_uri]).toEqual(['report', expect.stringMatching(`^s3://${bucket()}/_loadin/reports/bronze/`)]);
    expect((await verify(both))[0]).toBe(0);
  });

  it('differ where an object is missing, is another one, or lies there without having been committed', async () => {
    await shop.run({}, NEXT);
    const [first = '', second = '', third = ''] = await objectsOf('orders');
    const [other = ''] = await objectsOf('log');
    const move = (from: string, to: string) => s3.send(new CopyObjectCommand({ Bucket: bucket(), Key: to, CopySource: `${bucket()}/${from}` }));
    // Those of the first run: the second one has read nothing that is new.
    await s3.send(new DeleteObjectCommand({ Bucket: bucket(), Key: first }));
    await move(other, second);
    await move(third, third.replace('part-00000', 'part-00009'));
    const runs: VerifiedRun[] = [];
    const selection = { run: 'bronze', time: FIRST };
    const differences = await verifyJobRuns({ environment: shop.environment(), selection, clock: shop.clock, onRun: (run) => void runs.push(run) });
    expect(differences).toBe(3);
    expect(runs[0]?.streams[0]?.differences.map(({ kind, where }) => [kind, where])).toEqual([
      ['missing', `s3://${bucket()}/${first}`],
      ['content', `s3://${bucket()}/${second}`],
      ['unreported', `s3://${bucket()}/${third.replace('part-00000', 'part-00009')}`],
    ]);
    expect((await verify())[0]).toBe(0);
  });

  it('differ where the commit record is gone', async () => {
    const [record = ''] = ((await shop.keys('_loadin/commits/')) as string[]).filter((key) => key.endsWith('postgres.orders.json'));
    await s3.send(new DeleteObjectCommand({ Bucket: bucket(), Key: record }));
    const [, run] = await verify();
    expect(run?.streams[0]?.differences).toMatchObject([{ kind: 'missing', message: 'postgres.orders: s3_bronze has no commit record of it' }]);
  });
});
