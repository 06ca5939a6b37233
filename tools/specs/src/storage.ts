import { CreateTableCommand, DynamoDBClient, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { openLake, type Lake } from './lake.js';

export const BUCKET = 'raw-of-a-spec';
export const STREAM = 'stream-of-a-spec';
/** The default of CHECKPOINT_STORE. */
export const TABLE = 'loadin-checkpoints';

/** Bucket, stream and table at one address, and the clients to look into them. */
export interface Storage {
  readonly s3: S3Client;
  readonly kinesis: KinesisClient;
  readonly lake: Lake;
  /** Makes the parts. Default: all three; the stream with 2 shards. */
  create(options?: { readonly parts?: readonly StoragePart[]; readonly shards?: number }): Promise<void>;
  /** Closes the clients. */
  close(): void;
}

export type StoragePart = 'bucket' | 'stream' | 'table';

/** Connects to whatever speaks like AWS at `url`. Any key does, unless the server was told otherwise. */
export function connectStorage(url: string, credentials: AccessKey = ANY_KEY): Storage {
  const options = { endpoint: url, region: 'us-east-1', credentials };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  // HTTP/1.1: without this handler the client speaks HTTP/2, which servers on plain http don't.
  const kinesis = new KinesisClient({ ...options, requestHandler: new NodeHttpHandler() });
  const dynamodb = new DynamoDBClient(options);
  return {
    s3,
    kinesis,
    lake: openLake(s3, kinesis, BUCKET, STREAM),
    async create({ parts = ['bucket', 'stream', 'table'], shards = 2 } = {}) {
      if (parts.includes('bucket')) await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
      if (parts.includes('stream')) await kinesis.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: shards }));
      if (parts.includes('table')) await dynamodb.send(new CreateTableCommand(CHECKPOINT_TABLE));
    },
    close() {
      for (const client of [s3, kinesis, dynamodb]) client.destroy();
    },
  };
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const ANY_KEY: AccessKey = { accessKeyId: 'local', secretAccessKey: 'local' };

/** What `checkpointTableDefinition` of @loadin/checkpoint-store gives, written out: this project imports no lib, since the libs' specs import it. */
const CHECKPOINT_TABLE: CreateTableCommandInput = {
  TableName: TABLE,
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};
