import { AwsError } from '../service.js';
import { checkWriteConditions } from './conditions.js';
import { readHead, versionHeader } from './head.js';
import { type Received, receiveBlob } from './receive.js';
import { emptyAnswer, type S3Handler, type S3Request } from './request.js';
import type { S3Store } from './store.js';
import type { BlobRef, ObjectVersion } from './types.js';
import { currentVersion, nextVersionId, wholeSecond } from './versions.js';

/** Keys are at most 1,024 bytes of UTF-8. */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size <= 1024) return;
  throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { Size: String(size), MaxSizeAllowed: '1024' });
}

/** Runs `work`; the blob goes away again when it fails, because then nothing refers to it. */
export async function keepingBlob<Result>(store: S3Store, blob: BlobRef, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await store.blobs.free([blob]);
    throw error;
  }
}

const putObject: S3Handler = async (request, store) => {
  checkKey(request.key);
  readHead(request.headers, store.bucket(request.bucket));
  const { blob, ...received } = await receiveBlob(request, store);
  return keepingBlob(store, blob, async () => {
    const { version, headers } = await commitPut(request, store, received, blob);
    const { name, value, type } = received.checksum;
    return emptyAnswer(200, {
      ...headers,
      ...version.encryption,
      etag: `"${version.etag}"`,
      [`x-amz-checksum-${name}`]: value,
      'x-amz-checksum-type': type,
    });
  });
};

function commitPut(
  request: S3Request,
  store: S3Store,
  received: Received,
  blob: BlobRef,
): Promise<{ version: ObjectVersion; headers: Record<string, string> }> {
  const { bucket, key, headers, now } = request;
  return store.commit(bucket, key, (state) => {
    checkWriteConditions(headers, currentVersion(state, key), key);
    const version: ObjectVersion = {
      ...readHead(headers, state),
      ...received,
      key,
      versionId: nextVersionId(state),
      modified: wholeSecond(now),
      blobs: [blob],
    };
    return { entry: { t: 'object', bucket, version }, result: { version, headers: versionHeader(version, state) } };
  });
}

export const putHandlers: Readonly<Record<string, S3Handler>> = { PutObject: putObject };
