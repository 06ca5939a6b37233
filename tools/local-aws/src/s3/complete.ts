import { createHash } from 'node:crypto';
import { AwsError } from '../service.js';
import type { UploadState } from './bucket-state.js';
import { CHECKSUMS, compositeChecksum, createChecksum } from './checksum.js';
import { checkWriteConditions } from './conditions.js';
import { invalidRequest, malformedXml } from './errors.js';
import { versionHeader } from './head.js';
import { bareTag, tooSmall, uploadOf } from './multipart.js';
import { receiveDocument } from './receive.js';
import { type S3Handler, type S3Request, xmlAnswer } from './request.js';
import type { S3Store } from './store.js';
import type { ObjectVersion, StoredChecksum, UploadPart } from './types.js';
import { currentVersion, nextVersionId, wholeSecond } from './versions.js';
import { list, parseXml, text, xmlDocument, type XmlNode } from './xml.js';

/** Every part but the last has at least 5 MiB. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

const completeUpload: S3Handler = async (request, store) => {
  const { bucket } = request;
  // Its checksum headers are of the object to be, not of this document.
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith('x-amz-checksum-')));
  const document = parseXml(await receiveDocument({ ...request, headers }), 'CompleteMultipartUpload');
  const found = uploadOf(request, store.bucket(bucket));
  const parts = chosenParts(document, found);
  const release = store.blobs.retain(parts.map(({ blob }) => blob));
  try {
    const checksum = await objectChecksum(found, parts, store);
    checkDeclared(request, checksum, parts);
    return await commitCompletion(request, store, found, parts, checksum);
  } finally {
    release();
  }
};

function chosenParts(document: XmlNode, { upload, parts }: UploadState): UploadPart[] {
  const asked = list(document, 'Part');
  if (asked.length === 0) throw malformedXml();
  const chosen: UploadPart[] = [];
  for (const node of asked) {
    const number = Number(text(node, 'PartNumber'));
    if (!Number.isInteger(number)) throw malformedXml();
    if (number <= (chosen[chosen.length - 1]?.number ?? 0)) {
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
        400,
      );
    }
    const part = parts.get(number);
    const etag = bareTag(text(node, 'ETag') ?? '');
    if (part === undefined || part.etag !== etag) throw invalidPart(number, etag, upload.id);
    checkPartChecksum(node, part, upload.checksum);
    chosen.push(part);
  }
  const small = chosen.slice(0, -1).find(({ size }) => size < MIN_PART_BYTES);
  if (small !== undefined) throw tooSmall(small.number, small.size, small.etag);
  return chosen;
}

const invalidPart = (number: number, etag: string, uploadId: string): AwsError =>
  new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    400,
    { UploadId: uploadId, PartNumber: String(number), ETag: etag },
  );

/** An upload that was created with a composite checksum wants every part's when it is completed. */
function checkPartChecksum(node: XmlNode, part: UploadPart, wanted: UploadState['upload']['checksum']): void {
  for (const name of CHECKSUMS) {
    const given = text(node, `Checksum${name.toUpperCase()}`);
    if (given !== undefined && (part.checksum?.name !== name || part.checksum.value !== given)) throw invalidPart(part.number, part.etag, '');
    if (given === undefined && wanted?.name === name && wanted.type === 'COMPOSITE') {
      throw invalidRequest(
        `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
      );
    }
  }
}

async function objectChecksum({ upload }: UploadState, parts: readonly UploadPart[], store: S3Store): Promise<StoredChecksum> {
  const { name, type } = upload.checksum ?? { name: 'crc64nvme', type: 'FULL_OBJECT' };
  if (type === 'COMPOSITE') {
    return {
      name,
      type,
      value: compositeChecksum(
        name,
        parts.map(({ checksum }) => checksum?.value ?? ''),
      ),
    };
  }
  const whole = createChecksum(name);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  for await (const bytes of store.blobs.read(
    parts.map(({ blob }) => blob),
    0,
    size - 1,
  ))
    whole.update(bytes);
  return { name, type, value: whole.digest().toString('base64') };
}

/** What the request says about the whole object: its checksum and its size. */
function checkDeclared({ headers }: S3Request, checksum: StoredChecksum, parts: readonly UploadPart[]): void {
  const given = headers[`x-amz-checksum-${checksum.name}`];
  if (given !== undefined && given.replace(/-\d+$/, '') !== checksum.value.replace(/-\d+$/, '')) {
    throw new AwsError('BadDigest', `The ${checksum.name} you specified did not match the calculated checksum.`, 400);
  }
  const size = headers['x-amz-mp-object-size'];
  const actual = parts.reduce((sum, part) => sum + part.size, 0);
  if (size !== undefined && Number(size) !== actual) {
    throw invalidRequest(`The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${actual}`);
  }
}

function commitCompletion(request: S3Request, store: S3Store, found: UploadState, parts: readonly UploadPart[], checksum: StoredChecksum) {
  const { bucket, key, headers, now } = request;
  return store.commit(bucket, key, (state) => {
    // Parts that were replaced since they were chosen are gone, and with them the right to complete with them.
    const live = uploadOf(request, state);
    const changed = parts.find((part) => live.parts.get(part.number) !== part);
    if (changed !== undefined) throw invalidPart(changed.number, changed.etag, live.upload.id);
    checkWriteConditions(headers, currentVersion(state, key), key);
    const version: ObjectVersion = {
      ...found.upload.head,
      key,
      versionId: nextVersionId(state),
      modified: wholeSecond(now),
      etag: multipartTag(parts),
      size: parts.reduce((sum, part) => sum + part.size, 0),
      blobs: parts.map(({ blob }) => blob),
      checksum,
      parts: parts.map(({ number, size, checksum: ofPart }) => ({ number, size, checksum: ofPart?.value })),
    };
    const result = xmlDocument('CompleteMultipartUploadResult', {
      Location: `http://${headers.host ?? 'localhost'}/${bucket}/${encodeURIComponent(key)}`,
      Bucket: bucket,
      Key: key,
      ETag: `"${version.etag}"`,
      [`Checksum${checksum.name.toUpperCase()}`]: checksum.value,
      ChecksumType: checksum.type,
    });
    const answer = xmlAnswer(result, { ...version.encryption, ...versionHeader(version, state) });
    return { entry: { t: 'object', bucket, version, upload: live.upload.id }, result: answer };
  });
}

/** The MD5 of the parts' MD5s, and their number. */
function multipartTag(parts: readonly UploadPart[]): string {
  const md5 = createHash('md5');
  parts.forEach(({ etag }) => md5.update(Buffer.from(etag, 'hex')));
  return `${md5.digest('hex')}-${parts.length}`;
}

export const completeHandlers: Readonly<Record<string, S3Handler>> = { CompleteMultipartUpload: completeUpload };
