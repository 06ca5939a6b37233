import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions as clientOptionsOf } from '@loadin/aws';
import { createMeter, silentLogger } from '@loadin/observability';
import { recordHash, type Batch } from '@loadin/pipeline';
import { readmeDifferences } from '@loadin/specs/readme';
import { createS3ObjectStore, createS3RawSink } from './index.js';
import { startLocalS3, type LocalS3 } from './lib/local-s3.fixture.js';

describe('the example of the README', () => {
  let local: LocalS3;
  beforeAll(async () => {
    local = await startLocalS3();
  });
  afterAll(() => local.close());

  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };
    await local.client.send(new CreateBucketCommand({ Bucket: 'my-lake' }));
    const awsClientOptions = (options: Parameters<typeof clientOptionsOf>[0]) =>
      clientOptionsOf({ ...options, endpoint: local.aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });

    // example
    const artist = { artist_id: 'spotify_4Z8W4fKeB5YxbusRsdQVPb', name: 'Radiohead' };
    const batch: Batch = {
      runId: 'b2a1c0de-0000-5000-8000-000000000001',
      ingestionId: 'b2a1c0de-0000-5000-8000-000000000002',
      source: 'spotify',
      dataType: 'artists',
      sliceOrdinal: 0,
      part: 0,
      second: '2024-11-08T12:00:00Z',
      records: [{ id: artist.artist_id, value: artist, json: JSON.stringify(artist), hash: recordHash(artist) }],
      rejected: 0,
    };

    const client = new S3Client(awsClientOptions({ region: 'us-east-1' }).s3);
    const bucket = 'my-lake';
    const sink = createS3RawSink({ client, bucket });
    const options = { signal: AbortSignal.timeout(60_000), meter: createMeter(), logger: silentLogger };

    const { acks, objects } = await sink.write(batch, options);
    console.log(acks[0]?.status, objects[0]?.uri, objects[0]?.existed);
    const again = await sink.write(batch, options); // another attempt of the same run
    console.log(again.objects[0]?.existed);
    const { records, differences } = await sink.verify({ ...batch, objects }); // reads all of it again
    console.log(records, differences);

    const lake = createS3ObjectStore({ client, bucket });
    const { created } = await lake.putIfAbsent('_loadin/plans/daily.json', Buffer.from('{}'));
    for await (const { key, size } of lake.list('raw/')) console.log(created, key, size > 100);
    // end

    client.destroy();
    const key = 'raw/spotify/artists/year=2024/month=11/day=08/artists_20241108_120000.json';
    expect(lines).toEqual(['delivered', `s3://${bucket}/${key}`, false, true, 1, [], true, key, true]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
