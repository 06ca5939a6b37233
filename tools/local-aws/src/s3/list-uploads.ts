import { ownerOf } from './bucket.js';
import type { UploadState } from './bucket-state.js';
import { compareKeys } from './key-order.js';
import { readEncoding, readLimit } from './listing.js';
import { uploadOf } from './multipart.js';
import { type S3Handler, xmlAnswer } from './request.js';
import { xmlDocument } from './xml.js';

const listParts: S3Handler = async (request, store) => {
  const { bucket, key, query, accountId } = request;
  const { upload, parts } = uploadOf(request, store.bucket(bucket));
  const limit = readLimit(query, 'max-parts');
  const marker = Number(query.get('part-number-marker') ?? 0);
  const rest = [...parts.values()].filter(({ number }) => number > marker).sort((a, b) => a.number - b.number);
  const page = rest.slice(0, limit);
  return xmlAnswer(
    xmlDocument('ListPartsResult', {
      Bucket: bucket,
      Key: key,
      UploadId: upload.id,
      PartNumberMarker: marker,
      NextPartNumberMarker: page[page.length - 1]?.number ?? 0,
      MaxParts: limit,
      IsTruncated: rest.length > page.length,
      Part: page.map(({ number, modified, etag, size, checksum }) => ({
        PartNumber: number,
        LastModified: new Date(modified).toISOString(),
        ETag: `"${etag}"`,
        Size: size,
        ...(checksum && { [`Checksum${checksum.name.toUpperCase()}`]: checksum.value }),
      })),
      Initiator: ownerOf(accountId),
      Owner: ownerOf(accountId),
      StorageClass: upload.head.storageClass ?? 'STANDARD',
      ChecksumAlgorithm: upload.checksum?.name.toUpperCase(),
      ChecksumType: upload.checksum?.type,
    }),
  );
};

type Row = { readonly upload: UploadState['upload'] } | { readonly prefix: string };

/** By key, and of one key by the time they were started. */
const listMultipartUploads: S3Handler = async (request, store) => {
  const { bucket, query, accountId } = request;
  const state = store.bucket(bucket);
  const encode = readEncoding(query);
  const limit = readLimit(query, 'max-uploads');
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
  const sorted = [...state.uploads.values()]
    .map(({ upload }) => upload)
    .filter(({ key }) => key.startsWith(prefix))
    .sort((a, b) => compareKeys(a.key, b.key) || a.started - b.started || compareKeys(a.id, b.id));
  const rows = rowsOf(afterMarker(sorted, keyMarker, idMarker), prefix, delimiter);
  const page = rows.slice(0, limit);
  const last = page[page.length - 1];
  return xmlAnswer(
    xmlDocument('ListMultipartUploadsResult', {
      Bucket: bucket,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: last && encode('prefix' in last ? last.prefix : last.upload.key),
      NextUploadIdMarker: last && ('prefix' in last ? '' : last.upload.id),
      Prefix: encode(prefix),
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
      MaxUploads: limit,
      IsTruncated: limit > 0 && rows.length > page.length,
      Upload: page.flatMap((row) => ('upload' in row ? [uploadElement(row.upload, encode, accountId)] : [])),
      CommonPrefixes: page.flatMap((row) => ('prefix' in row ? [{ Prefix: encode(row.prefix) }] : [])),
    }),
  );
};

/** With an upload's id the rest of the marker's key follows, without one the next key. */
function afterMarker(uploads: UploadState['upload'][], keyMarker: string, idMarker: string): UploadState['upload'][] {
  if (keyMarker === '') return uploads;
  const seen = idMarker === '' ? -1 : uploads.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  if (seen >= 0) return uploads.slice(seen + 1);
  return uploads.filter(({ key }) => compareKeys(key, keyMarker) > 0);
}

function rowsOf(uploads: readonly UploadState['upload'][], prefix: string, delimiter: string): Row[] {
  const rows: Row[] = [];
  const seen = new Set<string>();
  for (const upload of uploads) {
    const cut = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const common = upload.key.slice(0, cut + delimiter.length);
    if (cut < 0) rows.push({ upload });
    else if (!seen.has(common)) rows.push({ prefix: common });
    if (cut >= 0) seen.add(common);
  }
  return rows;
}

function uploadElement(upload: UploadState['upload'], encode: (text: string) => string, accountId: string) {
  return {
    Key: encode(upload.key),
    UploadId: upload.id,
    Initiator: ownerOf(accountId),
    Owner: ownerOf(accountId),
    StorageClass: upload.head.storageClass ?? 'STANDARD',
    Initiated: new Date(upload.started).toISOString(),
    ChecksumAlgorithm: upload.checksum?.name.toUpperCase(),
    ChecksumType: upload.checksum?.type,
  };
}

export const listUploadHandlers: Readonly<Record<string, S3Handler>> = { ListParts: listParts, ListMultipartUploads: listMultipartUploads };
