import { promisify } from 'node:util';
import { gunzip as gunzipWithCallback } from 'node:zlib';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { awsErrorCode, toLoadinError } from '@loadin/aws';
import { FatalError, RetryableError } from '@loadin/resilience';

export interface ExpectedObject {
  readonly bucket: string;
  readonly key: string;
  /** Before compression. */
  readonly content: Buffer;
  /** Of the body as it was sent, lower-case hex. */
  readonly md5: string;
  readonly gzip: boolean;
  readonly signal: AbortSignal;
}

const decompress = promisify(gunzipWithCallback);

/**
 * Makes sure that the object that is there holds what would have been written. Its ETag is the MD5 of the bytes when the bucket encrypts
 * with S3's own keys, and proves it without a download; with KMS keys, or when another zlib compressed the same content to other bytes,
 * the content itself is compared. Metadata is never taken as proof. Throws `FatalError` when it holds something else.
 */
export async function confirmSameContent(client: S3Client, expected: ExpectedObject): Promise<void> {
  const { bucket, key, content, md5, gzip, signal } = expected;
  const uri = `s3://${bucket}/${key}`;
  const call = async <Answer>(operation: string, send: () => Promise<Answer>): Promise<Answer> =>
    send().catch((error: unknown) => {
      if (!['NotFound', 'NoSuchKey'].includes(awsErrorCode(error) ?? '')) throw toLoadinError(error, { service: 'S3', operation, resource: uri });
      throw new RetryableError('The raw object disappeared while it was compared', { where: uri, hint: 'Run it again.', cause: error });
    });

  const head = await call('HeadObject', () => client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal }));
  if (head.ETag?.replaceAll('"', '') === md5) return;
  const stored = await call('GetObject', async () => {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
    return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  });
  const storedContent = gzip ? await decompress(stored).catch(() => stored) : stored;
  if (storedContent.equals(content)) return;
  const writer = head.Metadata?.['run-id'];
  throw new FatalError(
    `The raw object of this batch is already there with other content (${stored.byteLength} bytes${writer === undefined ? '' : `, written by run ${writer}`})`,
    { where: uri, hint: 'Nothing was changed. If the object there is wrong, move it away and run this again; otherwise start a new run.' },
  );
}
