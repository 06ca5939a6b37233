import assert from 'node:assert/strict';
import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  type CopyObjectCommandOutput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
} from '@aws-sdk/client-s3';
import { refused } from './refusal.js';
import { type BucketUnderTest, bucketCheck, type S3Check } from './s3-bucket.js';

const copy = (
  { clients, name }: BucketUnderTest,
  from: string,
  Key: string,
  more: Partial<CopyObjectCommandInput> = {},
): Promise<CopyObjectCommandOutput> =>
  clients.s3.send(new CopyObjectCommand({ Bucket: name, Key, CopySource: `${name}/${encodeURIComponent(from)}`, ...more }));

export const s3CopyChecks: readonly S3Check[] = [
  bucketCheck('copy-object', 'a copy has bytes, metadata and tags of its source', async (bucket) => {
    const { clients, name, put, text } = bucket;
    const { ETag } = await put('from ä+b', 'hello', { ContentType: 'text/x-test', Metadata: { a: '1' }, Tagging: 'team=lake' });
    const { CopyObjectResult } = await copy(bucket, 'from ä+b', 'to');
    assert.equal(CopyObjectResult?.ETag, ETag);
    assert.equal(await text('to'), 'hello');
    const head = await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'to' }));
    assert.deepEqual([head.ContentType, head.Metadata], ['text/x-test', { a: '1' }]);
    const { TagSet } = await clients.s3.send(new GetObjectTaggingCommand({ Bucket: name, Key: 'to' }));
    assert.deepEqual(TagSet, [{ Key: 'team', Value: 'lake' }]);
  }),
  bucketCheck('copy-replace-metadata', 'with the directive REPLACE the metadata comes from the request', async (bucket) => {
    const { clients, name, put } = bucket;
    await put('from', 'hello', { ContentType: 'text/x-test', Metadata: { a: '1' } });
    await copy(bucket, 'from', 'to', { MetadataDirective: 'REPLACE', Metadata: { b: '2' }, ContentType: 'text/plain' });
    const head = await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'to' }));
    assert.deepEqual([head.ContentType, head.Metadata], ['text/plain', { b: '2' }]);
  }),
  bucketCheck('copy-onto-itself', 'a copy onto itself must change something', async (bucket) => {
    const { clients, name, put, text } = bucket;
    await put('a', 'hello');
    await refused(copy(bucket, 'a', 'a'), 'InvalidRequest');
    await copy(bucket, 'a', 'a', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } });
    assert.equal(await text('a'), 'hello');
    assert.deepEqual((await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'a' }))).Metadata, { b: '2' });
  }),
  bucketCheck('copy-outlives-source', 'a copy stays as it is when its source is replaced', async (bucket) => {
    await bucket.put('from', 'old');
    await copy(bucket, 'from', 'to');
    await bucket.put('from', 'new');
    assert.equal(await bucket.text('to'), 'old');
  }),
  bucketCheck('copy-source-missing', 'a copy of what does not exist is NoSuchKey', async (bucket) => {
    await refused(copy(bucket, 'missing', 'to'), 'NoSuchKey', 404);
  }),
  bucketCheck('copy-source-conditions', 'a copy may depend on the state of its source', async (bucket) => {
    const { ETag } = await bucket.put('from', 'hello');
    await refused(copy(bucket, 'from', 'to', { CopySourceIfNoneMatch: ETag }), 'PreconditionFailed', 412);
    await refused(copy(bucket, 'from', 'to', { CopySourceIfMatch: '"00000000000000000000000000000000"' }), 'PreconditionFailed', 412);
    await copy(bucket, 'from', 'to', { CopySourceIfMatch: ETag });
    assert.equal(await bucket.text('to'), 'hello');
  }),
];
