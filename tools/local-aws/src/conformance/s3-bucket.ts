import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';

export type S3Check = ConformanceCheck<ConformanceClients>;

/** A bucket of a check, with the calls that many checks make. */
export interface BucketUnderTest {
  readonly name: string;
  readonly clients: ConformanceClients;
  put(key: string, body?: string | Uint8Array, settings?: Partial<PutObjectCommandInput>): Promise<PutObjectCommandOutput>;
  /** The object's bytes as text. */
  text(key: string, versionId?: string): Promise<string>;
}

/** Runs a check with a new bucket, empties and deletes it whatever happened. */
export async function withBucket(clients: ConformanceClients, run: (bucket: BucketUnderTest) => Promise<void>): Promise<void> {
  const { s3 } = clients;
  const name = clients.unique('bucket');
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  try {
    await run({
      name,
      clients,
      put: (Key, body = Key, settings = {}) => s3.send(new PutObjectCommand({ Bucket: name, Key, Body: Buffer.from(body), ...settings })),
      async text(Key, VersionId) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key, VersionId }));
        return (await Body?.transformToString()) ?? '';
      },
    });
  } finally {
    await deleteBucket(clients, name);
  }
}

/** Runs a check with a new bucket whose versioning is on. */
export const withVersionedBucket = (clients: ConformanceClients, run: (bucket: BucketUnderTest) => Promise<void>): Promise<void> =>
  withBucket(clients, async (bucket) => {
    await setVersioning(bucket, 'Enabled');
    await run(bucket);
  });

export async function setVersioning({ clients, name }: BucketUnderTest, Status: 'Enabled' | 'Suspended'): Promise<void> {
  await clients.s3.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status } }));
}

async function deleteBucket({ s3 }: ConformanceClients, Bucket: string): Promise<void> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads) await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  for (;;) {
    const { Versions = [], DeleteMarkers = [], IsTruncated } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (!IsTruncated) break;
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
}

/** A check on a bucket of its own. */
export const bucketCheck = (id: string, title: string, run: (bucket: BucketUnderTest) => Promise<void>): S3Check => ({
  id: `s3/${id}`,
  title,
  run: (clients) => withBucket(clients, run),
});

/** A check on a bucket of its own whose versioning is on. */
export const versionedCheck = (id: string, title: string, run: (bucket: BucketUnderTest) => Promise<void>): S3Check => ({
  id: `s3/${id}`,
  title,
  run: (clients) => withVersionedBucket(clients, run),
});
