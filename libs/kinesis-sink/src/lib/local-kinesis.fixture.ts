import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { awsClientOptions } from '@loadin/aws';
import { startLocalAws, type LocalAws, type LocalAwsOptions } from '@loadin/local-aws';
import type { JsonObject } from '@loadin/pipeline';

export interface StreamRecord {
  readonly key: string;
  readonly value: JsonObject;
}

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
    async records(stream) {
      const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: stream }));
      const all = await Promise.all(Shards.map(({ ShardId = '' }) => readShard(client, stream, ShardId)));
      return all.flat();
    },
    async close() {
      client.destroy();
      await aws.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function readShard(client: KinesisClient, stream: string, shard: string): Promise<StreamRecord[]> {
  const start = await client.send(new GetShardIteratorCommand({ StreamName: stream, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }));
  const found: StreamRecord[] = [];
  for (let iterator = start.ShardIterator; iterator;) {
    const { Records = [], NextShardIterator, MillisBehindLatest } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    for (const { PartitionKey: key = '', Data = new Uint8Array() } of Records) {
      found.push({ key, value: JSON.parse(Buffer.from(Data).toString()) as JsonObject });
    }
    iterator = Records.length === 0 && MillisBehindLatest === 0 ? undefined : NextShardIterator;
  }
  return found;
}
