import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, paginateListObjectsV2, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { startLocalAws, type LocalAws } from '@loadin/local-aws';

export interface LocalS3 {
  readonly aws: LocalAws;
  readonly client: S3Client;
  readonly clientWithoutRetries: S3Client;
  /** A new bucket. */
  bucket(): Promise<string>;
  keys(bucket: string): Promise<string[]>;
  text(bucket: string, key: string): Promise<string>;
  close(): Promise<void>;
}

/** A real server and a real client; every test makes a bucket of its own. */
export async function startLocalS3(): Promise<LocalS3> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loadin-s3-'));
  const aws = await startLocalAws({ dataDir });
  const settings = { region: 'us-east-1', endpoint: aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const client = new S3Client({ ...awsClientOptions({ ...settings, maxAttempts: 3 }).s3, retryStrategy: withoutDelays(3) });
  const clientWithoutRetries = new S3Client(awsClientOptions({ ...settings, maxAttempts: 1 }).s3);
  let buckets = 0;
  return {
    aws,
    client,
    clientWithoutRetries,
    async bucket() {
      const name = `lake-${(buckets += 1)}`;
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async keys(bucket) {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) for (const { Key = '' } of page.Contents ?? []) keys.push(Key);
      return keys;
    },
    async text(bucket, key) {
      return (await (await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString()) ?? '';
    },
    async close() {
      client.destroy();
      clientWithoutRetries.destroy();
      await aws.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Tries again for the same reasons as the SDK's own, without its delays of up to seconds. */
function withoutDelays(maxAttempts: number): NonNullable<S3ClientConfig['retryStrategy']> {
  const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 });
  return {
    acquireInitialRetryToken: async () => token(0),
    async refreshRetryTokenForRetry(failed, { errorType }) {
      const count = failed.getRetryCount() + 1;
      if (errorType === 'CLIENT_ERROR' || count >= maxAttempts) throw new Error('it is not tried again');
      return token(count);
    },
    recordSuccess: () => undefined,
  };
}
