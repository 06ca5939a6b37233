import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { startLocalAws, type LocalAws } from '@loadin/local-aws';
import { checkpointTableDefinition } from './table-definition.js';

export interface LocalState {
  readonly aws: LocalAws;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** Clients whose SDK tries once only. */
  readonly withoutRetries: { readonly dynamodb: DynamoDBClient; readonly s3: S3Client };
  /** A new table. */
  table(): Promise<string>;
  /** A new bucket. */
  bucket(): Promise<string>;
  read(bucket: string, key: string): Promise<string>;
  write(bucket: string, key: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export async function startLocalState(): Promise<LocalState> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loadin-state-'));
  const aws = await startLocalAws({ dataDir });
  const settings = { region: 'us-east-1', endpoint: aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const options = awsClientOptions({ ...settings, maxAttempts: 3 });
  const [dynamodb, s3] = [new DynamoDBClient(options.dynamodb), new S3Client(options.s3)];
  const single = awsClientOptions({ ...settings, maxAttempts: 1 });
  const withoutRetries = { dynamodb: new DynamoDBClient(single.dynamodb), s3: new S3Client(single.s3) };
  let made = 0;
  return {
    aws,
    dynamodb,
    s3,
    withoutRetries,
    async table() {
      const name = `checkpoints-${(made += 1)}`;
      await dynamodb.send(new CreateTableCommand(checkpointTableDefinition(name)));
      await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { TableName: name });
      return name;
    },
    async bucket() {
      const name = `state-${(made += 1)}`;
      await s3.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async read(bucket, key) {
      return (await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString()) ?? '';
    },
    async write(bucket, key, text) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
    },
    async close() {
      dynamodb.destroy();
      s3.destroy();
      withoutRetries.dynamodb.destroy();
      withoutRetries.s3.destroy();
      await aws.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
