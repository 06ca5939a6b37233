import { ownerOf } from './bucket.js';
import type { BucketState } from './bucket-state.js';
import { invalidArgument } from './errors.js';
import { keysOf, type ListItem, listKeys, type ListOptions, prefixesOf, readEncoding, readLimit, takePage } from './listing.js';
import { type S3Handler, type S3Request, xmlAnswer } from './request.js';
import { currentVersion } from './versions.js';
import { xmlDocument, type XmlValue } from './xml.js';

const listObjectsV2: S3Handler = async (request, store) => {
  const { bucket, query } = request;
  const state = store.bucket(bucket);
  const encode = readEncoding(query);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const after = token !== null ? decodeToken(token) : startAfter ? { key: startAfter } : undefined;
  const { limit, page, next, common } = readPage(request, state, after);
  const fields: Record<string, XmlValue> = {
    ...common(encode),
    KeyCount: page.length,
    IsTruncated: next !== undefined,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: next && encodeToken(next),
    StartAfter: startAfter === null ? undefined : encode(startAfter),
    MaxKeys: limit,
    Contents: contents(state, page, encode, query.get('fetch-owner') === 'true' ? request.accountId : undefined),
    CommonPrefixes: prefixesOf(page, encode),
  };
  return xmlAnswer(xmlDocument('ListBucketResult', fields));
};

const listObjects: S3Handler = async (request, store) => {
  const { bucket, query } = request;
  const state = store.bucket(bucket);
  const encode = readEncoding(query);
  const marker = query.get('marker') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  // The next marker of a page that ended with a common prefix is that prefix.
  const isPrefix = delimiter !== '' && marker.endsWith(delimiter);
  const { limit, page, next, common } = readPage(request, state, marker === '' ? undefined : isPrefix ? { prefix: marker } : { key: marker });
  const nextMarker = next && ('key' in next ? next.key : next.prefix);
  const fields: Record<string, XmlValue> = {
    ...common(encode),
    Marker: encode(marker),
    // Without a delimiter the last key of the page is the next marker (ListObjects, API Reference).
    NextMarker: delimiter === '' || nextMarker === undefined ? undefined : encode(nextMarker),
    MaxKeys: limit,
    IsTruncated: next !== undefined,
    Contents: contents(state, page, encode, request.accountId),
    CommonPrefixes: prefixesOf(page, encode),
  };
  return xmlAnswer(xmlDocument('ListBucketResult', fields));
};

interface Page {
  readonly limit: number;
  readonly page: ListItem[];
  readonly next?: ListItem;
  common(encode: (text: string) => string): Record<string, XmlValue>;
}

function readPage({ bucket, query }: S3Request, state: BucketState, after: ListOptions['after']): Page {
  const limit = readLimit(query, 'max-keys');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  return {
    limit,
    // A key whose latest version is a delete marker is not listed.
    ...takePage(listKeys(state.keys, { prefix, delimiter, after, hidden: (key) => currentVersion(state, key) === undefined }), limit),
    common: (encode) => ({
      Name: bucket,
      Prefix: encode(prefix),
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
    }),
  };
}

function contents(state: BucketState, page: readonly ListItem[], encode: (text: string) => string, ownerAccount: string | undefined): XmlValue[] {
  return keysOf(page).flatMap((key) => {
    const version = currentVersion(state, key);
    if (version === undefined) return [];
    return [
      {
        Key: encode(key),
        LastModified: new Date(version.modified).toISOString(),
        ETag: `"${version.etag}"`,
        ChecksumAlgorithm: version.checksum?.name.toUpperCase(),
        ChecksumType: version.checksum?.type,
        Size: version.size,
        Owner: ownerAccount === undefined ? undefined : ownerOf(ownerAccount),
        StorageClass: version.storageClass ?? 'STANDARD',
      },
    ];
  });
}

const encodeToken = (item: ListItem): string => Buffer.from(JSON.stringify(item)).toString('base64url');

function decodeToken(token: string): ListItem {
  try {
    const item = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Partial<Record<'key' | 'prefix', unknown>>;
    if (typeof item.key === 'string') return { key: item.key };
    if (typeof item.prefix === 'string') return { prefix: item.prefix };
  } catch {
    // Answered below.
  }
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}

export const listHandlers: Readonly<Record<string, S3Handler>> = { ListObjects: listObjects, ListObjectsV2: listObjectsV2 };
