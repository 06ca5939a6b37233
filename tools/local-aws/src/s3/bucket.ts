import { AwsError } from '../service.js';
import type { BucketState } from './bucket-state.js';
import { compareKeys } from './key-order.js';
import { receiveDocument } from './receive.js';
import { emptyAnswer, type S3Handler, xmlAnswer } from './request.js';
import { NEW_BUCKET_SETTINGS } from './settings.js';
import { parseXml, text, xmlDocument } from './xml.js';

/** The owner is the account; S3 names it by a long id. */
export const ownerOf = (accountId: string): { ID: string; DisplayName: string } => ({ ID: accountId.padStart(64, '0'), DisplayName: 'local' });

/** "Bucket naming rules", general purpose buckets. */
export function checkBucketName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (!wellFormed || /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3)$/.test(name)) {
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
  }
}

/** An owner who creates a bucket again gets 200 in us-east-1 and `BucketAlreadyOwnedByYou` elsewhere (CreateBucket, API Reference). */
const createBucket: S3Handler = async (request, store) => {
  const { bucket, now, headers } = request;
  const body = await receiveDocument(request);
  checkBucketName(bucket);
  const constraint = body.trim() === '' ? undefined : text(parseXml(body, 'CreateBucketConfiguration'), 'LocationConstraint');
  const region = locationOf(constraint, request.region);
  const existing = store.find(bucket);
  if (existing !== undefined && existing.region !== 'us-east-1') {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new AwsError('BucketAlreadyOwnedByYou', message, 409, { BucketName: bucket });
  }
  const settings = { ...NEW_BUCKET_SETTINGS };
  const ownership = headers['x-amz-object-ownership'];
  if (ownership !== undefined) settings.ownershipControls = xmlDocument('OwnershipControls', { Rule: { ObjectOwnership: ownership } });
  await store.createBucket({ t: 'bucket', bucket, region, at: now, settings });
  return emptyAnswer(200, { location: `/${bucket}` });
};

function locationOf(constraint: string | undefined, requestRegion: string): string {
  // The endpoint of us-east-1 makes buckets anywhere; the others only at home, and only when told so.
  if (requestRegion === 'us-east-1') return constraint === undefined || constraint === '' ? 'us-east-1' : constraint;
  if (constraint === requestRegion) return requestRegion;
  throw new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    400,
  );
}

const headBucket: S3Handler = async ({ bucket }, store) => emptyAnswer(200, { 'x-amz-bucket-region': store.bucket(bucket).region });

const deleteBucket: S3Handler = async ({ bucket }, store) => {
  await store.deleteBucket(bucket);
  return emptyAnswer(204);
};

const listBuckets: S3Handler = async ({ accountId, query }, store) => {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const limit = Math.min(Number(query.get('max-buckets') ?? 10_000), 10_000);
  const found = [...store.buckets()]
    .filter(({ name }) => name.startsWith(prefix) && compareKeys(name, after) > 0)
    .sort((a, b) => compareKeys(a.name, b.name));
  const page = found.slice(0, limit);
  return xmlAnswer(
    xmlDocument('ListAllMyBucketsResult', {
      Owner: ownerOf(accountId),
      Buckets: { Bucket: page.map(describe) },
      Prefix: prefix === '' ? undefined : prefix,
      ContinuationToken: found.length > page.length ? page[page.length - 1]?.name : undefined,
    }),
  );
};

const describe = ({ name, created, region }: BucketState) => ({ Name: name, CreationDate: new Date(created).toISOString(), BucketRegion: region });

/** Of us-east-1 the location is null: an empty element. */
const getBucketLocation: S3Handler = async ({ bucket }, store) => {
  const { region } = store.bucket(bucket);
  const location = region === 'us-east-1' ? '' : region;
  return xmlAnswer(xmlDocument('LocationConstraint', {}).replace('></LocationConstraint>', `>${location}</LocationConstraint>`));
};

/** With ownership enforced, as it is for new buckets, an ACL only ever says that the owner may do everything. */
const getAcl: S3Handler = async ({ bucket, accountId }, store) => {
  store.bucket(bucket);
  const owner = ownerOf(accountId);
  const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>${owner.ID}</ID></Grantee>`;
  const grant = { raw: `<Grant>${grantee}<Permission>FULL_CONTROL</Permission></Grant>` };
  return xmlAnswer(xmlDocument('AccessControlPolicy', { Owner: owner, AccessControlList: grant }));
};

const putAcl: S3Handler = async ({ bucket }, store) => {
  store.bucket(bucket);
  throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400);
};

export const bucketHandlers: Readonly<Record<string, S3Handler>> = {
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  ListBuckets: listBuckets,
  GetBucketLocation: getBucketLocation,
  GetBucketAcl: getAcl,
  GetObjectAcl: getAcl,
  PutBucketAcl: putAcl,
  PutObjectAcl: putAcl,
};
