import { ownerOf } from './bucket.js';
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

/** All versions and delete markers: keys in order, of each key the latest first. */
const listObjectVersions: S3Handler = async (request, store) => {
  const { bucket, query, accountId } = request;
  const state = store.bucket(bucket);
  const encode = readEncoding(query);
  const limit = readLimit(query, 'max-keys');
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const [keyMarker, versionMarker] = [query.get('key-marker') ?? '', query.get('version-id-marker') ?? ''];
  if (versionMarker !== '' && keyMarker === '')
    throw invalidArgument('A version-id marker cannot be specified without a key marker.', 'version-id-marker', versionMarker);

  const rows: Row[] = [];
  let truncated = false;
  for (const row of versionRows()) {
    if (rows.length === limit) {
      truncated = limit > 0;
      break;
    }
    rows.push(row);
  }
  const last = truncated ? rows[rows.length - 1] : undefined;
  const body = rows.map((row) => ('prefix' in row ? element('CommonPrefixes', { Prefix: encode(row.prefix) }) : rowElement(row, encode, accountId)));
  const head = {
    Name: bucket,
    Prefix: encode(prefix),
    KeyMarker: encode(keyMarker),
    VersionIdMarker: versionMarker,
    NextKeyMarker: last && encode('prefix' in last ? last.prefix : last.version.key),
    NextVersionIdMarker: last && ('prefix' in last ? undefined : last.version.versionId),
    MaxKeys: limit,
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: truncated,
  };
  return xmlAnswer(xmlDocument('ListVersionsResult', head).replace('</ListVersionsResult>', () => `${body.join('')}</ListVersionsResult>`));

  function* versionRows(): Generator<Row> {
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
};

function rowElement({ version, latest }: VersionRow, encode: (text: string) => string, accountId: string): string {
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
