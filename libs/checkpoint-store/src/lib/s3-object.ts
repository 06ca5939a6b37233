import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { awsErrorCode, toLoadinError } from '@loadin/aws';
import { actionOf, retry, RetryableError, type Clock } from '@loadin/resilience';

export interface StateBucket {
  readonly client: S3Client;
  readonly bucket: string;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface StoredText {
  readonly text: string;
  readonly etag: string;
}

/** `undefined` when there is no such object. S3 reads are strongly consistent. */
export async function readText({ client, bucket, clock, random }: StateBucket, key: string): Promise<StoredText | undefined> {
  const resource = `s3://${bucket}/${key}`;
  const once = async (): Promise<StoredText | undefined> => {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch((error: unknown) => {
      if (awsErrorCode(error) === 'NoSuchKey') return undefined;
      throw toLoadinError(error, { service: 'S3', operation: 'GetObject', resource });
    });
    if (!answer) return undefined;
    const text = await answer.Body?.transformToString('utf-8').catch((cause: unknown) => {
      throw new BrokenDownload('S3 GetObject: the download broke off, again and again', {
        where: resource,
        hint: 'Check the network and run it again.',
        cause,
      });
    });
    return { text: text ?? '', etag: answer.ETag ?? '' };
  };
  // The SDK repeats requests, but not a download that breaks off in the middle.
  return retry(once, { attempts: 4, clock, random, classify: (error) => ({ retry: error instanceof BrokenDownload }) });
}

class BrokenDownload extends RetryableError {}

export type WriteOutcome =
  | { readonly status: 'written'; readonly etag: string }
  /** The condition did not hold, perhaps because an earlier try of this very write succeeded and its answer was lost. */
  | { readonly status: 'refused' }
  /** No answer: it may have been written. */
  | { readonly status: 'unknown'; readonly error: Error };

/** Writes when the object still has this ETag (`null`: when there is none). */
export async function writeText({ client, bucket }: StateBucket, key: string, text: string, expected: string | null): Promise<WriteOutcome> {
  const condition = expected === null ? { IfNoneMatch: '*' } : { IfMatch: expected };
  try {
    const { ETag } = await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json', ...condition }));
    return { status: 'written', etag: ETag ?? '' };
  } catch (error) {
    if (REFUSALS.has(awsErrorCode(error) ?? '')) return { status: 'refused' };
    const failure = toLoadinError(error, { service: 'S3', operation: 'PutObject', resource: `s3://${bucket}/${key}` });
    if (actionOf(failure) === 'retry') return { status: 'unknown', error: failure };
    throw failure;
  }
}

/** 412; 409 when another conditional write was under way; 404 when `If-Match` meets an object that has been deleted. */
const REFUSALS = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);
