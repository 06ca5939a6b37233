import { ownerOf } from './bucket.js';
import type { BucketState } from './bucket-state.js';
import { invalidArgument } from './errors.js';
import { listKeys, readEncoding, readLimit } from './listing.js';
import { type S3Handler, xmlAnswer } from './request.js';
import type { ObjectVersion } from './types.js';
import { element, xmlDocument } from './xml.js';

interface VersionRow {
  readonly version: ObjectVersion;
  readonly latest: boolean;
}

type Row = VersionRow | { readonly prefix: string };

interface VersionQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  readonly versionMarker: string;
}

/** All versions and delete markers: keys in order, of each key the latest first. */
const listObjectVersions: S3Handler = async ({ bucket, query, accountId }, store) => {
  const asked = readQuery(query);
  const encode = readEncoding(query);
  const limit = readLimit(query, 'max-keys');
  const { rows, truncated } = takeRows(versionRows(store.bucket(bucket), asked), limit);
  const last = truncated ? rows[rows.length - 1] : undefined;
  const head = {
    Name: bucket,
    Prefix: encode(asked.prefix),
    KeyMarker: encode(asked.keyMarker),
    VersionIdMarker: asked.versionMarker,
    NextKeyMarker: last && encode('prefix' in last ? last.prefix : last.version.key),
    NextVersionIdMarker: last && ('prefix' in last ? undefined : last.version.versionId),
    MaxKeys: limit,
    Delimiter: asked.delimiter === '' ? undefined : encode(asked.delimiter),
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: truncated,
  };
  // Versions and delete markers are mixed, in the order of the listing.
  const body = rows.map((row) => rowElement(row, encode, accountId)).join('');
  return xmlAnswer(xmlDocument('ListVersionsResult', head).replace('</ListVersionsResult>', () => `${body}</ListVersionsResult>`));
};

function readQuery(query: URLSearchParams): VersionQuery {
  const [prefix = '', delimiter = '', keyMarker = '', versionMarker = ''] = ['prefix', 'delimiter', 'key-marker', 'version-id-marker'].map(
    (name) => query.get(name) ?? '',
  );
  if (versionMarker !== '' && keyMarker === '') {
    throw invalidArgument('A version-id marker cannot be specified without a key marker.', 'version-id-marker', versionMarker);
  }
  return { prefix, delimiter, keyMarker, versionMarker };
}

function* versionRows(state: BucketState, { prefix, delimiter, keyMarker, versionMarker }: VersionQuery): Generator<Row> {
  // The rest of the marker's own key comes first.
  if (versionMarker !== '') {
    const versions = state.versions.get(keyMarker) ?? [];
    const seen = versions.findIndex(({ versionId }) => versionId === versionMarker);
    for (const version of versions.slice(seen + 1)) yield { version, latest: version === versions[0] };
  }
  const isPrefix = delimiter !== '' && keyMarker.endsWith(delimiter);
  const after = keyMarker === '' ? undefined : isPrefix ? { prefix: keyMarker } : { key: keyMarker };
  for (const item of listKeys(state.keys, { prefix, delimiter, after })) {
    if ('prefix' in item) yield item;
    else for (const [index, version] of (state.versions.get(item.key) ?? []).entries()) yield { version, latest: index === 0 };
  }
}

function takeRows(all: Iterable<Row>, limit: number): { rows: Row[]; truncated: boolean } {
  const rows: Row[] = [];
  for (const row of all) {
    if (rows.length === limit) return { rows, truncated: limit > 0 };
    rows.push(row);
  }
  return { rows, truncated: false };
}

function rowElement(row: Row, encode: (text: string) => string, accountId: string): string {
  if ('prefix' in row) return element('CommonPrefixes', { Prefix: encode(row.prefix) });
  const { version, latest } = row;
  const common = {
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: latest,
    LastModified: new Date(version.modified).toISOString(),
    Owner: ownerOf(accountId),
  };
  if (version.deleteMarker) return element('DeleteMarker', common);
  return element('Version', { ...common, ETag: `"${version.etag}"`, Size: version.size, StorageClass: version.storageClass ?? 'STANDARD' });
}

export const listVersionHandlers: Readonly<Record<string, S3Handler>> = { ListObjectVersions: listObjectVersions };
