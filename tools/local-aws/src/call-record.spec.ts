import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAws, type LocalAws } from './start.js';

describe('calls that are recorded', () => {
  let dir: string;
  let file: string;
  let aws: LocalAws;
  const before = process.env['LOADIN_RECORD_CALLS'];
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'call-record-'));
    file = join(dir, 'calls.ndjson');
    process.env['LOADIN_RECORD_CALLS'] = file;
    aws = await startLocalAws({ dataDir: join(dir, 'aws') });
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['LOADIN_RECORD_CALLS'];
    else process.env['LOADIN_RECORD_CALLS'] = before;
    await aws.close();
    rmSync(dir, { recursive: true });
  });
  const options = (userAgentAppId?: string) => ({
    endpoint: aws.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
    ...(userAgentAppId !== undefined && { userAgentAppId }),
  });
  const recorded = (): unknown[] =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  it('are those of named apps, each once, with what decides whether they are allowed', async () => {
    const own = new S3Client({ ...options(), forcePathStyle: true });
    await own.send(new CreateBucketCommand({ Bucket: 'lake' }));
    expect(existsSync(file)).toBe(false);
    const s3 = new S3Client({ ...options('ingestion'), forcePathStyle: true });
    for (let time = 0; time < 2; time += 1) await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'a/b.json', Body: '1' }));
    const { ETag } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'a/b.json' }));
    await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'a/b.json', Body: '2', IfMatch: ETag }));
    await s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'a/' }));
    await expect(s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'gone' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
    const dynamodb = new DynamoDBClient(options('bronze'));
    await dynamodb.send(new GetItemCommand({ TableName: 'items', Key: { pk: { S: 'lease/x' } } })).catch(() => undefined);
    for (const client of [own, s3, dynamodb]) client.destroy();
    expect(recorded()).toEqual([
      { app: 'ingestion', service: 's3', operation: 'PutObject', bucket: 'lake', key: 'a/b.json' },
      { app: 'ingestion', service: 's3', operation: 'GetObject', bucket: 'lake', key: 'a/b.json' },
      { app: 'ingestion', service: 's3', operation: 'PutObject', bucket: 'lake', key: 'a/b.json', ifMatch: true },
      { app: 'ingestion', service: 's3', operation: 'ListObjectsV2', bucket: 'lake', prefix: 'a/' },
      { app: 'ingestion', service: 's3', operation: 'GetObject', bucket: 'lake', key: 'gone', missing: true },
      { app: 'bronze', service: 'dynamodb', operation: 'GetItem', resource: 'items', leadingKey: 'lease/x' },
    ]);
  });

  it('are recorded also when a fault strikes them: the app needed leave to make them', async () => {
    aws.faults.add({ service: 's3', operation: 'HeadBucket', effect: 'error500' }, { service: 's3', operation: 'GetObject', effect: 'drop' });
    const s3 = new S3Client({ ...options('ingestion'), forcePathStyle: true });
    await expect(s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'a' }))).rejects.toThrow();
    s3.destroy();
    expect(recorded()).toEqual([{ app: 'ingestion', service: 's3', operation: 'GetObject', bucket: 'lake', key: 'a' }]);
  });
});
