import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { checkpointTableDefinition, createDynamoStateStore } from '@loadin/checkpoint-store';
import { createKinesisSink } from '@loadin/kinesis-sink';
import type { ObjectStore, Sink, StateStore } from '@loadin/pipeline';
import { createS3ObjectStore, createS3RawSink } from '@loadin/s3-sink';
import { connectionTo } from '../aws/aws-server.js';
import { clientOf, createStream } from '../kinesis/stream.js';

/** What a run writes to, all on one server. */
export interface World {
  readonly lake: ObjectStore;
  readonly state: StateStore;
  /** Raw objects and a stream of four shards that hold nothing up. */
  readonly sinks: readonly Sink[];
  /** A scheduled time that no run of this world has had. */
  nextTime(): string;
  close(): void;
}

const [bucket, table, streamName] = ['lake', 'loadin-checkpoints', 'stream'];

export async function openWorld(url: string): Promise<World> {
  const options = awsClientOptions(connectionTo(url));
  const [s3, dynamodb, kinesis] = [new S3Client(options.s3), new DynamoDBClient(options.dynamodb), clientOf(url)];
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await dynamodb.send(new CreateTableCommand(checkpointTableDefinition(table)));
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { TableName: table });
  await createStream(kinesis, streamName, 4);
  const shards = { shardRecordsPerSecond: 1e7, shardBytesPerSecond: 1e10 };
  let runs = 0;
  return {
    lake: createS3ObjectStore({ client: s3, bucket }),
    state: createDynamoStateStore({ client: dynamodb, table }),
    sinks: [createS3RawSink({ client: s3, bucket }), createKinesisSink({ client: kinesis, streamName, ...shards })],
    nextTime: () => `${new Date(Date.UTC(2024, 10, 8) + (runs += 1) * 60_000).toISOString().slice(0, 19)}Z`,
    close: () => [s3, dynamodb, kinesis].forEach((client) => client.destroy()),
  };
}
