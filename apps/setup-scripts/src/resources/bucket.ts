import * as s3 from '@aws-sdk/client-s3';
import { callsOf, unless } from '../aws-call.js';
import { differs, missing, right, type Part, type Resource } from '../resource.js';
import { ownership, tagging, tagList, tagsOfList, type TagAccess, type Tags } from '../tags.js';
import { compareRules, lifecycleRules, mergeRules } from './lifecycle.js';

export interface BucketOptions {
  readonly client: s3.S3Client;
  readonly bucket: string;
  readonly region: string;
  readonly tags: Tags;
  /** Whether pages as received lie in it, which expire. */
  readonly holdsLanding: boolean;
}

/** A bucket that keeps old versions, encrypts, is closed to the public and cleans up after itself. */
export function bucketResource(options: BucketOptions): Resource {
  const access = tagsOfBucket(options);
  return {
    self: bucketItself(options),
    settings: [versioning(options), encryption(options), publicAccessBlock(options), lifecycle(options), tagging(access, options.tags)],
    ...ownership(access),
  };
}

const callsFor = ({ bucket }: BucketOptions) => callsOf('S3', `s3://${bucket}`);

function bucketItself(options: BucketOptions): Part {
  const { client, bucket: Bucket, region } = options;
  const call = callsFor(options);
  return {
    name: `s3://${Bucket}`,
    look: async () => {
      const found = await call('HeadBucket', () => unless(['NotFound', 'NoSuchBucket'], () => client.send(new s3.HeadBucketCommand({ Bucket }))));
      return found === undefined ? missing : right();
    },
    make: async () => {
      // us-east-1 is the region without a name here: the API refuses it as a constraint.
      const place = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as s3.BucketLocationConstraint } };
      await call('CreateBucket', () => unless(['BucketAlreadyOwnedByYou'], () => client.send(new s3.CreateBucketCommand({ Bucket, ...place }))));
    },
  };
}

function versioning(options: BucketOptions): Part {
  const { client, bucket: Bucket } = options;
  const call = callsFor(options);
  return {
    name: 'versioning',
    look: async () => {
      const { Status } = await call('GetBucketVersioning', () => client.send(new s3.GetBucketVersioningCommand({ Bucket })));
      if (Status === 'Suspended') return differs('suspended', 'enabled', 'Somebody has suspended it; enable it again in the S3 console.');
      return Status === 'Enabled' ? right() : missing;
    },
    make: async () => {
      await call('PutBucketVersioning', () =>
        client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
      );
    },
  };
}

function encryption(options: BucketOptions): Part {
  const { client, bucket: Bucket } = options;
  const call = callsFor(options);
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } };
  return {
    name: 'encryption',
    look: async () => {
      const found = await call('GetBucketEncryption', () =>
        unless(['ServerSideEncryptionConfigurationNotFoundError'], () => client.send(new s3.GetBucketEncryptionCommand({ Bucket }))),
      );
      const algorithm = found?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
      return algorithm === undefined ? missing : right(algorithm);
    },
    make: async () => {
      await call('PutBucketEncryption', () =>
        client.send(new s3.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } })),
      );
    },
  };
}

function publicAccessBlock(options: BucketOptions): Part {
  const { client, bucket: Bucket } = options;
  const call = callsFor(options);
  const wanted = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  return {
    name: 'public-access block',
    look: async () => {
      const found = await call('GetPublicAccessBlock', () =>
        unless(['NoSuchPublicAccessBlockConfiguration'], () => client.send(new s3.GetPublicAccessBlockCommand({ Bucket }))),
      );
      const open = Object.keys(wanted).filter((name) => found?.PublicAccessBlockConfiguration?.[name as keyof typeof wanted] !== true);
      if (found === undefined) return missing;
      return open.length === 0
        ? right()
        : differs(
            `off: ${open.join(', ')}`,
            'all four on',
            'Somebody has opened it; close it in the S3 console unless the data is meant to be public.',
          );
    },
    make: async () => {
      await call('PutPublicAccessBlock', () => client.send(new s3.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: wanted })));
    },
  };
}

function lifecycle(options: BucketOptions): Part {
  const { client, bucket: Bucket } = options;
  const call = callsFor(options);
  const wanted = lifecycleRules(options.holdsLanding);
  const rules = async (): Promise<s3.LifecycleRule[]> => {
    const found = await call('GetBucketLifecycleConfiguration', () =>
      unless(['NoSuchLifecycleConfiguration'], () => client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket }))),
    );
    return found?.Rules ?? [];
  };
  return {
    name: 'lifecycle',
    look: async () => compareRules(await rules(), wanted),
    make: async () => {
      const Rules = mergeRules(await rules(), wanted);
      await call('PutBucketLifecycleConfiguration', () =>
        client.send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } })),
      );
    },
  };
}

function tagsOfBucket(options: BucketOptions): TagAccess {
  const { client, bucket: Bucket } = options;
  const call = callsFor(options);
  const read = async (): Promise<Tags> => {
    const found = await call('GetBucketTagging', () => unless(['NoSuchTagSet'], () => client.send(new s3.GetBucketTaggingCommand({ Bucket }))));
    return tagsOfList(found?.TagSet ?? []);
  };
  return {
    read,
    add: async (tags) => {
      const TagSet = tagList({ ...(await read()), ...tags });
      await call('PutBucketTagging', () => client.send(new s3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })));
    },
  };
}
