import { AwsError } from '../service.js';
import type { BucketState } from './bucket-state.js';
import { invalidArgument } from './errors.js';
import type { ObjectHead, ObjectVersion } from './types.js';
import { list, parseXml, text } from './xml.js';

type Headers = Readonly<Record<string, string | undefined>>;

/** Headers that S3 keeps with an object and gives back as they were. */
const KEPT = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
];

/** User metadata: at most 2 KB of names and values. */
const MAX_METADATA_BYTES = 2048;

const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];

/** What the headers of a write say about the object. Throws `MetadataTooLarge`, `InvalidTag`, `InvalidStorageClass`. */
export function readHead(headers: Headers, bucket: BucketState): ObjectHead {
  return {
    headers: keptHeaders(headers),
    metadata: metadataOf(headers),
    tags: parseTagHeader(headers['x-amz-tagging'] ?? ''),
    storageClass: storageClassOf(headers),
    encryption: encryptionOf(headers, bucket),
  };
}

function keptHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of KEPT) {
    const value = headers[name];
    if (value !== undefined && value !== '') kept[name] = value;
  }
  // `aws-chunked` is how the body travelled, not what it is.
  const encoding = (kept['content-encoding'] ?? '').split(/\s*,\s*/).filter((one) => one !== '' && one !== 'aws-chunked');
  delete kept['content-encoding'];
  return encoding.length === 0 ? kept : { ...kept, 'content-encoding': encoding.join(',') };
}

function metadataOf(headers: Headers): Record<string, string> {
  const prefix = 'x-amz-meta-';
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(prefix) && value !== undefined) metadata[name.slice(prefix.length)] = value;
  }
  const size = Object.entries(metadata).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size > MAX_METADATA_BYTES) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
      Size: String(size),
      MaxSizeAllowed: String(MAX_METADATA_BYTES),
    });
  }
  return metadata;
}

function parseTagHeader(header: string): Record<string, string> {
  const pairs = [...new URLSearchParams(header)];
  if (new Set(pairs.map(([key]) => key)).size < pairs.length)
    throw invalidArgument('Cannot provide multiple Tags with the same key', 'x-amz-tagging', header);
  checkTagCount(pairs.length);
  return Object.fromEntries(pairs);
}

/** An object has at most 10 tags. */
export function checkTagCount(count: number): void {
  if (count > 10) throw new AwsError('BadRequest', 'Object tags cannot be greater than 10', 400);
}

function storageClassOf(headers: Headers): string | undefined {
  const given = headers['x-amz-storage-class'];
  if (given !== undefined && !STORAGE_CLASSES.includes(given)) {
    throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid', 400, { StorageClassRequested: given });
  }
  return given === 'STANDARD' ? undefined : given;
}

/** What the write asks for, or else what the bucket does by default, as headers of the answers. */
function encryptionOf(headers: Headers, bucket: BucketState): Record<string, string> {
  if (headers['x-amz-server-side-encryption'] !== undefined) {
    const names = ['', '-aws-kms-key-id', '-bucket-key-enabled'].map((end) => `x-amz-server-side-encryption${end}`);
    return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
  }
  const document = bucket.settings.get('encryption');
  if (document === undefined) return { 'x-amz-server-side-encryption': 'AES256' };
  if (lastDefault?.document !== document) lastDefault = { document, headers: defaultEncryption(document) };
  return lastDefault.headers;
}

/** Every write asks, nearly always about the same document. */
let lastDefault: { readonly document: string; readonly headers: Record<string, string> } | undefined;

function defaultEncryption(document: string): Record<string, string> {
  const [rule] = list(parseXml(document, 'ServerSideEncryptionConfiguration'), 'Rule');
  const [byDefault] = list(rule, 'ApplyServerSideEncryptionByDefault');
  const keyId = text(byDefault, 'KMSMasterKeyID');
  return {
    'x-amz-server-side-encryption': text(byDefault, 'SSEAlgorithm') ?? 'AES256',
    ...(keyId !== undefined && { 'x-amz-server-side-encryption-aws-kms-key-id': keyId }),
    ...(text(rule, 'BucketKeyEnabled') === 'true' && { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' }),
  };
}

/** The headers with which GET and HEAD describe a version, without its length. */
export function answerHeaders(version: ObjectVersion, bucket: BucketState): Record<string, string> {
  const tagCount = Object.keys(version.tags ?? {}).length;
  return {
    ...version.headers,
    ...Object.fromEntries(Object.entries(version.metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    ...version.encryption,
    ...(version.storageClass !== undefined && { 'x-amz-storage-class': version.storageClass }),
    ...(tagCount > 0 && { 'x-amz-tagging-count': String(tagCount) }),
    ...versionHeader(version, bucket),
    'accept-ranges': 'bytes',
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modified).toUTCString(),
  };
}

/** A bucket that never had versioning does not speak of versions. */
export function versionHeader(version: Pick<ObjectVersion, 'versionId'>, bucket: BucketState): Record<string, string> {
  return bucket.settings.has('versioning') ? { 'x-amz-version-id': version.versionId } : {};
}
