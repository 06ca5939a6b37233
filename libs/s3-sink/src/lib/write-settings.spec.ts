import { GetObjectTaggingCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { createMeter, silentLogger } from '@loadin/observability';
import type { Replacing, SinkOptions } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { batchOf, recordsOf } from '@loadin/testing';
import { startLocalS3, type LocalS3 } from './local-s3.fixture.js';
import { createS3ObjectStore } from './object-store.js';
import { createS3RawSink } from './raw-sink.js';
import { settingsInput, type WriteSettings } from './write-settings.js';

const KEY = 'raw/spotify/artists/year=2024/month=11/day=08/artists_20241108_120000.json';
const KMS = 'arn:aws:kms:us-east-1:000000000000:key/1234';
const settings: WriteSettings = { kms: { keyId: KMS }, tags: { team: 'data', 'cost centre': 'a+b=c' }, storageClass: 'INTELLIGENT_TIERING' };
const options = () => ({ signal: new AbortController().signal, meter: createMeter(), logger: silentLogger }) satisfies SinkOptions;

describe('settings of writes', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());

  const head = (Bucket: string, Key: string) => s3.client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  const expectKept = async (bucket: string, key: string): Promise<void> => {
    expect(await head(bucket, key)).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: KMS,
      BucketKeyEnabled: true,
      StorageClass: 'INTELLIGENT_TIERING',
      ChecksumCRC32: expect.any(String),
    });
    const { TagSet } = await s3.client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
    expect(TagSet).toEqual([
      { Key: 'team', Value: 'data' },
      { Key: 'cost centre', Value: 'a+b=c' },
    ]);
  };

  it('are kept by raw objects, those of a replay too, and the same batch is still found there', async () => {
    const bucket = await s3.bucket();
    const sink = createS3RawSink({ client: s3.client, bucket, ...settings });
    const batch = batchOf(recordsOf(3));
    expect((await sink.write(batch, options())).objects[0]?.existed).toBe(false);
    await expectKept(bucket, KEY);
    expect((await sink.write(batch, options())).objects[0]?.existed).toBe(true);
    const replacing = sink.replacing as Replacing;
    const more = batchOf(recordsOf(4));
    await replacing.replace(more, await replacing.compare(more, options()), options());
    expect(JSON.parse(await s3.text(bucket, KEY))).toMatchObject({ ingestion_result: { records_processed: 4 } });
    await expectKept(bucket, KEY);
  });

  it('are kept by the objects of a store', async () => {
    const bucket = await s3.bucket();
    const store = createS3ObjectStore({ client: s3.client, bucket, ...settings });
    await store.put('put', Buffer.from('x'));
    await store.putIfAbsent('once', Buffer.from('x'));
    for (const key of ['put', 'once']) await expectKept(bucket, key);
  });

  it('are the bucket’s own when none are given, and a checksum is sent whatever the client does by itself', async () => {
    const bucket = await s3.bucket();
    const connection = { region: 'us-east-1', endpoint: s3.aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const client = new S3Client({ ...awsClientOptions(connection).s3, requestChecksumCalculation: 'WHEN_REQUIRED' });
    await createS3RawSink({ client, bucket }).write(batchOf(recordsOf(3)), options());
    await createS3ObjectStore({ client, bucket }).put('put', Buffer.from('123456789'));
    client.destroy();
    expect(await head(bucket, 'put')).toMatchObject({
      ServerSideEncryption: 'AES256',
      ChecksumCRC32: Buffer.from('cbf43926', 'hex').toString('base64'),
    });
    expect(await head(bucket, KEY)).toMatchObject({ ChecksumCRC32: expect.any(String) });
  });

  it.each<[string, WriteSettings]>([
    ['a KMS key without an id', { kms: { keyId: ' ' } }],
    ['eleven tags', { tags: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`t${index}`, ''])) }],
    ['a tag without a name', { tags: { '': 'x' } }],
    ['a tag that is too long', { tags: { team: 'x'.repeat(257) } }],
    ['a tag with a character that S3 refuses', { tags: { team: 'a&b' } }],
    ['a class whose objects can’t be read at once', { storageClass: 'DEEP_ARCHIVE' as 'STANDARD' }],
  ])('are refused before anything is written: %s', (_, wrong) => {
    expect(() => settingsInput(wrong)).toThrow(FatalError);
    expect(() => createS3ObjectStore({ client: s3.client, bucket: 'b', ...wrong })).toThrow(FatalError);
    expect(() => createS3RawSink({ client: s3.client, bucket: 'b', ...wrong })).toThrow(FatalError);
  });
});
