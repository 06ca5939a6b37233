import { createHash, randomBytes } from 'node:crypto';
import { AwsError } from '../service.js';
import type { BucketState, UploadState } from './bucket-state.js';
import { checksumName, createChecksum } from './checksum.js';
import { copyRange, openCopySource } from './copy.js';
import { invalidArgument, invalidRequest, noSuchUpload } from './errors.js';
import { readHead } from './head.js';
import { checkKey, keepingBlob } from './put.js';
import { receiveBlob } from './receive.js';
import { emptyAnswer, type S3Handler, type S3Request, xmlAnswer } from './request.js';
import type { S3Store } from './store.js';
import type { ChecksumName, Upload, UploadPart } from './types.js';
import { wholeSecond } from './versions.js';
import { xmlDocument } from './xml.js';

/** The upload that the request's `uploadId` names. Throws `NoSuchUpload`, also when it is of another key. */
export function uploadOf({ query, key }: S3Request, state: BucketState): UploadState {
  const id = query.get('uploadId') ?? '';
  const found = state.uploads.get(id);
  if (found === undefined || found.upload.key !== key) throw noSuchUpload(id);
  return found;
}

const createUpload: S3Handler = async (request, store) => {
  const { bucket, key, headers, now } = request;
  checkKey(key);
  return store.commit(bucket, key, (state) => {
    const upload: Upload = {
      id: randomBytes(48).toString('base64url'),
      key,
      started: now,
      head: readHead(headers, state),
      checksum: uploadChecksum(headers),
    };
    const answer = xmlAnswer(xmlDocument('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: upload.id }), {
      ...upload.head.encryption,
      ...(upload.checksum && { 'x-amz-checksum-algorithm': upload.checksum.name.toUpperCase(), 'x-amz-checksum-type': upload.checksum.type }),
    });
    return { entry: { t: 'upload', bucket, upload }, result: answer };
  });
};

/** Which algorithm goes with which type: "Checking object integrity", Amazon S3 User Guide. */
function uploadChecksum(headers: S3Request['headers']): Upload['checksum'] {
  const algorithm = headers['x-amz-checksum-algorithm'];
  const type = headers['x-amz-checksum-type']?.toUpperCase();
  if (algorithm === undefined) {
    if (type !== undefined) throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
    return undefined;
  }
  const name = checksumName(algorithm);
  const byDefault = name === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE';
  const wanted = type ?? byDefault;
  const possible = name === 'crc64nvme' ? ['FULL_OBJECT'] : name.startsWith('sha') ? ['COMPOSITE'] : ['FULL_OBJECT', 'COMPOSITE'];
  if (!possible.includes(wanted)) throw invalidRequest(`The ${wanted} checksum type cannot be used with the ${name} checksum algorithm.`);
  return { name, type: wanted as 'FULL_OBJECT' | 'COMPOSITE' };
}

const uploadPart: S3Handler = async (request, store) => {
  const number = partNumber(request.query);
  const { upload } = uploadOf(request, store.bucket(request.bucket));
  const { blob, ...received } = await receiveBlob(request, store, upload.checksum?.name);
  return keepingBlob(store, blob, async () => {
    checkAlgorithm(upload, received.checksum.name);
    const part: UploadPart = { number, ...received, blob, modified: wholeSecond(request.now) };
    await commitPart(request, store, part);
    const { name, value } = received.checksum;
    return emptyAnswer(200, { ...upload.head.encryption, etag: `"${part.etag}"`, [`x-amz-checksum-${name}`]: value });
  });
};

const uploadPartCopy: S3Handler = async (request, store) => {
  const number = partNumber(request.query);
  const { upload } = uploadOf(request, store.bucket(request.bucket));
  const source = openCopySource(request, store);
  try {
    const { start, end } = copyRange(request.headers, source.version);
    const copied = await copyPart(store, store.blobs.read(source.version.blobs, start, end), upload.checksum?.name ?? 'crc64nvme');
    return await keepingBlob(store, copied.blob, async () => {
      const part: UploadPart = { number, modified: wholeSecond(request.now), ...copied };
      await commitPart(request, store, part);
      const result = { ETag: `"${part.etag}"`, LastModified: new Date(part.modified).toISOString() };
      return xmlAnswer(xmlDocument('CopyPartResult', { ...result, [`Checksum${copied.checksum.name.toUpperCase()}`]: copied.checksum.value }));
    });
  } finally {
    source.release();
  }
};

async function copyPart(store: S3Store, bytes: AsyncIterable<Uint8Array>, name: ChecksumName) {
  const writer = await store.blobs.create();
  try {
    const [md5, checksum] = [createHash('md5'), createChecksum(name)];
    for await (const chunk of bytes) {
      md5.update(chunk);
      checksum.update(chunk);
      await writer.write(chunk);
    }
    const blob = await writer.finish();
    const value = checksum.digest().toString('base64');
    return { blob, size: blob.size, etag: md5.digest('hex'), checksum: { name, value, type: 'FULL_OBJECT' as const } };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Throws `NoSuchUpload` when the upload was ended meanwhile. */
function commitPart(request: S3Request, store: S3Store, part: UploadPart): Promise<void> {
  const { bucket, key } = request;
  return store.commit(bucket, key, (state) => {
    const { upload } = uploadOf(request, state);
    return { entry: { t: 'part', bucket, upload: upload.id, part }, result: undefined };
  });
}

function checkAlgorithm({ checksum }: Upload, given: ChecksumName): void {
  if (checksum === undefined || checksum.name === given) return;
  throw invalidRequest(`Checksum Type mismatch occurred, expected checksum Type: ${checksum.name}, actual checksum Type: ${given}`);
}

function partNumber(query: URLSearchParams): number {
  const given = query.get('partNumber') ?? '';
  const number = Number(given);
  if (/^\d+$/.test(given) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', given);
}

const abortUpload: S3Handler = async (request, store) => {
  const { bucket, key } = request;
  return store.commit(bucket, key, (state) => {
    const { upload } = uploadOf(request, state);
    return { entry: { t: 'upload-aborted', bucket, upload: upload.id }, result: emptyAnswer(204) };
  });
};

/** A part's etag as the client writes it, with or without quotes. */
export const bareTag = (etag: string): string => etag.replace(/^"|"$/g, '');

export const tooSmall = (number: number, size: number, etag: string): AwsError =>
  new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
    ...{ PartNumber: String(number), ProposedSize: String(size), MinSizeAllowed: String(5 * 1024 * 1024), ETag: etag },
  });

export const multipartHandlers: Readonly<Record<string, S3Handler>> = {
  CreateMultipartUpload: createUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  AbortMultipartUpload: abortUpload,
};
