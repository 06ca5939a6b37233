import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  type CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { refused } from './refusal.js';
import { type BucketUnderTest, bucketCheck, type S3Check } from './s3-bucket.js';

const MB = 1024 * 1024;
const part = (letter: string, size = 5 * MB): Buffer => Buffer.alloc(size, letter);
const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();

interface UploadUnderTest {
  readonly id: string;
  /** Uploads a part and gives what completing needs to know of it. */
  part(number: number, body: Uint8Array): Promise<{ PartNumber: number; ETag?: string }>;
  complete(
    parts: { PartNumber: number; ETag?: string }[],
    more?: Partial<CompleteMultipartUploadCommandInput>,
  ): Promise<CompleteMultipartUploadCommandOutput>;
  abort(): Promise<unknown>;
}

async function start(
  { clients, name }: BucketUnderTest,
  Key: string,
  more: Partial<CreateMultipartUploadCommandInput> = {},
): Promise<UploadUnderTest> {
  const { UploadId = '' } = await clients.s3.send(new CreateMultipartUploadCommand({ Bucket: name, Key, ...more }));
  const upload = { Bucket: name, Key, UploadId };
  return {
    id: UploadId,
    async part(PartNumber, Body) {
      const { ETag } = await clients.s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
      return { PartNumber, ETag };
    },
    complete: (Parts, given = {}) => clients.s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...given })),
    abort: () => clients.s3.send(new AbortMultipartUploadCommand(upload)),
  };
}

const uploadsOf = ({ clients, name }: BucketUnderTest, input = {}) => clients.s3.send(new ListMultipartUploadsCommand({ Bucket: name, ...input }));

export const s3MultipartChecks: readonly S3Check[] = [
  bucketCheck('multipart', 'parts uploaded in any order become one object, visible only when completed', async (bucket) => {
    const { clients, name } = bucket;
    const upload = await start(bucket, 'big', { ContentType: 'text/x-test', Metadata: { run: '1' } });
    const last = await upload.part(3, Buffer.from('end'));
    const [first, second] = [await upload.part(1, part('a')), await upload.part(2, part('b'))];
    await refused(bucket.text('big'), 'NoSuchKey', 404);
    const { ETag } = await upload.complete([first, second, last]);
    const expected = md5(Buffer.concat([md5(part('a')), md5(part('b')), md5(Buffer.from('end'))])).toString('hex');
    assert.equal(ETag, `"${expected}-3"`);
    const got = await clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'big' }));
    assert.deepEqual([got.ContentLength, got.ContentType, got.Metadata, got.ETag], [10 * MB + 3, 'text/x-test', { run: '1' }, ETag]);
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    assert.ok(bytes.equals(Buffer.concat([part('a'), part('b'), Buffer.from('end')])));
    assert.equal((await uploadsOf(bucket)).Uploads, undefined);
  }),
  bucketCheck('multipart-range', 'a range may span parts', async (bucket) => {
    const upload = await start(bucket, 'big');
    await upload.complete([await upload.part(1, part('a')), await upload.part(2, Buffer.from('bcd'))]);
    const { Body, ContentRange } = await bucket.clients.s3.send(
      new GetObjectCommand({ Bucket: bucket.name, Key: 'big', Range: `bytes=${5 * MB - 2}-${5 * MB + 1}` }),
    );
    assert.deepEqual([await Body?.transformToString(), ContentRange], ['aabc', `bytes ${5 * MB - 2}-${5 * MB + 1}/${5 * MB + 3}`]);
  }),
  bucketCheck('multipart-get-part', 'a part of a completed object is read by its number', async (bucket) => {
    const upload = await start(bucket, 'big');
    await upload.complete([await upload.part(1, part('a')), await upload.part(2, Buffer.from('bcd'))]);
    const got = await bucket.clients.s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: 'big', PartNumber: 2 }));
    assert.deepEqual([await got.Body?.transformToString(), got.PartsCount, got.$metadata.httpStatusCode], ['bcd', 2, 206]);
  }),
  bucketCheck('multipart-replace-part', 'a part uploaded again replaces the first', async (bucket) => {
    const upload = await start(bucket, 'a');
    await upload.part(1, Buffer.from('old'));
    await upload.complete([await upload.part(1, Buffer.from('new'))]);
    assert.equal(await bucket.text('a'), 'new');
  }),
  bucketCheck('multipart-left-out-part', 'parts that are not named at the end are not in the object', async (bucket) => {
    const upload = await start(bucket, 'a');
    await upload.part(1, Buffer.from('left out'));
    await upload.complete([await upload.part(7, Buffer.from('kept'))]);
    assert.equal(await bucket.text('a'), 'kept');
  }),
  bucketCheck('multipart-too-small', 'a part below 5 MiB that is not the last is refused with EntityTooSmall', async (bucket) => {
    const upload = await start(bucket, 'a');
    const parts = [await upload.part(1, Buffer.from('small')), await upload.part(2, Buffer.from('last'))];
    await refused(upload.complete(parts), 'EntityTooSmall');
    await refused(bucket.text('a'), 'NoSuchKey', 404);
  }),
  bucketCheck('multipart-invalid-part', 'a part that was not uploaded, or has another ETag, is refused with InvalidPart', async (bucket) => {
    const upload = await start(bucket, 'a');
    const first = await upload.part(1, Buffer.from('x'));
    await refused(upload.complete([{ ...first, ETag: '"00000000000000000000000000000000"' }]), 'InvalidPart');
    await refused(upload.complete([{ ...first, PartNumber: 2 }]), 'InvalidPart');
    await upload.complete([first]);
  }),
  bucketCheck('multipart-part-order', 'parts out of order are refused with InvalidPartOrder', async (bucket) => {
    const upload = await start(bucket, 'a');
    const [first, second] = [await upload.part(1, part('a')), await upload.part(2, part('b'))];
    await refused(upload.complete([second, first]), 'InvalidPartOrder');
  }),
  bucketCheck('multipart-part-number', 'part numbers go from 1 to 10,000', async (bucket) => {
    const upload = await start(bucket, 'a');
    await refused(upload.part(0, Buffer.from('x')), 'InvalidArgument');
    await refused(upload.part(10_001, Buffer.from('x')), 'InvalidArgument');
    await upload.complete([await upload.part(10_000, Buffer.from('x'))]);
  }),
  bucketCheck('multipart-no-such-upload', 'an upload that does not exist is the typed NoSuchUpload', async (bucket) => {
    const upload = await start(bucket, 'a');
    const first = await upload.part(1, Buffer.from('x'));
    await upload.abort();
    await refused(upload.part(2, Buffer.from('y')), 'NoSuchUpload', 404);
    await refused(upload.complete([first]), 'NoSuchUpload', 404);
    await refused(upload.abort(), 'NoSuchUpload', 404);
    await refused(bucket.clients.s3.send(new ListPartsCommand({ Bucket: bucket.name, Key: 'a', UploadId: upload.id })), 'NoSuchUpload', 404);
  }),
  bucketCheck('multipart-if-none-match', 'completing with If-None-Match: * spares an existing object, and the upload stays', async (bucket) => {
    const upload = await start(bucket, 'a');
    const first = await upload.part(1, Buffer.from('upload'));
    await bucket.put('a', 'there first');
    await refused(upload.complete([first], { IfNoneMatch: '*' }), 'PreconditionFailed', 412);
    assert.equal(await bucket.text('a'), 'there first');
    await upload.complete([first]);
    assert.equal(await bucket.text('a'), 'upload');
  }),
  bucketCheck('multipart-composite-checksum', 'the checksum of the object is made of its parts’ checksums', async (bucket) => {
    const { clients, name } = bucket;
    const { UploadId } = await clients.s3.send(new CreateMultipartUploadCommand({ Bucket: name, Key: 'a', ChecksumAlgorithm: 'SHA256' }));
    const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
    const put = async (PartNumber: number, Body: Uint8Array) => {
      const { ETag, ChecksumSHA256 } = await clients.s3.send(
        new UploadPartCommand({ Bucket: name, Key: 'a', UploadId, PartNumber, Body, ChecksumAlgorithm: 'SHA256' }),
      );
      assert.equal(ChecksumSHA256, sha256(Body).toString('base64'));
      return { PartNumber, ETag, ChecksumSHA256 };
    };
    const Parts = [await put(1, part('a')), await put(2, Buffer.from('b'))];
    const done = await clients.s3.send(new CompleteMultipartUploadCommand({ Bucket: name, Key: 'a', UploadId, MultipartUpload: { Parts } }));
    const expected = `${sha256(Buffer.concat([sha256(part('a')), sha256(Buffer.from('b'))])).toString('base64')}-2`;
    assert.equal(done.ChecksumSHA256, expected);
    const head = await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'a', ChecksumMode: 'ENABLED' }));
    assert.equal(head.ChecksumSHA256, expected);
  }),
  bucketCheck('list-parts', 'parts are listed in order and in pages', async (bucket) => {
    const { clients, name } = bucket;
    const upload = await start(bucket, 'a');
    for (const number of [3, 1, 2]) await upload.part(number, Buffer.from(`part ${number}`));
    const page = (more: object) => clients.s3.send(new ListPartsCommand({ Bucket: name, Key: 'a', UploadId: upload.id, ...more }));
    const first = await page({ MaxParts: 2 });
    assert.deepEqual(
      [first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]), first.IsTruncated],
      [
        [
          [1, 6],
          [2, 6],
        ],
        true,
      ],
    );
    const rest = await page({ PartNumberMarker: first.NextPartNumberMarker });
    assert.deepEqual([rest.Parts?.map(({ PartNumber }) => PartNumber), rest.IsTruncated], [[3], false]);
  }),
  bucketCheck('list-uploads', 'uploads are listed by key, with prefix, and in pages', async (bucket) => {
    for (const key of ['b', 'a', 'raw/c']) await start(bucket, key);
    const keys = (page: Awaited<ReturnType<typeof uploadsOf>>) => page.Uploads?.map(({ Key }) => Key);
    assert.deepEqual(keys(await uploadsOf(bucket)), ['a', 'b', 'raw/c']);
    assert.deepEqual(keys(await uploadsOf(bucket, { Prefix: 'raw/' })), ['raw/c']);
    const first = await uploadsOf(bucket, { MaxUploads: 2 });
    assert.deepEqual([keys(first), first.IsTruncated], [['a', 'b'], true]);
    const rest = await uploadsOf(bucket, { KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker });
    assert.deepEqual([keys(rest), rest.IsTruncated], [['raw/c'], false]);
  }),
  bucketCheck('upload-part-copy', 'a part may be copied from a range of an object', async (bucket) => {
    const { clients, name } = bucket;
    await bucket.put('source', '0123456789');
    const upload = await start(bucket, 'a');
    const { CopyPartResult } = await clients.s3.send(
      new UploadPartCopyCommand({
        Bucket: name,
        Key: 'a',
        UploadId: upload.id,
        PartNumber: 1,
        CopySource: `${name}/source`,
        CopySourceRange: 'bytes=2-5',
      }),
    );
    await upload.complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    assert.equal(await bucket.text('a'), '2345');
  }),
];
