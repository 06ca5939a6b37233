import { createHash, type Hash } from 'node:crypto';
import { AwsError } from '../service.js';
import { type ChecksumStream, checkChecksumValue, createChecksum, declaredChecksum } from './checksum.js';
import { decodeChunked, type Trailers } from './chunked.js';
import { invalidRequest, notImplemented } from './errors.js';
import type { S3Request } from './request.js';
import type { S3Store } from './store.js';
import type { BlobRef, ChecksumName, StoredChecksum } from './types.js';

/** A body that came whole and matches everything that the request says about it. */
export interface Received {
  readonly size: number;
  /** MD5 in hex. */
  readonly etag: string;
  readonly checksum: StoredChecksum;
}

/** A single part or object holds at most 5 GiB. */
const MAX_BYTES = 5 * 1024 ** 3;
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/**
 * Streams the body into a new blob. On any error nothing stays behind.
 * `defaultChecksum` is computed when the request has none of its own: S3 does so with CRC-64/NVME.
 */
export async function receiveBlob(
  request: S3Request,
  store: S3Store,
  defaultChecksum: ChecksumName = 'crc64nvme',
): Promise<Received & { blob: BlobRef }> {
  const writer = await store.blobs.create();
  try {
    const received = await receive(request, (bytes) => writer.write(bytes), MAX_BYTES, defaultChecksum);
    return { ...received, blob: await writer.finish() };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Reads an XML or JSON document. Throws `MissingContentMD5`-like errors when an integrity check that S3 requires is absent. */
export async function receiveDocument(request: S3Request, needsChecksum = false): Promise<string> {
  const { headers } = request;
  if (needsChecksum && headers['content-md5'] === undefined && declaredChecksum(headers) === undefined) {
    throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }
  const chunks: Uint8Array[] = [];
  await receive(request, async (bytes) => void chunks.push(bytes), MAX_DOCUMENT_BYTES, 'crc32');
  return Buffer.concat(chunks).toString('utf8');
}

async function receive(request: S3Request, write: (bytes: Uint8Array) => Promise<void>, limit: number, fallback: ChecksumName): Promise<Received> {
  const { headers } = request;
  const declared = declaredChecksum(headers);
  const trailers: Trailers = {};
  const md5 = createHash('md5');
  const sha256 = /^[0-9a-f]{64}$/.test(headers['x-amz-content-sha256'] ?? '') ? createHash('sha256') : undefined;
  const checksum = createChecksum(declared?.name ?? fallback);
  let size = 0;
  for await (const bytes of bodyOf(request, trailers)) {
    size += bytes.length;
    if (size > limit) throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400);
    for (const digest of [md5, sha256, checksum]) digest?.update(bytes);
    await write(bytes);
  }
  checkLength(headers, size);
  checkSha256(headers, sha256);
  const etag = md5.digest();
  checkMd5(headers['content-md5'], etag);
  const value = checkChecksum(declared, trailers, checksum);
  return { size, etag: etag.toString('hex'), checksum: { name: declared?.name ?? fallback, value, type: 'FULL_OBJECT' } };
}

function bodyOf({ incoming, headers, signing }: S3Request, trailers: Trailers): AsyncIterable<Buffer> {
  // The connection stays usable for the answer when reading ends early with an error.
  const source =
    incoming.early === undefined ? (incoming.request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) : inOne(incoming.early);
  const mode = headers['x-amz-content-sha256'] ?? '';
  if (headers['transfer-encoding'] !== undefined && headers['x-amz-decoded-content-length'] === undefined) {
    throw notImplemented('Transfer-Encoding', { Header: 'Transfer-Encoding' });
  }
  const chunked = mode.startsWith('STREAMING-') || (headers['content-encoding'] ?? '').split(/\s*,\s*/).includes('aws-chunked');
  if (!chunked) return source;
  return decodeChunked(source, trailers, mode.startsWith('STREAMING-AWS4-HMAC-SHA256') ? signing : undefined);
}

async function* inOne(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function checkLength(headers: S3Request['headers'], size: number): void {
  const expected = headers['x-amz-decoded-content-length'];
  if (expected !== undefined && Number(expected) !== size) {
    throw new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header', 400);
  }
}

function checkSha256(headers: S3Request['headers'], sha256: Hash | undefined): void {
  if (sha256 === undefined || sha256.digest('hex') === headers['x-amz-content-sha256']) return;
  throw new AwsError('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.", 400);
}

function checkMd5(header: string | undefined, md5: Buffer): void {
  if (header === undefined) return;
  const given = Buffer.from(header, 'base64');
  if (given.length !== 16) throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400);
  if (!given.equals(md5)) throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400);
}

function checkChecksum(declared: ReturnType<typeof declaredChecksum>, trailers: Trailers, computed: ChecksumStream): string {
  const value = computed.digest().toString('base64');
  if (declared === undefined) return value;
  const given = declared.value ?? trailers[`x-amz-checksum-${declared.name}`];
  if (given === undefined) throw new AwsError('MalformedTrailerError', 'The request contained trailing data that was not well-formed.', 400);
  checkChecksumValue(declared.name, given);
  if (given === value) return value;
  throw new AwsError('BadDigest', `The ${declared.name.toUpperCase()} you specified did not match the calculated checksum.`, 400);
}
