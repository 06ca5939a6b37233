import { createHash } from 'node:crypto';
import { AwsError } from '../service.js';
import { checksumName, createChecksum } from './checksum.js';
import type { BucketState } from './bucket-state.js';
import { checkReadConditions, checkWriteConditions } from './conditions.js';
import { invalidArgument, invalidRequest, preconditionFailed } from './errors.js';
import { parseRange } from './get.js';
import { readHead, versionHeader } from './head.js';
import { checkKey } from './put.js';
import { type S3Handler, type S3Request, xmlAnswer } from './request.js';
import type { S3Store } from './store.js';
import type { BlobRef, ObjectHead, ObjectVersion, StoredChecksum } from './types.js';
import { currentVersion, nextVersionId, readableVersion, wholeSecond } from './versions.js';
import { xmlDocument } from './xml.js';

export interface CopySource {
  readonly state: BucketState;
  readonly version: ObjectVersion;
  /** Lets the source's bytes go. */
  release(): void;
}

/** The version that `x-amz-copy-source` names; its conditions hold. Call `release` when the bytes are copied. */
export function openCopySource({ headers }: S3Request, store: S3Store): CopySource {
  const header = headers['x-amz-copy-source'] ?? '';
  const [path = '', versionQuery] = header.split('?versionId=');
  const decoded = decode(path, header).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1) throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', header);
  const state = store.bucket(decoded.slice(0, slash));
  const version = readableVersion(state, decoded.slice(slash + 1), versionQuery ?? null);
  if (checkReadConditions(headers, version, 'x-amz-copy-source-')) throw preconditionFailed('x-amz-copy-source-If-None-Match');
  return { state, version, release: store.blobs.retain(version.blobs) };
}

function decode(path: string, header: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey', 'x-amz-copy-source', header);
  }
}

const copyObject: S3Handler = async (request, store) => {
  checkKey(request.key);
  store.bucket(request.bucket);
  const source = openCopySource(request, store);
  try {
    refuseNoChange(request, source);
    const bytes = await copyBytes(request, store, source.version);
    try {
      return await commitCopy(request, store, source, bytes);
    } catch (error) {
      await store.blobs.free(bytes.blobs);
      throw error;
    }
  } finally {
    source.release();
  }
};

interface CopiedBytes {
  readonly blobs: readonly BlobRef[];
  readonly etag: string;
  readonly checksum?: StoredChecksum;
}

/** The copy is one object of its own: a multipart source loses its parts and gets a plain MD5 as ETag. */
async function copyBytes({ headers }: S3Request, store: S3Store, source: ObjectVersion): Promise<CopiedBytes> {
  const algorithm = headers['x-amz-checksum-algorithm'];
  const name = algorithm === undefined ? (source.checksum?.name ?? 'crc64nvme') : checksumName(algorithm);
  const asItIs = source.parts === undefined && source.checksum?.name === name;
  const blobs = await copyBlobs(store, source.blobs);
  if (asItIs) return { blobs, etag: source.etag, checksum: source.checksum };
  const [md5, checksum] = [createHash('md5'), createChecksum(name)];
  for await (const bytes of store.blobs.read(source.blobs, 0, source.size - 1)) {
    md5.update(bytes);
    checksum.update(bytes);
  }
  return { blobs, etag: md5.digest('hex'), checksum: { name, value: checksum.digest().toString('base64'), type: 'FULL_OBJECT' } };
}

async function copyBlobs(store: S3Store, blobs: readonly BlobRef[]): Promise<BlobRef[]> {
  const copied: BlobRef[] = [];
  try {
    for (const blob of blobs) copied.push(await store.blobs.copy(blob));
    return copied;
  } catch (error) {
    await store.blobs.free(copied);
    throw error;
  }
}

function commitCopy(request: S3Request, store: S3Store, source: CopySource, bytes: CopiedBytes) {
  const { bucket, key, headers, now } = request;
  return store.commit(bucket, key, (state) => {
    checkWriteConditions(headers, currentVersion(state, key), key);
    const version: ObjectVersion = {
      ...copiedHead(request, source.version, state),
      ...bytes,
      key,
      versionId: nextVersionId(state),
      modified: wholeSecond(now),
      size: source.version.size,
    };
    const result = xmlDocument('CopyObjectResult', {
      ETag: `"${version.etag}"`,
      LastModified: new Date(version.modified).toISOString(),
      ChecksumType: bytes.checksum?.type,
      ...(bytes.checksum && { [`Checksum${bytes.checksum.name.toUpperCase()}`]: bytes.checksum.value }),
    });
    const answer = xmlAnswer(result, {
      ...version.encryption,
      ...versionHeader(version, state),
      ...(source.state.settings.has('versioning') && { 'x-amz-copy-source-version-id': source.version.versionId }),
    });
    return { entry: { t: 'object', bucket, version }, result: answer };
  });
}

/** Metadata and tags come from the source unless their directive says REPLACE; storage class and encryption come from the request. */
function copiedHead({ headers }: S3Request, source: ObjectVersion, state: BucketState): ObjectHead {
  const asked = readHead(headers, state);
  const replaceMetadata = directive(headers, 'x-amz-metadata-directive');
  return {
    ...asked,
    ...(!replaceMetadata && { headers: source.headers ?? {}, metadata: source.metadata ?? {} }),
    tags: directive(headers, 'x-amz-tagging-directive') ? asked.tags : (source.tags ?? {}),
  };
}

function directive(headers: S3Request['headers'], name: string): boolean {
  const value = headers[name] ?? 'COPY';
  if (value !== 'COPY' && value !== 'REPLACE') throw invalidArgument(`Unknown ${name}`, name, value);
  return value === 'REPLACE';
}

/** "This copy request is illegal because it is trying to copy an object to itself without changing…" */
function refuseNoChange({ bucket, key, headers }: S3Request, { state, version }: CopySource): void {
  const self = state.name === bucket && version.key === key && currentVersion(state, key) === version;
  const changes = ['x-amz-storage-class', 'x-amz-server-side-encryption', 'x-amz-website-redirect-location'].some(
    (name) => headers[name] !== undefined,
  );
  if (!self || changes || directive(headers, 'x-amz-metadata-directive')) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** The bytes of an `UploadPartCopy`: the whole source, or `x-amz-copy-source-range`. Throws `InvalidArgument`, `InvalidRange`. */
export function copyRange(headers: S3Request['headers'], version: ObjectVersion): { start: number; end: number } {
  const header = headers['x-amz-copy-source-range'];
  if (header === undefined) return { start: 0, end: version.size - 1 };
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const range = match === null ? undefined : parseRange(header, version.size);
  if (range === undefined) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    );
  }
  if (Number(match?.[2]) >= version.size) {
    throw new AwsError('InvalidArgument', `Range specified is not valid for source object of size: ${version.size}`, 400);
  }
  return range;
}

export const copyHandlers: Readonly<Record<string, S3Handler>> = { CopyObject: copyObject };
