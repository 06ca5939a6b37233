import { KinesisClient } from '@aws-sdk/client-kinesis';
import { awsClientOptions } from '@loadin/aws';
import { createMeter, silentLogger } from '@loadin/observability';
import { readmeDifferences } from '@loadin/specs/readme';
import { batchOf, recordOf } from '@loadin/testing';
import { createKinesisSink } from './index.js';
import { startLocalKinesis, type LocalKinesis } from './lib/local-kinesis.fixture.js';

describe('the example of the README', () => {
  let local: LocalKinesis;
  beforeAll(async () => {
    local = await startLocalKinesis();
  });
  afterAll(() => local.close());

  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };
    const streamName = await local.stream();
    const settings = { region: 'us-east-1', endpoint: local.aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const batch = batchOf([recordOf('spotify_1'), recordOf('spotify_2', { text: 'x'.repeat(2_000_000) })]);

    // example
    const client = new KinesisClient(awsClientOptions(settings).kinesis); // settings: { region: 'us-east-1' }
    const sink = createKinesisSink({ client, streamName, concurrency: 2 });
    const meter = createMeter();

    const { acks } = await sink.write(batch, { signal: AbortSignal.timeout(60_000), meter, logger: silentLogger });
    acks.forEach((ack, index) => {
      if (ack.status === 'undeliverable') console.log(batch.records[index]?.id, ack.errorClass);
    });
    console.log(meter.totals.requests, meter.totals.retries);
    // end

    client.destroy();
    expect(lines).toEqual(['spotify_2', 'RecordTooLarge', 1, 0]);
    expect((await local.records(streamName)).map(({ key }) => key)).toEqual(['spotify_1']);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
