import type { Answer } from '../gateway/answer.js';
import { AwsError } from '../service.js';
import type { BucketState } from './bucket-state.js';
import { checkReadConditions } from './conditions.js';
import { invalidArgument, invalidRequest } from './errors.js';
import { answerHeaders, versionHeader } from './head.js';
import { emptyAnswer, type S3Handler, type S3Request, xmlAnswer } from './request.js';
import type { S3Store } from './store.js';
import type { ObjectVersion } from './types.js';
import { readableVersion } from './versions.js';
import { xmlDocument } from './xml.js';

/** A part of an object's bytes, both ends inclusive. */
interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const OVERRIDES = ['content-type', 'content-language', 'expires', 'cache-control', 'content-disposition', 'content-encoding'];

const getObject: S3Handler = async (request, store) => {
  const { bucket, key, query } = request;
  const state = store.bucket(bucket);
  const version = readableVersion(state, key, query.get('versionId'));
  if (checkReadConditions(request.headers, version)) return notModified(version, state);
  const { status, range, headers } = describe(request, version, state);
  if (range === undefined) return { status, headers };
  const release = store.blobs.retain(version.blobs);
  return { status, headers, release, body: store.blobs.read(version.blobs, range.start, range.end) };
};

const headObject: S3Handler = async (request, store) => {
  const state = store.bucket(request.bucket);
  const version = readableVersion(state, request.key, request.query.get('versionId'));
  if (checkReadConditions(request.headers, version)) return notModified(version, state);
  const { status, headers } = describe(request, version, state);
  return { status, headers };
};

function notModified(version: ObjectVersion, bucket: BucketState): Answer {
  const { etag, 'last-modified': modified, 'x-amz-version-id': versionId } = answerHeaders(version, bucket);
  return emptyAnswer(304, { etag: etag as string, 'last-modified': modified as string, ...(versionId && { 'x-amz-version-id': versionId }) });
}

/** Status, headers and bytes of a GET; `range` is undefined when there are no bytes. */
function describe(
  request: S3Request,
  version: ObjectVersion,
  state: BucketState,
): { status: number; headers: Record<string, string>; range?: ByteRange } {
  const { query } = request;
  const headers = answerHeaders(version, state);
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value !== null) headers[name] = value;
  }
  const part = partRange(query, version);
  const asked = part ?? parseRange(request.headers.range, version.size);
  if (part !== undefined && version.parts !== undefined) headers['x-amz-mp-parts-count'] = String(version.parts.length);
  const whole: ByteRange | undefined = version.size === 0 ? undefined : { start: 0, end: version.size - 1 };
  const range = asked ?? whole;
  headers['content-length'] = String(range === undefined ? 0 : range.end - range.start + 1);
  if (asked !== undefined) headers['content-range'] = `bytes ${asked.start}-${asked.end}/${version.size}`;
  // The checksum is of the whole object: with a range it would only be compared with the wrong bytes.
  else if (request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED') Object.assign(headers, checksumHeaders(version));
  return { status: asked === undefined ? 200 : 206, headers, range };
}

export function checksumHeaders({ checksum }: ObjectVersion): Record<string, string> {
  return checksum === undefined ? {} : { [`x-amz-checksum-${checksum.name}`]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** `?partNumber=`: the bytes that were that part of the multipart upload. */
function partRange(query: URLSearchParams, version: ObjectVersion): ByteRange | undefined {
  const asked = query.get('partNumber');
  if (asked === null) return undefined;
  const number = Number(asked);
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', asked);
  let start = 0;
  for (const [index, part] of (version.parts ?? [{ number: 1, size: version.size }]).entries()) {
    if (index + 1 === number) return { start, end: start + part.size - 1 };
    start += part.size;
  }
  throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416);
}

/** `bytes=a-b`, `bytes=a-`, `bytes=-n`. What is not one range of bytes is ignored, as RFC 9110 says. Throws `InvalidRange`. */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const [first, last] = [match[1], match[2]].map((digits) => (digits === '' ? undefined : Number(digits)));
  if (first !== undefined && last !== undefined && last < first) return undefined;
  const start = first ?? Math.max(size - (last as number), 0);
  const end = first === undefined ? size - 1 : Math.min(last ?? size - 1, size - 1);
  if (start >= size || start > end) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      ActualObjectSize: String(size),
      RangeRequested: header as string,
    });
  }
  return { start, end };
}

/** GetObjectAttributes: only what `x-amz-object-attributes` asks for. */
const getObjectAttributes: S3Handler = async (request, store: S3Store) => {
  const state = store.bucket(request.bucket);
  const version = readableVersion(state, request.key, request.query.get('versionId'));
  const asked = (request.headers['x-amz-object-attributes'] ?? '').split(/\s*,\s*/).filter((name) => name !== '');
  if (asked.length === 0)
    throw invalidRequest('The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty');
  const { checksum, parts } = version;
  const all = {
    ETag: version.etag,
    Checksum: checksum && { [`Checksum${checksum.name.toUpperCase()}`]: checksum.value.replace(/-\d+$/, ''), ChecksumType: checksum.type },
    ObjectParts: parts && { PartsCount: parts.length },
    StorageClass: version.storageClass ?? 'STANDARD',
    ObjectSize: version.size,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([name, value]) => asked.includes(name) && value !== undefined));
  return xmlAnswer(xmlDocument('GetObjectAttributesResponse', given), {
    'last-modified': new Date(version.modified).toUTCString(),
    ...versionHeader(version, state),
  });
};

export const getHandlers: Readonly<Record<string, S3Handler>> = {
  GetObject: getObject,
  HeadObject: headObject,
  GetObjectAttributes: getObjectAttributes,
};
