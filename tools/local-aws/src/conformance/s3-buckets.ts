import assert from 'node:assert/strict';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { refused } from './refusal.js';
import { bucketCheck, type S3Check, withBucket } from './s3-bucket.js';

export const s3BucketChecks: readonly S3Check[] = [
  bucketCheck('create-and-head-bucket', 'a bucket that was created answers HEAD and says its region', async ({ name, clients }) => {
    const { BucketRegion } = await clients.s3.send(new HeadBucketCommand({ Bucket: name }));
    assert.equal(BucketRegion, 'us-east-1');
  }),
  bucketCheck(
    'create-bucket-again',
    'in us-east-1 the owner may create a bucket again, and its objects stay',
    async ({ name, clients, put, text }) => {
      await put('a');
      await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
      assert.equal(await text('a'), 'a');
    },
  ),
  {
    id: 's3/invalid-bucket-name',
    title: 'names with capitals or underscores, too short ones and addresses are refused with InvalidBucketName',
    async run({ s3 }) {
      for (const Bucket of ['Has-Capitals', 'has_underscore', 'ab', '192.168.5.4', '-begins-so']) {
        await refused(s3.send(new CreateBucketCommand({ Bucket })), 'InvalidBucketName');
      }
    },
  },
  bucketCheck('list-buckets', 'ListBuckets names the bucket and when it was created', async ({ name, clients }) => {
    const { Buckets } = await clients.s3.send(new ListBucketsCommand({}));
    const created = Buckets?.find(({ Name }) => Name === name)?.CreationDate;
    assert.ok(created instanceof Date && Math.abs(created.getTime() - Date.now()) < 120_000);
  }),
  bucketCheck('bucket-location', 'the location of a bucket in us-east-1 is null', async ({ name, clients }) => {
    const { LocationConstraint } = await clients.s3.send(new GetBucketLocationCommand({ Bucket: name }));
    assert.ok(!LocationConstraint);
  }),
  {
    id: 's3/delete-bucket',
    title: 'a bucket that was deleted is no longer there',
    async run({ s3, unique }) {
      const Bucket = unique('bucket');
      await s3.send(new CreateBucketCommand({ Bucket }));
      await s3.send(new DeleteBucketCommand({ Bucket }));
      await refused(s3.send(new ListObjectsV2Command({ Bucket })), 'NoSuchBucket', 404);
      await refused(s3.send(new DeleteBucketCommand({ Bucket })), 'NoSuchBucket', 404);
    },
  },
  bucketCheck('delete-bucket-not-empty', 'a bucket with objects is not deleted', async ({ name, clients, put }) => {
    await put('a');
    await refused(clients.s3.send(new DeleteBucketCommand({ Bucket: name })), 'BucketNotEmpty', 409);
  }),
  {
    id: 's3/no-such-bucket',
    title: 'a bucket that does not exist is the typed NoSuchBucket, and NotFound for HEAD',
    async run({ s3, unique }) {
      const Bucket = unique('missing');
      await refused(s3.send(new ListObjectsV2Command({ Bucket })), 'NoSuchBucket', 404);
      await refused(s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' })), 'NoSuchBucket', 404);
      await refused(s3.send(new HeadBucketCommand({ Bucket })), 'NotFound', 404);
      await refused(s3.send(new HeadObjectCommand({ Bucket, Key: 'a' })), 'NotFound', 404);
    },
  },
  {
    id: 's3/request-ids',
    title: 'answers and errors carry both request ids',
    run: (clients) =>
      withBucket(clients, async ({ put, name }) => {
        const { $metadata } = await put('a');
        assert.ok($metadata.requestId);
        assert.ok($metadata.extendedRequestId);
        const error = await refused(clients.s3.send(new ListObjectsV2Command({ Bucket: `${name}-not` })), 'NoSuchBucket', 404);
        assert.ok((error.$metadata as { requestId?: string } | undefined)?.requestId);
      }),
  },
];
