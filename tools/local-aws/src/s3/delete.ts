import { AwsError } from '../service.js';
import type { BucketState } from './bucket-state.js';
import { malformedXml, preconditionFailed } from './errors.js';
import { receiveDocument } from './receive.js';
import { emptyAnswer, type S3Handler, xmlAnswer } from './request.js';
import type { Decision, S3Store } from './store.js';
import type { ObjectVersion } from './types.js';
import { currentVersion, namedVersion, nextVersionId, versioningOf, wholeSecond } from './versions.js';
import { list, parseXml, text, xmlDocument } from './xml.js';

interface Deletion {
  readonly key: string;
  readonly versionId?: string;
  readonly ifMatch?: string;
}

interface Deleted {
  /** The id of what was removed, or of the delete marker that was made. */
  readonly versionId?: string;
  readonly deleteMarker?: boolean;
}

/** Without a version id: a delete marker where versioning was ever on, else the object is gone. What does not exist is deleted with success, too. */
function deleteOne(store: S3Store, bucket: string, deletion: Deletion, now: number): Promise<Deleted> {
  const { key, versionId } = deletion;
  return store.commit(bucket, key, (state): Decision<Deleted> => {
    checkIfMatch(deletion, state);
    if (versionId !== undefined) {
      const version = namedVersion(state, key, versionId);
      if (version === undefined) return { result: { versionId } };
      return { entry: { t: 'object-deleted', bucket, key, versionId }, result: { versionId, deleteMarker: version.deleteMarker } };
    }
    if (versioningOf(state) === undefined) {
      return { entry: state.versions.has(key) ? { t: 'object-deleted', bucket, key, versionId: 'null' } : undefined, result: {} };
    }
    const id = nextVersionId(state);
    const version: ObjectVersion = { key, versionId: id, modified: wholeSecond(now), deleteMarker: true, etag: '', size: 0, blobs: [] };
    return { entry: { t: 'object', bucket, version }, result: { versionId: id, deleteMarker: true } };
  });
}

/** "If the ETag values match or if the object doesn't exist, the operation will return 204" (DeleteObject, API Reference). */
function checkIfMatch({ key, ifMatch }: Deletion, state: BucketState): void {
  const current = currentVersion(state, key);
  if (ifMatch === undefined || ifMatch === '*' || current === undefined) return;
  if (ifMatch.replace(/^"|"$/g, '') !== current.etag) throw preconditionFailed('If-Match');
}

const deleteObject: S3Handler = async ({ bucket, key, query, headers, now }, store) => {
  const deleted = await deleteOne(store, bucket, { key, versionId: query.get('versionId') ?? undefined, ifMatch: headers['if-match'] }, now);
  return emptyAnswer(204, {
    ...(deleted.versionId !== undefined && { 'x-amz-version-id': deleted.versionId }),
    ...(deleted.deleteMarker && { 'x-amz-delete-marker': 'true' }),
  });
};

const MAX_KEYS = 1000;

const deleteObjects: S3Handler = async (request, store) => {
  const { bucket, now } = request;
  store.bucket(bucket);
  const document = parseXml(await receiveDocument(request, true), 'Delete');
  const deletions = list(document, 'Object').map((node): Deletion => {
    const key = text(node, 'Key');
    if (key === undefined) throw malformedXml();
    return { key, versionId: text(node, 'VersionId'), ifMatch: text(node, 'ETag') };
  });
  if (deletions.length === 0 || deletions.length > MAX_KEYS) throw malformedXml();
  const quiet = text(document, 'Quiet') === 'true';
  const outcomes = await Promise.all(deletions.map((deletion) => outcomeOf(deletion, deleteOne(store, bucket, deletion, now))));
  return xmlAnswer(
    xmlDocument('DeleteResult', {
      Deleted: quiet ? [] : outcomes.flatMap(({ deleted }) => (deleted === undefined ? [] : [deleted])),
      Error: outcomes.flatMap(({ error }) => (error === undefined ? [] : [error])),
    }),
  );
};

interface Outcome {
  readonly deleted?: { Key: string; VersionId?: string; DeleteMarker?: true; DeleteMarkerVersionId?: string };
  readonly error?: { Key: string; VersionId?: string; Code: string; Message: string };
}

/** A key that can't be deleted is reported in its place; a failure of the server ends the whole call. */
async function outcomeOf({ key, versionId }: Deletion, deletion: Promise<Deleted>): Promise<Outcome> {
  try {
    const { deleteMarker, versionId: id } = await deletion;
    return { deleted: { Key: key, VersionId: versionId, ...(deleteMarker && { DeleteMarker: true, DeleteMarkerVersionId: id }) } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { error: { Key: key, VersionId: versionId, Code: error.code, Message: error.message } };
  }
}

export const deleteHandlers: Readonly<Record<string, S3Handler>> = { DeleteObject: deleteObject, DeleteObjects: deleteObjects };
