import { S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { createMeter, silentLogger } from '@loadin/observability';
import { readmeDifferences } from '@loadin/specs/readme';
import { batchOf, recordsOf } from '@loadin/testing';
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
    const bucket = await local.bucket();
    const settings = { region: 'us-east-1', endpoint: local.aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const batch = batchOf(recordsOf(2));

    // example
    const client = new S3Client(awsClientOptions(settings).s3); // settings: { region: 'us-east-1' }
    const sink = createS3RawSink({ client, bucket });
    const options = { signal: AbortSignal.timeout(60_000), meter: createMeter(), logger: silentLogger };

    const { acks, objects } = await sink.write(batch, options);
    console.log(acks[0]?.status, objects[0]?.uri, objects[0]?.existed);
    const again = await sink.write(batch, options); // another attempt of the same run
    console.log(again.objects[0]?.existed);

    const lake = createS3ObjectStore({ client, bucket });
    const { created } = await lake.putIfAbsent('_loadin/plans/daily.json', Buffer.from('{}'));
    for await (const { key, size } of lake.list('raw/')) console.log(created, key, size > 100);
    // end

    client.destroy();
    const key = 'raw/spotify/artists/year=2024/month=11/day=08/artists_20241108_120000.json';
    expect(lines).toEqual(['delivered', `s3://${bucket}/${key}`, false, true, true, key, true]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
