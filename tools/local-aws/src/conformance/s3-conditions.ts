import assert from 'node:assert/strict';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { refused } from './refusal.js';
import { type BucketUnderTest, bucketCheck, type S3Check, versionedCheck } from './s3-bucket.js';

const OTHER_TAG = '"00000000000000000000000000000000"';
const FUTURE_MS = 86_400_000;

/** The bytes of a range. */
async function range({ clients, name }: BucketUnderTest, Range: string): Promise<{ text?: string; ContentRange?: string; status?: number }> {
  const { Body, ContentRange, $metadata } = await clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', Range }));
  return { text: await Body?.transformToString(), ContentRange, status: $metadata.httpStatusCode };
}

export const s3ConditionChecks: readonly S3Check[] = [
  bucketCheck('put-if-none-match', 'If-None-Match: * writes a key only once', async ({ put, text }) => {
    await put('a', 'first', { IfNoneMatch: '*' });
    await refused(put('a', 'second', { IfNoneMatch: '*' }), 'PreconditionFailed', 412);
    assert.equal(await text('a'), 'first');
  }),
  bucketCheck('put-if-none-match-race', 'of many conditional puts of a key at once exactly one wins, and its bytes stay', async ({ put, text }) => {
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => put('a', `writer ${i}`, { IfNoneMatch: '*' })));
    const won = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
    assert.equal(won.length, 1);
    assert.equal(await text('a'), `writer ${won[0]}`);
  }),
  bucketCheck(
    'put-if-none-match-after-delete',
    'If-None-Match: * writes again after the object was deleted',
    async ({ name, clients, put, text }) => {
      await put('a', 'first', { IfNoneMatch: '*' });
      await clients.s3.send(new DeleteObjectCommand({ Bucket: name, Key: 'a' }));
      await put('a', 'second', { IfNoneMatch: '*' });
      assert.equal(await text('a'), 'second');
    },
  ),
  versionedCheck(
    'put-if-none-match-delete-marker',
    'a delete marker does not count as an object for If-None-Match: *',
    async ({ name, clients, put, text }) => {
      await put('a', 'first');
      await clients.s3.send(new DeleteObjectCommand({ Bucket: name, Key: 'a' }));
      await put('a', 'second', { IfNoneMatch: '*' });
      assert.equal(await text('a'), 'second');
    },
  ),
  bucketCheck('put-if-match', 'If-Match replaces only the version that was read', async ({ put, text }) => {
    const { ETag } = await put('a', 'first');
    await put('a', 'second', { IfMatch: ETag });
    await refused(put('a', 'third', { IfMatch: ETag }), 'PreconditionFailed', 412);
    assert.equal(await text('a'), 'second');
  }),
  bucketCheck('put-if-match-missing', 'If-Match on a key without an object is 404 NoSuchKey', async ({ put }) => {
    await refused(put('missing', 'x', { IfMatch: OTHER_TAG }), 'NoSuchKey', 404);
  }),
  bucketCheck('delete-if-match', 'a conditional delete spares an object that changed', async ({ name, clients, put, text }) => {
    const { ETag } = await put('a', 'first');
    const remove = (IfMatch?: string): Promise<unknown> => clients.s3.send(new DeleteObjectCommand({ Bucket: name, Key: 'a', IfMatch }));
    await refused(remove(OTHER_TAG), 'PreconditionFailed', 412);
    assert.equal(await text('a'), 'first');
    await remove(ETag);
    await refused(text('a'), 'NoSuchKey', 404);
  }),
  bucketCheck('get-if-match', 'a read with If-Match of another ETag fails', async ({ name, clients, put }) => {
    const { ETag } = await put('a');
    const got = await clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', IfMatch: ETag }));
    assert.equal(await got.Body?.transformToString(), 'a');
    await refused(clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', IfMatch: OTHER_TAG })), 'PreconditionFailed', 412);
  }),
  bucketCheck('get-if-none-match', 'a read with If-None-Match of the ETag is 304', async ({ name, clients, put }) => {
    const { ETag } = await put('a');
    await refused(clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', IfNoneMatch: ETag })), ['304', 'NotModified', 'Unknown'], 304);
    const got = await clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', IfNoneMatch: OTHER_TAG }));
    assert.equal(await got.Body?.transformToString(), 'a');
  }),
  bucketCheck('get-modified-since', 'reads may depend on the time of the last change', async ({ name, clients, put }) => {
    await put('a');
    const { LastModified } = await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'a' }));
    const at = LastModified?.getTime() ?? 0;
    const get = (condition: { IfModifiedSince?: Date; IfUnmodifiedSince?: Date }): Promise<unknown> =>
      clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', ...condition }));
    await refused(get({ IfModifiedSince: new Date(at) }), ['304', 'NotModified', 'Unknown'], 304);
    await get({ IfModifiedSince: new Date(at - FUTURE_MS) });
    await get({ IfUnmodifiedSince: new Date(at) });
    await refused(get({ IfUnmodifiedSince: new Date(at - FUTURE_MS) }), 'PreconditionFailed', 412);
  }),
  bucketCheck('range', 'a range is answered 206 with its bytes and its place', async (bucket) => {
    await bucket.put('a', '0123456789');
    assert.deepEqual(await range(bucket, 'bytes=2-4'), { text: '234', ContentRange: 'bytes 2-4/10', status: 206 });
    assert.deepEqual(await range(bucket, 'bytes=8-99'), { text: '89', ContentRange: 'bytes 8-9/10', status: 206 });
  }),
  bucketCheck('range-open', 'a range without an end goes to the end', async (bucket) => {
    await bucket.put('a', '0123456789');
    assert.deepEqual(await range(bucket, 'bytes=7-'), { text: '789', ContentRange: 'bytes 7-9/10', status: 206 });
  }),
  bucketCheck('range-suffix', 'a range without a start is counted from the end', async (bucket) => {
    await bucket.put('a', '0123456789');
    assert.deepEqual(await range(bucket, 'bytes=-3'), { text: '789', ContentRange: 'bytes 7-9/10', status: 206 });
    assert.equal((await range(bucket, 'bytes=-99')).text, '0123456789');
  }),
  bucketCheck('range-not-satisfiable', 'a range behind the end is refused with InvalidRange', async (bucket) => {
    await bucket.put('a', '0123456789');
    await refused(range(bucket, 'bytes=10-'), 'InvalidRange', 416);
  }),
];
