import { createHash } from 'node:crypto';
import { AbortMultipartUploadCommand, CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { awsErrorCode } from '@loadin/aws';
import { inSpan } from '@loadin/observability';
import { FatalError, RetryableError, StopError } from '@loadin/resilience';
import type { SettingsInput } from '../write-settings.js';
import { compositeSha256 } from './commit-record.js';
import { createPartBuffer } from './part-buffer.js';
import { MAX_PARTS, partSizes, type PartSizes } from './part-sizes.js';
import { call, type CallContext } from './s3-calls.js';
import type { Slots } from './slots.js';
import type { ObjectOptions, RecordedObject, RecordedPart } from './types.js';
import { untilAborted } from './until-aborted.js';

export interface UploadContext extends CallContext {
  readonly partBytes: number;
  /** Of the whole attempt. */
  readonly slots: Slots;
  readonly settings: SettingsInput;
  /** User metadata of all its objects. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Is told of an upload that could not be aborted. */
  onLeftBehind(upload: UploadName): void;
}

export interface UploadName {
  readonly key: string;
  readonly uploadId: string;
}

export type Body = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Uploads all parts of one object and leaves it pending. On any error its upload is aborted, once no part is on its way any more. */
export async function uploadObject(context: UploadContext, key: string, body: Body, options: ObjectOptions): Promise<RecordedObject> {
  return inSpan('loadin.object', { 'loadin.object': `s3://${context.bucket}/${key}` }, async (span) => {
    const object = await upload(context, key, body, options);
    span.set({ 'loadin.bytes': object.bytes, 'loadin.parts': object.parts.length });
    return object;
  });
}

async function upload(context: UploadContext, key: string, body: Body, options: ObjectOptions): Promise<RecordedObject> {
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const inner = { ...context, signal };
  const sending: Promise<RecordedPart>[] = [];
  let upload: UploadName | undefined;
  try {
    const sizes = partSizes(context.partBytes, options.expectedBytes);
    for await (const bytes of cut(body, sizes, { signal, where: `s3://${context.bucket}/${key}` })) {
      upload ??= { key, uploadId: await createUpload(inner, key, options) };
      const giveBack = await context.slots.take(signal);
      const part = sendPart(inner, upload, sending.length + 1, bytes).finally(giveBack);
      // The other parts end at once, and the body is asked for no more.
      part.catch((error: unknown) => failure.abort(error));
      sending.push(part);
    }
    return recorded(upload as UploadName, await Promise.all(sending), options);
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(sending);
    if (upload !== undefined && !(await abortUpload(context, upload))) context.onLeftBehind(upload);
    throw error;
  }
}

function recorded({ key, uploadId }: UploadName, parts: readonly RecordedPart[], { describe }: ObjectOptions): RecordedObject {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  return { key, upload_id: uploadId, bytes, checksum: compositeSha256(parts), parts, ...(describe && { details: describe() }) };
}

/** The body in parts: all but the last have their full size. One without any bytes has one empty part, as S3 completes no upload without. */
async function* cut(body: Body, sizes: PartSizes, { signal, where }: { signal: AbortSignal; where: string }): AsyncGenerator<Uint8Array> {
  let [number, buffer] = [1, createPartBuffer(sizes.of(1))];
  for await (const bytes of untilAborted(body, signal)) {
    signal.throwIfAborted();
    for (let at = 0; at < bytes.byteLength;) {
      if (buffer.full) {
        yield buffer.finish();
        number += 1;
        if (number > MAX_PARTS) throw new FatalError('The object is larger than 10,000 parts', { where, hint: 'Write more and smaller objects.' });
        // An object that has filled one part fills more: no growing, which leaves garbage of a part's size.
        buffer = createPartBuffer(sizes.of(number), sizes.of(number));
      }
      at += buffer.take(bytes.subarray(at));
    }
  }
  signal.throwIfAborted();
  yield buffer.finish();
}

async function createUpload(context: UploadContext, key: string, { contentType, metadata }: ObjectOptions): Promise<string> {
  const input = {
    Bucket: context.bucket,
    Key: key,
    ContentType: contentType ?? 'application/octet-stream',
    Metadata: { ...metadata, ...context.metadata },
    ChecksumAlgorithm: 'SHA256' as const,
    ...context.settings,
  };
  const { UploadId } = await call(context, { operation: 'CreateMultipartUpload', key }, (options) =>
    context.client.send(new CreateMultipartUploadCommand(input), options),
  );
  if (UploadId !== undefined) return UploadId;
  throw new RetryableError('S3 CreateMultipartUpload: the answer names no upload', { where: `s3://${context.bucket}/${key}`, hint: 'Run it again.' });
}

/** S3 verifies the checksum before it takes the part. */
async function sendPart(context: UploadContext, { key, uploadId }: UploadName, number: number, bytes: Uint8Array): Promise<RecordedPart> {
  const sha256 = createHash('sha256').update(bytes).digest('base64');
  const where = `s3://${context.bucket}/${key}`;
  const input = {
    Bucket: context.bucket,
    Key: key,
    UploadId: uploadId,
    PartNumber: number,
    Body: bytes,
    ContentLength: bytes.byteLength,
    ChecksumSHA256: sha256,
  };
  const { ETag } = await call(
    context,
    { operation: 'UploadPart', key },
    (options) => context.client.send(new UploadPartCommand(input), options),
    async (error) => {
      if (awsErrorCode(error) !== 'NoSuchUpload') return undefined;
      throw new StopError('S3 UploadPart: the upload was aborted by somebody else (NoSuchUpload)', {
        reason: 'lease',
        where,
        hint: 'Another attempt has probably committed this output: run it again, and it is completed from there.',
        cause: error,
      });
    },
  );
  if (ETag === undefined) throw new RetryableError('S3 UploadPart: the answer has no ETag', { where, hint: 'Run it again.' });
  context.meter.add('bytes_written', bytes.byteLength);
  return { etag: ETag, bytes: bytes.byteLength, sha256 };
}

/** Thousands of uploads are given up in seconds, and S3 isn't flooded. */
export const ABORTS_IN_FLIGHT = 8;

/** `false`: it could not be aborted and is left to the bucket's lifecycle rule; that is logged. Works on when the run was cancelled. */
export async function abortUpload(context: CallContext, { key, uploadId }: UploadName): Promise<boolean> {
  const { client, bucket, logger } = context;
  const input = { Bucket: bucket, Key: key, UploadId: uploadId };
  try {
    await call(
      { ...context, signal: new AbortController().signal },
      { operation: 'AbortMultipartUpload', key },
      (options) => client.send(new AbortMultipartUploadCommand(input), options),
      // Aborted before, and the answer was lost.
      async (error) => (awsErrorCode(error) === 'NoSuchUpload' ? { $metadata: {} } : undefined),
    );
    return true;
  } catch (error) {
    logger.warn('An upload could not be aborted; S3 removes it when the lifecycle rule of the bucket says so', {
      object: `s3://${bucket}/${key}`,
      upload_id: uploadId,
      error: error instanceof Error ? error.message : String(error),
    });
    return false;
  }
}
