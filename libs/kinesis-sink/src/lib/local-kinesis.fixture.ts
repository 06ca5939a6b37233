import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStreamCommand, KinesisClient, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { awsClientOptions } from '@loadin/aws';
import { startLocalAws, type LocalAws, type LocalAwsOptions } from '@loadin/local-aws';
import { readStream, type StreamRecord } from '@loadin/specs';

export interface LocalKinesis {
  readonly aws: LocalAws;
  readonly client: KinesisClient;
  /** Another client, for a test that changes it. `maxAttempts`: tries of the SDK. */
  newClient(maxAttempts?: number): KinesisClient;
  /** A new stream. */
  stream(shards?: number): Promise<string>;
  /** Everything in the stream, shard after shard, each in order. */
  records(stream: string): Promise<StreamRecord[]>;
  close(): Promise<void>;
}

type Limits = NonNullable<NonNullable<LocalAwsOptions['kinesis']>['limits']>;

/** A real server and a real client. `limits` are those that a test wants to be other than AWS's; reading has none. */
export async function startLocalKinesis(limits: Limits = {}): Promise<LocalKinesis> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loadin-kinesis-'));
  const aws = await startLocalAws({ dataDir, kinesis: { limits: { readsPerShardSecond: 1_000_000, readBytesPerShardSecond: 1e12, ...limits } } });
  const settings = { region: 'us-east-1', endpoint: aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const newClient = (maxAttempts = 3): KinesisClient => new KinesisClient(awsClientOptions({ ...settings, maxAttempts }).kinesis);
  const client = newClient();
  let streams = 0;
  return {
    aws,
    client,
    newClient,
    async stream(shards = 2) {
      const name = `events-${(streams += 1)}`;
      await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
      await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { StreamName: name });
      return name;
    },
    records: (stream) => readStream(client, stream),
    async close() {
      client.destroy();
      await aws.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
