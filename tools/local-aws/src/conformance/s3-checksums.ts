import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  type ChecksumAlgorithm,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  CreateMultipartUploadCommand,
} from '@aws-sdk/client-s3';
import { refused } from './refusal.js';
import { bucketCheck, type S3Check } from './s3-bucket.js';

const BODY = '123456789';
/** The check values of the algorithms' specifications, for the digits 1 to 9. */
const SUMS = {
  CRC32: Buffer.from('cbf43926', 'hex').toString('base64'),
  CRC32C: Buffer.from('e3069283', 'hex').toString('base64'),
  CRC64NVME: Buffer.from('ae8b14860a799888', 'hex').toString('base64'),
  SHA1: createHash('sha1').update(BODY).digest('base64'),
  SHA256: createHash('sha256').update(BODY).digest('base64'),
};
const WRONG_MD5 = createHash('md5').update('other').digest('base64');

const checksumChecks = (Object.keys(SUMS) as (keyof typeof SUMS)[]).map((name) =>
  bucketCheck(
    `checksum-${name.toLowerCase()}`,
    `a ${name} checksum is verified, kept and given back`,
    async ({ name: Bucket, clients, put, text }) => {
      const member = `Checksum${name}` as const;
      await put('right', BODY, { [member]: SUMS[name] });
      const got = await clients.s3.send(new HeadObjectCommand({ Bucket, Key: 'right', ChecksumMode: 'ENABLED' }));
      assert.equal(got[member], SUMS[name]);
      await refused(put('wrong', `${BODY}0`, { [member]: SUMS[name] }), 'BadDigest');
      await refused(text('wrong'), 'NoSuchKey', 404);
    },
  ),
);

export const s3ChecksumChecks: readonly S3Check[] = [
  ...checksumChecks,
  bucketCheck('content-md5', 'a body that does not match its Content-MD5 is refused with BadDigest, and nothing is stored', async ({ put, text }) => {
    await put('a', 'right', { ContentMD5: createHash('md5').update('right').digest('base64') });
    await refused(put('a', 'wrong', { ContentMD5: WRONG_MD5 }), 'BadDigest');
    assert.equal(await text('a'), 'right');
  }),
  bucketCheck('invalid-content-md5', 'a Content-MD5 that is none is refused with InvalidDigest', async ({ put }) => {
    await refused(put('a', 'x', { ContentMD5: 'bm8gTUQ1' }), 'InvalidDigest');
  }),
  bucketCheck('checksum-only-when-asked', 'the checksum comes only with checksum mode, and not with a range', async ({ name, clients, put }) => {
    await put('a', BODY, { ChecksumSHA256: SUMS.SHA256 });
    assert.equal((await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'a' }))).ChecksumSHA256, undefined);
    const part = await clients.s3.send(new GetObjectCommand({ Bucket: name, Key: 'a', Range: 'bytes=0-3', ChecksumMode: 'ENABLED' }));
    assert.equal(await part.Body?.transformToString(), '1234');
    assert.equal(part.ChecksumSHA256, undefined);
  }),
  ...(['CRC32', 'SHA256'] satisfies ChecksumAlgorithm[]).map((ChecksumAlgorithm) =>
    bucketCheck(
      `aws-chunked-${ChecksumAlgorithm.toLowerCase()}`,
      `a streamed body (aws-chunked, ${ChecksumAlgorithm} as trailer) is stored without its framing`,
      async ({ name, clients, text }) => {
        const chunks = Array.from({ length: 40 }, (_, i) => Buffer.alloc(5_000, 97 + (i % 26)));
        const whole = Buffer.concat(chunks);
        await clients.s3.send(
          new PutObjectCommand({
            Bucket: name,
            Key: 'a',
            Body: Readable.from(chunks),
            ContentLength: whole.length,
            ChecksumAlgorithm,
            ContentType: 'text/plain',
          }),
        );
        assert.equal(await text('a'), whole.toString());
        const head = await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'a', ChecksumMode: 'ENABLED' }));
        assert.deepEqual([head.ContentLength, head.ContentEncoding], [whole.length, undefined]);
        assert.ok(head[`Checksum${ChecksumAlgorithm}`]);
      },
    ),
  ),
  bucketCheck('aws-chunked-content-encoding', 'of the encodings only aws-chunked is taken away', async ({ name, clients }) => {
    await clients.s3.send(
      new PutObjectCommand({
        Bucket: name,
        Key: 'a',
        Body: Readable.from([Buffer.from('zip')]),
        ContentLength: 3,
        ContentEncoding: 'gzip',
        ChecksumAlgorithm: 'CRC32',
      }),
    );
    assert.equal((await clients.s3.send(new HeadObjectCommand({ Bucket: name, Key: 'a' }))).ContentEncoding, 'gzip');
  }),
  bucketCheck('upload-part-bad-digest', 'a part that does not match its checksum is refused with BadDigest', async ({ name, clients }) => {
    const { UploadId } = await clients.s3.send(new CreateMultipartUploadCommand({ Bucket: name, Key: 'a' }));
    const upload = new UploadPartCommand({
      Bucket: name,
      Key: 'a',
      UploadId,
      PartNumber: 1,
      Body: 'other',
      ContentMD5: createHash('md5').update('x').digest('base64'),
    });
    await refused(clients.s3.send(upload), 'BadDigest');
  }),
];
