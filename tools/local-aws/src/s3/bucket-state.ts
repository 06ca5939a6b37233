import { compareKeys, firstIndex } from './key-order.js';
import type { BlobRef, ObjectVersion, S3Entry, Upload, UploadPart } from './types.js';

export interface UploadState {
  readonly upload: Upload;
  readonly parts: Map<number, UploadPart>;
}

/** A bucket in memory. Only `apply` changes it. */
export interface BucketState {
  readonly name: string;
  readonly region: string;
  readonly created: number;
  readonly settings: Map<string, string>;
  /** The versions of each key, latest first. */
  readonly versions: Map<string, ObjectVersion[]>;
  /** The keys of `versions` in S3's order. */
  readonly keys: string[];
  readonly uploads: Map<string, UploadState>;
}

export type S3State = Map<string, BucketState>;

/** The one place where an entry becomes state, at start and afterwards. Returns the blobs that nothing refers to any more. */
export function apply(state: S3State, entry: S3Entry): readonly BlobRef[] {
  if (entry.t === 'bucket') {
    if (!state.has(entry.bucket)) state.set(entry.bucket, newBucket(entry));
    return [];
  }
  const bucket = state.get(entry.bucket);
  if (bucket === undefined) throw new Error(`the S3 journal names the bucket ${entry.bucket} before it was created`);
  switch (entry.t) {
    case 'bucket-deleted':
      state.delete(entry.bucket);
      return [...bucket.uploads.values()].flatMap(({ parts }) => [...parts.values()].map((part) => part.blob));
    case 'setting':
      if (entry.value === null) bucket.settings.delete(entry.name);
      else bucket.settings.set(entry.name, entry.value);
      return [];
    case 'object':
      return [...replaceVersion(bucket, entry.version), ...endUpload(bucket, entry.upload, entry.version.blobs)];
    case 'object-deleted':
      return removeVersion(bucket, entry.key, entry.versionId);
    case 'tags':
      retag(bucket, entry.key, entry.versionId, entry.tags);
      return [];
    case 'upload':
      bucket.uploads.set(entry.upload.id, { upload: entry.upload, parts: new Map() });
      return [];
    case 'part':
      return replacePart(bucket, entry.upload, entry.part);
    case 'upload-aborted':
      return endUpload(bucket, entry.upload, []);
  }
}

function newBucket(entry: S3Entry & { t: 'bucket' }): BucketState {
  return {
    name: entry.bucket,
    region: entry.region,
    created: entry.at,
    settings: new Map(Object.entries(entry.settings ?? {})),
    versions: new Map(),
    keys: [],
    uploads: new Map(),
  };
}

function replaceVersion(bucket: BucketState, version: ObjectVersion): readonly BlobRef[] {
  const versions = bucket.versions.get(version.key);
  if (versions === undefined) {
    bucket.versions.set(version.key, [version]);
    const last = bucket.keys[bucket.keys.length - 1];
    // Keys mostly come in order: then no search and no shift.
    if (last === undefined || compareKeys(last, version.key) < 0) bucket.keys.push(version.key);
    else bucket.keys.splice(indexOfKey(bucket, version.key), 0, version.key);
    return [];
  }
  const old = versions.findIndex(({ versionId }) => versionId === version.versionId);
  const removed = old < 0 ? [] : versions.splice(old, 1);
  versions.unshift(version);
  return removed.flatMap(({ blobs }) => blobs);
}

function removeVersion(bucket: BucketState, key: string, versionId: string): readonly BlobRef[] {
  const versions = bucket.versions.get(key) ?? [];
  const index = versions.findIndex((version) => version.versionId === versionId);
  if (index < 0) return [];
  const [removed] = versions.splice(index, 1);
  if (versions.length === 0) {
    bucket.versions.delete(key);
    bucket.keys.splice(indexOfKey(bucket, key), 1);
  }
  return removed?.blobs ?? [];
}

const indexOfKey = (bucket: BucketState, key: string): number => firstIndex(bucket.keys, (other) => compareKeys(other, key) >= 0);

function retag(bucket: BucketState, key: string, versionId: string, tags: Record<string, string>): void {
  const versions = bucket.versions.get(key) ?? [];
  const index = versions.findIndex((version) => version.versionId === versionId);
  const version = versions[index];
  if (version !== undefined) versions[index] = { ...version, tags };
}

function replacePart(bucket: BucketState, uploadId: string, part: UploadPart): readonly BlobRef[] {
  const upload = bucket.uploads.get(uploadId);
  // The upload was ended while the part was on its way: its bytes belong to nothing.
  if (upload === undefined) return [part.blob];
  const old = upload.parts.get(part.number);
  upload.parts.set(part.number, part);
  return old === undefined ? [] : [old.blob];
}

function endUpload(bucket: BucketState, uploadId: string | undefined, kept: readonly BlobRef[]): readonly BlobRef[] {
  const upload = uploadId === undefined ? undefined : bucket.uploads.get(uploadId);
  if (upload === undefined) return [];
  bucket.uploads.delete(upload.upload.id);
  const keptIds = new Set(kept.map((blob) => blob.id));
  return [...upload.parts.values()].map((part) => part.blob).filter((blob) => !keptIds.has(blob.id));
}

/** The entries that lead to this state: a compacted journal. */
export function* entriesOf(state: S3State): Iterable<S3Entry> {
  for (const bucket of state.values()) {
    yield { t: 'bucket', bucket: bucket.name, region: bucket.region, at: bucket.created, settings: Object.fromEntries(bucket.settings) };
    // In the order of keys, so that reading them back inserts each at the end.
    for (const key of bucket.keys) {
      for (const version of [...(bucket.versions.get(key) ?? [])].reverse()) yield { t: 'object', bucket: bucket.name, version };
    }
    for (const { upload, parts } of bucket.uploads.values()) {
      yield { t: 'upload', bucket: bucket.name, upload };
      for (const part of parts.values()) yield { t: 'part', bucket: bucket.name, upload: upload.id, part };
    }
  }
}

/** Every blob that the state refers to. */
export function* blobsOf(state: S3State): Iterable<string> {
  for (const bucket of state.values()) {
    for (const versions of bucket.versions.values()) for (const { blobs } of versions) for (const { id } of blobs) yield id;
    for (const { parts } of bucket.uploads.values()) for (const { blob } of parts.values()) yield blob.id;
  }
}
