/** The algorithms of `x-amz-checksum-*`, by the header's suffix. */
export type ChecksumName = 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256';

export interface StoredChecksum {
  readonly name: ChecksumName;
  /** Base64; of a composite checksum with `-{parts}`. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** A file with (a part of) an object's bytes. It never changes once an entry of the journal names it. */
export interface BlobRef {
  readonly id: string;
  readonly size: number;
}

/** What an object's headers and settings say; the names are the headers'. */
export interface ObjectHead {
  /** `content-type`, `cache-control`, `content-encoding`, `expires`…, as given. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass?: string;
  /** `x-amz-server-side-encryption…` headers to be answered. */
  readonly encryption: Readonly<Record<string, string>>;
}

export interface ObjectVersion extends Partial<ObjectHead> {
  readonly key: string;
  /** `null` for objects written while versioning was not enabled. */
  readonly versionId: string;
  /** Epoch milliseconds, whole seconds as S3 keeps them. */
  readonly modified: number;
  /** A delete marker has no bytes and no head. */
  readonly deleteMarker?: true;
  /** Hex, without quotes. */
  readonly etag: string;
  readonly size: number;
  readonly blobs: readonly BlobRef[];
  readonly checksum?: StoredChecksum;
  /** Of a multipart object: its parts in order. */
  readonly parts?: readonly { readonly number: number; readonly size: number; readonly checksum?: string }[];
}

export interface UploadPart {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly modified: number;
  readonly blob: BlobRef;
  readonly checksum?: StoredChecksum;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly started: number;
  readonly head: ObjectHead;
  readonly checksum?: { readonly name: ChecksumName; readonly type: 'FULL_OBJECT' | 'COMPOSITE' };
}

/** What happened, as the journal keeps it. */
export type S3Entry =
  | { readonly t: 'bucket'; readonly bucket: string; readonly region: string; readonly at: number; readonly settings?: Record<string, string> }
  | { readonly t: 'bucket-deleted'; readonly bucket: string }
  /** A sub-resource's document (`lifecycle`, `versioning`…); null removes it. */
  | { readonly t: 'setting'; readonly bucket: string; readonly name: string; readonly value: string | null }
  /** A version becomes the latest of its key; `upload` is the multipart upload that it completes. */
  | { readonly t: 'object'; readonly bucket: string; readonly version: ObjectVersion; readonly upload?: string }
  | { readonly t: 'object-deleted'; readonly bucket: string; readonly key: string; readonly versionId: string }
  | { readonly t: 'tags'; readonly bucket: string; readonly key: string; readonly versionId: string; readonly tags: Record<string, string> }
  | { readonly t: 'upload'; readonly bucket: string; readonly upload: Upload }
  | { readonly t: 'part'; readonly bucket: string; readonly upload: string; readonly part: UploadPart }
  | { readonly t: 'upload-aborted'; readonly bucket: string; readonly upload: string };
