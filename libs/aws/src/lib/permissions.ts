import type { AwsOperation } from './to-loadin-error.js';

/** S3 answers that access is denied, and not that nothing is there, to who may not list the bucket ("GetObject", Amazon S3 API Reference: permissions). */
const UNLISTED = ' (without it, S3 says so of objects that are not there)';
const READ = { object: 's3:GetObject', bucket: 's3:ListBucket' };
const LIST = { bucket: 's3:ListBucket' };
const WRITE = { object: 's3:PutObject' };

/** The actions that calls of S3 need ("Actions, resources, and condition keys for Amazon S3", Service Authorization Reference): on objects, and on the bucket. */
const S3: Readonly<Record<string, { readonly object?: string; readonly bucket?: string }>> = {
  GetObject: READ,
  HeadObject: READ,
  HeadBucket: LIST,
  ListObjectsV2: LIST,
  ListMultipartUploads: { bucket: 's3:ListBucketMultipartUploads' },
  ListParts: { object: 's3:ListMultipartUploadParts' },
  PutObject: WRITE,
  CreateMultipartUpload: WRITE,
  UploadPart: WRITE,
  CompleteMultipartUpload: WRITE,
  AbortMultipartUpload: { object: 's3:AbortMultipartUpload' },
  DeleteObject: { object: 's3:DeleteObject' },
  DeleteObjects: { object: 's3:DeleteObject' },
};

/** What a role needs for a call, as in "Give the role …": `s3:PutObject on s3://lake/*`; `undefined` where that is not known. */
export function permissionFor({ service, operation, resource }: AwsOperation): string | undefined {
  const needed = service === 'S3' ? S3[operation] : undefined;
  const [, bucket] = /^s3:\/\/([^/]+)/.exec(resource) ?? [];
  if (needed === undefined || bucket === undefined) return undefined;
  const on = [
    ...(needed.object === undefined ? [] : [`${needed.object} on s3://${bucket}/*`]),
    ...(needed.bucket === undefined ? [] : [`${needed.bucket} on s3://${bucket}`]),
  ];
  return `${on.join(' and ')}${on.length > 1 ? UNLISTED : ''}`;
}
