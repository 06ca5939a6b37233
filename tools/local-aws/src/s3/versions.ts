import { randomBytes } from 'node:crypto';
import { AwsError } from '../service.js';
import type { BucketState } from './bucket-state.js';
import { invalidArgument, noSuchKey, noSuchVersion } from './errors.js';
import type { ObjectVersion } from './types.js';

export type VersioningStatus = 'Enabled' | 'Suspended' | undefined;

export function versioningOf(bucket: BucketState): VersioningStatus {
  // The document was checked when it was put; every write asks, so it is not parsed each time.
  return /<(?:\w+:)?Status>(Enabled|Suspended)</.exec(bucket.settings.get('versioning') ?? '')?.[1] as VersioningStatus;
}

/** The id of the next version: its own when versioning is on, else `null`, which replaces the one before. */
export function nextVersionId(bucket: BucketState): string {
  return versioningOf(bucket) === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';
}

/** S3 keeps whole seconds. */
export const wholeSecond = (now: number): number => Math.floor(now / 1000) * 1000;

/** The latest version of a key; undefined when there is none or it is a delete marker. */
export function currentVersion(bucket: BucketState, key: string): ObjectVersion | undefined {
  const latest = bucket.versions.get(key)?.[0];
  return latest?.deleteMarker ? undefined : latest;
}

/**
 * The version that a request reads: the one it names, else the latest.
 * Throws `NoSuchKey` (also when the latest is a delete marker), `NoSuchVersion`, and 405 `MethodNotAllowed` for a delete marker named by its id.
 */
export function readableVersion(bucket: BucketState, key: string, versionId: string | null): ObjectVersion {
  if (versionId === null) {
    const latest = bucket.versions.get(key)?.[0];
    if (latest === undefined) throw noSuchKey(key);
    if (latest.deleteMarker) throw deleteMarkerError(noSuchKey(key), latest);
    return latest;
  }
  const version = namedVersion(bucket, key, versionId);
  if (version === undefined) throw noSuchVersion(key, versionId);
  if (!version.deleteMarker) return version;
  const refused = new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
    ResourceType: 'DeleteMarker',
  });
  throw deleteMarkerError(refused, version);
}

/** Throws `InvalidArgument` for an id that no version can have. */
export function namedVersion(bucket: BucketState, key: string, versionId: string): ObjectVersion | undefined {
  if (versionId !== 'null' && !/^[\w.-]{32}$/.test(versionId)) throw invalidArgument('Invalid version id specified', 'versionId', versionId);
  return bucket.versions.get(key)?.find((version) => version.versionId === versionId);
}

const deleteMarkers = new WeakMap<AwsError, ObjectVersion>();

function deleteMarkerError(error: AwsError, marker: ObjectVersion): AwsError {
  deleteMarkers.set(error, marker);
  return error;
}

/** The headers by which an error says that a delete marker is its cause. */
export function deleteMarkerHeaders(error: AwsError): Record<string, string> {
  const marker = deleteMarkers.get(error);
  if (marker === undefined) return {};
  return {
    'x-amz-delete-marker': 'true',
    'x-amz-version-id': marker.versionId,
    ...(error.status === 405 && { allow: 'DELETE', 'last-modified': new Date(marker.modified).toUTCString() }),
  };
}
