import type { Call, Permission, Place } from './types.js';

/** What an operation on an object or a bucket needs. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html, …/AmazonS3/latest/userguide/mpuoverview.html */
const S3_OBJECT: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  ListParts: 's3:ListMultipartUploadParts',
  DeleteObject: 's3:DeleteObject',
};
const S3_BUCKET: Readonly<Record<string, string>> = {
  HeadBucket: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
};

/**
 * What has to be allowed for a call, where it is made.
 * @throws for an operation that there is no rule for
 */
export function permissionsOf(call: Call, place: Place): Permission[] {
  const { service, operation, target, folder } = call;
  if (service === 's3') return ofS3(call, place);
  if (target.startsWith('secret:'))
    return [{ action: `secretsmanager:${operation}`, resource: `${place.secret(target.slice('secret:'.length))}-AbCdEf`, context: {} }];
  if (service === 'dynamodb') {
    const context: Permission['context'] = folder === undefined ? {} : { 'dynamodb:LeadingKeys': [`${folder}/x`] };
    return [{ action: `dynamodb:${operation}`, resource: place.table, context }];
  }
  if (service === 'kinesis') return [{ action: `kinesis:${operation}`, resource: place.stream, context: {} }];
  throw noRule(call);
}

function ofS3(call: Call, place: Place): Permission[] {
  const { operation, target, folder = '' } = call;
  const bucket = place.bucket(target as 'raw' | 'bronze' | 'logs' | 'jobs-file');
  const onObject = S3_OBJECT[operation];
  if (onObject === undefined) {
    const onBucket = S3_BUCKET[operation];
    if (onBucket === undefined) throw noRule(call);
    return [{ action: onBucket, resource: bucket, context: operation === 'HeadBucket' ? {} : { 's3:prefix': `${folder}/x` } }];
  }
  const resource = target === 'jobs-file' ? place.jobsFile : `${bucket}/${folder}/x`;
  if (resource === undefined) return [];
  const action = call.version && onObject !== 's3:PutObject' ? `${onObject}Version` : onObject;
  return [
    { action, resource, context: {} },
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    ...(call.ifMatch ? [{ action: 's3:GetObject', resource, context: {} }] : []),
    // Without it the answer is 403 and not 404. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    ...(call.missing ? [{ action: 's3:ListBucket', resource: bucket, context: {} }] : []),
  ];
}

const noRule = ({ service, operation }: Call): Error =>
  new Error(`There is no rule for what ${service} ${operation} needs: add it, with its address in AWS's documentation`);
