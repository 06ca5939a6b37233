import type { Incoming } from '../gateway/incoming.js';
import { AwsError } from '../service.js';
import { notImplemented } from './errors.js';
import { SETTINGS } from './settings.js';

export interface Route {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
}

/** Which operation the request is: its method, whether it names a bucket and a key, its sub-resource. */
export function routeOf(incoming: Incoming): Route {
  const { bucket, key } = addressOf(incoming);
  if (bucket === '') return { operation: serviceOperation(incoming.method), bucket, key };
  return { operation: key === '' ? bucketOperation(incoming) : objectOperation(incoming), bucket, key };
}

function addressOf({ rawPath, hostBucket }: Incoming): { bucket: string; key: string } {
  const path = decodePath(rawPath).slice(1);
  if (hostBucket !== undefined) return { bucket: hostBucket, key: path };
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

function decodePath(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400);
  }
}

function serviceOperation(method: string): string {
  if (method === 'GET') return 'ListBuckets';
  throw methodNotAllowed(method);
}

const UNSUPPORTED = [
  ...['accelerate', 'analytics', 'intelligent-tiering', 'inventory', 'metrics', 'object-lock', 'replication', 'requestPayment', 'website'],
  ...['policyStatus', 'retention', 'legal-hold', 'restore', 'select', 'torrent', 'metadataTable', 'metadataConfiguration', 'session', 'renameObject'],
];

function refuseUnsupported(query: URLSearchParams): void {
  const found = UNSUPPORTED.find((name) => query.has(name));
  if (found !== undefined) throw notImplemented(found);
}

function bucketOperation({ method, query }: Incoming): string {
  refuseUnsupported(query);
  const setting = SETTINGS.find(({ query: name }) => query.has(name));
  if (setting !== undefined) {
    const operation = { GET: setting.get, PUT: setting.put, DELETE: setting.remove }[method];
    if (operation === undefined) throw methodNotAllowed(method);
    return operation;
  }
  if (method === 'PUT') return query.has('acl') ? 'PutBucketAcl' : 'CreateBucket';
  if (method === 'HEAD') return 'HeadBucket';
  if (method === 'DELETE') return 'DeleteBucket';
  if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
  if (method !== 'GET') throw methodNotAllowed(method);
  if (query.has('location')) return 'GetBucketLocation';
  if (query.has('acl')) return 'GetBucketAcl';
  if (query.has('versions')) return 'ListObjectVersions';
  if (query.has('uploads')) return 'ListMultipartUploads';
  return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
}

function objectOperation({ method, query, headers }: Incoming): string {
  refuseUnsupported(query);
  if (query.has('tagging')) {
    const operation = { GET: 'GetObjectTagging', PUT: 'PutObjectTagging', DELETE: 'DeleteObjectTagging' }[method];
    if (operation !== undefined) return operation;
  }
  const copy = headers['x-amz-copy-source'] !== undefined;
  switch (method) {
    case 'HEAD':
      return 'HeadObject';
    case 'GET':
      if (query.has('uploadId')) return 'ListParts';
      if (query.has('attributes')) return 'GetObjectAttributes';
      return query.has('acl') ? 'GetObjectAcl' : 'GetObject';
    case 'PUT':
      if (query.has('uploadId')) return copy ? 'UploadPartCopy' : 'UploadPart';
      if (query.has('acl')) return 'PutObjectAcl';
      return copy ? 'CopyObject' : 'PutObject';
    case 'DELETE':
      return query.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      if (query.has('uploadId')) return 'CompleteMultipartUpload';
  }
  throw methodNotAllowed(method);
}

const methodNotAllowed = (method: string): AwsError =>
  new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, { Method: method });
