import type { Readable } from 'node:stream';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { awsErrorCode, toLoadinError } from '@loadin/aws';
import { LoadinError, retry, RetryableError, StopError } from '@loadin/resilience';
import type { CallContext } from '../uploads/s3-calls.js';

/** Whole reads, the first included: the SDK repeats requests, and not a download that breaks off. */
const READ_ATTEMPTS = 4;

class BrokenDownload extends RetryableError {}

/**
 * Reads an object with `take`, which may be begun anew when the download breaks off. `missing`: it is not there · `damaged`: what S3 gives does not have
 * the checksum that S3 has for it, however often it is read.
 */
export async function readObject<Result>(
  context: CallContext,
  key: string,
  take: (body: Readable, contentLength: number) => Promise<Result>,
): Promise<Result | 'missing' | 'damaged'> {
  const { client, bucket, clock, random, signal } = context;
  const where = `s3://${bucket}/${key}`;
  let damaged = 0;
  const read = async (): Promise<Result | 'missing'> => {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal }).catch((error: unknown) => {
      if (awsErrorCode(error) === 'NoSuchKey') return undefined;
      throw toLoadinError(error, { service: 'S3', operation: 'GetObject', resource: where });
    });
    if (answer === undefined) return 'missing';
    const body = answer.Body as Readable;
    try {
      return await take(body, answer.ContentLength ?? 0);
    } catch (cause) {
      body.destroy();
      if (signal.aborted) throw cause;
      if (/checksum mismatch/i.test(String(cause))) damaged += 1;
      throw new BrokenDownload('S3 GetObject: the download broke off, again and again', {
        where,
        hint: 'Check the network and run it again.',
        cause,
      });
    }
  };
  try {
    const classify = (error: unknown) => ({ retry: error instanceof BrokenDownload });
    return await retry(read, { attempts: READ_ATTEMPTS, clock, random, signal, classify });
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    if (damaged === READ_ATTEMPTS) return 'damaged';
    throw error;
  }
}

/** All keys under a prefix. */
export async function* keysUnder({ client, bucket, signal }: CallContext, prefix: string): AsyncGenerator<string> {
  try {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }, { abortSignal: signal }))
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    throw toLoadinError(error, { service: 'S3', operation: 'ListObjectsV2', resource: `s3://${bucket}/${prefix}` });
  }
}

const cancelled = ({ reason }: AbortSignal): LoadinError =>
  reason instanceof LoadinError ? reason : new StopError('S3: cancelled', { reason: 'cancelled', cause: reason });
