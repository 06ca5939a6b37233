import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { loadEnvironment } from '@loadin/config';
import { startLocalAws } from '@loadin/local-aws';
import { openCopyInspector, printProfile, profileKey, type LoadType, type Profile } from '@loadin/quality';
import { showProfile } from './profile.js';

const BUCKET = 'ecom-data';

interface Load {
  readonly at: string;
  readonly rows: number;
  readonly loadType?: LoadType;
}

async function profileOf({ at: scheduledTime, rows, loadType = 'full' }: Load): Promise<Profile> {
  const ingestionId = `load-of-${scheduledTime}`;
  const load = { job: 'bronze', runId: 'r', stream: 'postgres.orders', entity: 'orders', ingestionId, loadType, scheduledTime };
  const inspector = await openCopyInspector({ load, columns: [{ name: 'id', type: 'bigint' }] });
  const bytes = Buffer.from('7');
  inspector.inspectBlock({ bytes, count: rows, starts: new Int32Array(rows), ends: new Int32Array(rows).fill(1) });
  return (await inspector.finish()).profile as Profile;
}

describe('the profile of an entity', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'loadin-profile-'));
  let aws: Awaited<ReturnType<typeof startLocalAws>>;
  let client: S3Client;
  beforeAll(async () => {
    aws = await startLocalAws({ dataDir });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    client = new S3Client(awsClientOptions({ region: 'us-east-1', endpoint: aws.url, credentials, maxAttempts: 1 }).s3);
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  });
  afterAll(async () => {
    client.destroy();
    await aws.close();
    rmSync(dataDir, { recursive: true });
  });

  const put = (key: string, body: string) => client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
  const putLoads = async (entity: string, loads: readonly Load[]): Promise<void> => {
    for (const load of loads) {
      const profile = await profileOf(load);
      await put(profileKey(entity, profile.ingestion_id), printProfile(profile));
    }
  };
  const show = (entity: string, loadType?: LoadType) =>
    showProfile({
      environment: loadEnvironment({
        cwd: dataDir,
        env: {
          AWS_REGION: 'us-east-1',
          AWS_ENDPOINT_URL: aws.url,
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          S3_BUCKET_NAME: BUCKET,
          CHECKPOINT_STORE: 'dynamodb://loadin-checkpoints',
        },
      }),
      entity,
      loadType,
    });

  it('is that of the latest load, beside the one before of the same kind', async () => {
    await putLoads('orders', [
      { at: '2026-03-01T02:00:00Z', rows: 1_000 },
      { at: '2026-03-02T02:00:00Z', rows: 5, loadType: 'incremental' },
      { at: '2026-03-03T02:00:00Z', rows: 300 },
    ]);
    const { profile, before, drift, loads, uri } = await show('orders');
    expect([profile.scheduled_time, before?.scheduled_time]).toEqual(['2026-03-03T02:00:00Z', '2026-03-01T02:00:00Z']);
    expect(drift).toEqual([{ kind: 'rows', message: '300 rows after 1,000' }]);
    expect(loads.map(({ rows }) => rows)).toEqual([1_000, 300]);
    expect(uri).toBe('s3://ecom-data/_loadin/profiles/orders/');
    expect((await show('orders', 'incremental')).profile.rows).toBe(5);
    expect((await show('orders', 'incremental')).before).toBeNull();
  });

  it('is found among hundreds, reading the latest few', async () => {
    await putLoads(
      'many',
      Array.from({ length: 30 }, (_, n) => ({ at: `2026-03-01T${String(n % 24).padStart(2, '0')}:${String(n).padStart(2, '0')}:00Z`, rows: n + 1 })),
    );
    expect((await show('many')).loads.length).toBeLessThanOrEqual(24);
  });

  it('is found and compared by its kind, however many loads of the other one came since', async () => {
    const hour = (n: number) => `2026-04-01T${String(n % 24).padStart(2, '0')}:${String(n).padStart(2, '0')}:00Z`;
    await putLoads('hourly', [
      { at: '2026-02-01T02:00:00Z', rows: 100 },
      { at: '2026-03-01T02:00:00Z', rows: 400 },
      ...Array.from({ length: 40 }, (_, n) => ({ at: hour(n), rows: n + 1, loadType: 'incremental' as const })),
    ]);
    const full = await show('postgres.hourly', 'full');
    expect([full.profile.rows, full.before?.rows]).toEqual([400, 100]);
    expect((await show('hourly')).loads.every(({ load_type }) => load_type === 'incremental')).toBe(true);
  });

  it('of the first load of a kind is compared with none of the other', async () => {
    await putLoads('young', [
      { at: '2026-03-01T02:00:00Z', rows: 400 },
      { at: '2026-03-02T02:00:00Z', rows: 300, loadType: 'incremental' },
    ]);
    const { profile, before, drift } = await show('young');
    expect([profile.rows, before, drift]).toEqual([300, null, []]);
  });

  it('is missed by name, and a damaged one too', async () => {
    await expect(show('order')).rejects.toThrow(
      expect.objectContaining({
        name: 'FatalError',
        message: 'There is no profile of a load of "order"; did you mean "orders"?',
        hint: expect.stringMatching(/^There are profiles of .*orders/) as string,
        where: 's3://ecom-data/_loadin/profiles/order/',
      }) as Error,
    );
    await expect(show('many', 'incremental')).rejects.toThrow('There is no profile of an incremental load of "many"');
    await put('_loadin/profiles/broken/x.json', '{"format":');
    await expect(show('broken')).rejects.toThrow(
      expect.objectContaining({ message: 'This is no profile of a load', where: 's3://ecom-data/_loadin/profiles/broken/x.json' }) as Error,
    );
  });
});
