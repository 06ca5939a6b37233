import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { refused } from './refusal.js';
import { bucketCheck, type S3Check } from './s3-bucket.js';

/** Each of these is a trap: encoding, path normalization, XML. */
const ODD_KEYS = [
  'a b',
  'a+b',
  'a%20b',
  'a&b=c?d#e',
  "it's",
  '<tag>"quoted"</tag>',
  'ä/é/ñ',
  '東京/音楽',
  '🎸/🎤',
  'a//b',
  'dir/',
  'x',
  'x/y',
  'x/y/z',
  '~!@$^*()_-.',
  'a\\b',
  'C:/x',
  'a;b,c',
  '{"a":[1]}',
  '%',
  '100%',
];

export const s3ObjectChecks: readonly S3Check[] = [
  bucketCheck(
    'put-get-object',
    'an object is given back byte for byte, with its size, type, MD5 as ETag and time',
    async ({ name, clients, put }) => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 256);
      const { ETag } = await put('data.bin', bytes, { ContentType: 'application/x-test' });
      assert.equal(ETag, `"${createHash('md5').update(bytes).digest('hex')}"`);
      const got = await clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'data.bin' }));
      assert.deepEqual(Buffer.from((await got.Body?.transformToByteArray()) ?? []), Buffer.from(bytes));
      assert.deepEqual([got.ContentLength, got.ContentType, got.ETag, got.AcceptRanges], [70_000, 'application/x-test', ETag, 'bytes']);
      assert.ok(Math.abs((got.LastModified?.getTime() ?? 0) - Date.now()) < 120_000);
    },
  ),
  bucketCheck('empty-object', 'an object may be empty', async ({ name, clients, put, text }) => {
    const { ETag } = await put('empty', '');
    assert.equal(ETag, '"d41d8cd98f00b204e9800998ecf8427e"');
    assert.equal(await text('empty'), '');
    assert.equal((await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'empty' }))).ContentLength, 0);
  }),
  bucketCheck('overwrite-object', 'a second put replaces the first', async ({ put, text }) => {
    await put('a', 'one');
    await put('a', 'two');
    assert.equal(await text('a'), 'two');
  }),
  bucketCheck('no-such-key', 'a key that does not exist is the typed NoSuchKey, and NotFound for HEAD', async ({ name, clients }) => {
    await refused(clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'missing' })), 'NoSuchKey', 404);
    await refused(clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'missing' })), 'NotFound', 404);
  }),
  bucketCheck('system-metadata', 'content headers are kept and given back', async ({ name, clients, put }) => {
    const given = {
      ...{ ContentType: 'application/json', ContentEncoding: 'gzip', ContentLanguage: 'de', CacheControl: 'max-age=60' },
      ContentDisposition: 'attachment; filename="a.json"',
    };
    await put('a', 'x', given);
    const { ContentType, ContentEncoding, ContentLanguage, CacheControl, ContentDisposition } = await clients.s3.send(
      new HeadObjectCommand({ Bucket: name, Key: 'a' }),
    );
    assert.deepEqual({ ContentType, ContentEncoding, ContentLanguage, CacheControl, ContentDisposition }, given);
  }),
  bucketCheck('user-metadata', 'user metadata is kept; its names come back in lower case', async ({ name, clients, put }) => {
    await put('a', 'x', { Metadata: { 'Run-Id': 'r 1', count: '5' } });
    const { Metadata } = await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'a' }));
    assert.deepEqual(Metadata, { 'run-id': 'r 1', count: '5' });
  }),
  bucketCheck('metadata-too-large', 'more than 2 KB of user metadata is refused', async ({ put }) => {
    await refused(put('a', 'x', { Metadata: { big: 'x'.repeat(2100) } }), 'MetadataTooLarge');
  }),
  bucketCheck('key-too-long', 'a key holds 1,024 bytes, not more', async ({ put, text }) => {
    const longest = 'ä'.repeat(512);
    await put(longest, 'fits');
    assert.equal(await text(longest), 'fits');
    await refused(put(`${longest}x`), 'KeyTooLongError');
  }),
  bucketCheck('response-overrides', 'response-content-type and its like replace headers of one answer', async ({ name, clients, put }) => {
    await put('a', 'x', { ContentType: 'text/plain' });
    const got = await clients.s3.send(
      new GetObjectCommand({ Bucket: name, Key: 'a', ResponseContentType: 'text/csv', ResponseContentDisposition: 'inline' }),
    );
    assert.deepEqual([got.ContentType, got.ContentDisposition], ['text/csv', 'inline']);
  }),
  bucketCheck('odd-keys', 'keys with any character are kept apart, listed as they are, and deleted', async ({ name, clients, put, text }) => {
    for (const key of ODD_KEYS) await put(key, `body of ${key}`);
    for (const key of ODD_KEYS) assert.equal(await text(key), `body of ${key}`);
    const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket: name }));
    assert.deepEqual(Contents?.map(({ Key }) => Key).sort(), [...ODD_KEYS].sort());
    await clients.s3.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects: ODD_KEYS.map((Key) => ({ Key })) } }));
    assert.equal((await clients.s3.send(new ListObjectsV2Command({ Bucket: name }))).KeyCount, 0);
  }),
  bucketCheck('key-beside-prefix', 'x and x/y are two objects, and one goes without the other', async ({ name, clients, put, text }) => {
    await put('x', '1');
    await put('x/y', '2');
    await clients.s3.send(new DeleteObjectCommand({ Bucket: name, Key: 'x' }));
    assert.equal(await text('x/y'), '2');
    await refused(text('x'), 'NoSuchKey', 404);
  }),
  bucketCheck('delete-object', 'a deleted object is gone, and deleting it again succeeds', async ({ name, clients, put, text }) => {
    await put('a');
    await clients.s3.send(new DeleteObjectCommand({ Bucket: name, Key: 'a' }));
    await refused(text('a'), 'NoSuchKey', 404);
    const { $metadata } = await clients.s3.send(new DeleteObjectCommand({ Bucket: name, Key: 'a' }));
    assert.equal($metadata.httpStatusCode, 204);
  }),
  bucketCheck('delete-objects', 'a batch names what it deleted, also what was not there', async ({ name, clients, put }) => {
    for (const key of ['a', 'b']) await put(key);
    const Objects = ['a', 'b', 'missing'].map((Key) => ({ Key }));
    const { Deleted, Errors } = await clients.s3.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects } }));
    assert.deepEqual(Deleted?.map(({ Key }) => Key).sort(), ['a', 'b', 'missing']);
    assert.equal(Errors?.length ?? 0, 0);
  }),
  bucketCheck('delete-objects-quiet', 'a quiet batch names errors only', async ({ name, clients, put, text }) => {
    await put('a');
    const { Deleted } = await clients.s3.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Quiet: true, Objects: [{ Key: 'a' }] } }));
    assert.equal(Deleted?.length ?? 0, 0);
    await refused(text('a'), 'NoSuchKey', 404);
  }),
  bucketCheck('delete-objects-limit', 'a batch of more than 1,000 keys is refused whole', async ({ name, clients, put, text }) => {
    await put('k0', 'stays');
    const Objects = Array.from({ length: 1001 }, (_, i) => ({ Key: `k${i}` }));
    await refused(clients.s3.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects } })), 'MalformedXML');
    assert.equal(await text('k0'), 'stays');
  }),
  bucketCheck('object-tags', 'tags are given with the object, read, replaced and removed', async ({ name, clients, put }) => {
    await put('a', 'x', { Tagging: 'team=lake&env=dev%20one' });
    const tags = async (): Promise<unknown> => (await clients.s3.send(new GetObjectTaggingCommand({ Bucket: name, Key: 'a' }))).TagSet;
    assert.deepEqual(await tags(), [
      { Key: 'team', Value: 'lake' },
      { Key: 'env', Value: 'dev one' },
    ]);
    assert.equal((await clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a' }))).TagCount, 2);
    const Tagging = { TagSet: [{ Key: 'team', Value: 'other' }] };
    await clients.s3.send(new PutObjectTaggingCommand({ Bucket: name, Key: 'a', Tagging }));
    assert.deepEqual(await tags(), Tagging.TagSet);
    await clients.s3.send(new DeleteObjectTaggingCommand({ Bucket: name, Key: 'a' }));
    assert.deepEqual(await tags(), []);
  }),
  bucketCheck('object-attributes', 'GetObjectAttributes gives what was asked for', async ({ name, clients, put }) => {
    const { ETag } = await put('a', 'hello');
    const got = await clients.s3.send(new GetObjectAttributesCommand({ Bucket: name, Key: 'a', ObjectAttributes: ['ETag', 'ObjectSize'] }));
    assert.deepEqual([got.ETag, got.ObjectSize, got.StorageClass], [ETag?.replace(/"/g, ''), 5, undefined]);
  }),
  bucketCheck(
    'default-encryption',
    'an object is encrypted with S3-managed keys unless something else was asked for',
    async ({ name, clients, put }) => {
      assert.equal((await put('a')).ServerSideEncryption, 'AES256');
      assert.equal((await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'a' }))).ServerSideEncryption, 'AES256');
      assert.equal((await put('b', 'b', { ServerSideEncryption: 'aws:kms' })).ServerSideEncryption, 'aws:kms');
    },
  ),
];
