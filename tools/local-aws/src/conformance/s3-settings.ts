import assert from 'node:assert/strict';
import {
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  type LifecycleRule,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { refused } from './refusal.js';
import { bucketCheck, type S3Check } from './s3-bucket.js';

const BLOCKED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

const RULES: LifecycleRule[] = [
  { ID: 'uploads', Status: 'Enabled', Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
  {
    ...{ ID: 'landing', Status: 'Enabled', Filter: { Prefix: 'landing/' }, Expiration: { Days: 30 } },
    NoncurrentVersionExpiration: { NoncurrentDays: 14 },
  },
];

export const s3SettingChecks: readonly S3Check[] = [
  bucketCheck('lifecycle', 'a lifecycle configuration is kept, given back and removed', async ({ name: Bucket, clients: { s3 } }) => {
    const get = () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    await refused(get(), 'NoSuchLifecycleConfiguration', 404);
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: RULES } }));
    const rules = (await get()).Rules ?? [];
    assert.deepEqual(rules.map(({ ID }) => ID).sort(), ['landing', 'uploads']);
    const landing = rules.find(({ ID }) => ID === 'landing');
    assert.deepEqual(
      [landing?.Filter?.Prefix, landing?.Expiration?.Days, landing?.NoncurrentVersionExpiration?.NoncurrentDays],
      ['landing/', 30, 14],
    );
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    await refused(get(), 'NoSuchLifecycleConfiguration', 404);
  }),
  bucketCheck('lifecycle-without-action', 'a lifecycle rule without an action is refused', async ({ name: Bucket, clients: { s3 } }) => {
    const Rules: LifecycleRule[] = [{ ID: 'nothing', Status: 'Enabled', Filter: { Prefix: 'a' } }];
    await refused(s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } })), [
      'InvalidRequest',
      'MalformedXML',
    ]);
  }),
  bucketCheck('bucket-encryption', 'default encryption is kept and used for new objects', async ({ name: Bucket, clients: { s3 }, put }) => {
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const }, BucketKeyEnabled: true };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
    const { ServerSideEncryptionConfiguration: found } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    assert.equal(found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm, 'aws:kms');
    assert.equal(found?.Rules?.[0]?.BucketKeyEnabled, true);
    await put('a');
    assert.equal((await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).ServerSideEncryption, 'aws:kms');
  }),
  bucketCheck('bucket-encryption-default', 'a new bucket is encrypted with S3-managed keys', async ({ name: Bucket, clients: { s3 } }) => {
    const { ServerSideEncryptionConfiguration: found } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    assert.equal(found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm, 'AES256');
  }),
  bucketCheck('public-access-block', 'public access settings are kept, given back and removed', async ({ name: Bucket, clients: { s3 } }) => {
    const get = () => s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    const given = { ...BLOCKED, RestrictPublicBuckets: false };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: given }));
    assert.deepEqual((await get()).PublicAccessBlockConfiguration, given);
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await refused(get(), 'NoSuchPublicAccessBlockConfiguration', 404);
  }),
  bucketCheck('new-bucket-is-private', 'a new bucket blocks public access and ACLs', async ({ name: Bucket, clients: { s3 } }) => {
    assert.deepEqual((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration, BLOCKED);
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    assert.equal(OwnershipControls?.Rules?.[0]?.ObjectOwnership, 'BucketOwnerEnforced');
  }),
  bucketCheck('bucket-tags', 'tags of a bucket are kept, replaced and removed', async ({ name: Bucket, clients: { s3 } }) => {
    const get = () => s3.send(new GetBucketTaggingCommand({ Bucket }));
    const put = (TagSet: { Key: string; Value: string }[]) => s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    await refused(get(), 'NoSuchTagSet', 404);
    await put([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '<&>' },
    ]);
    assert.deepEqual((await get()).TagSet?.find(({ Key }) => Key === 'b')?.Value, '<&>');
    await put([{ Key: 'c', Value: '3' }]);
    assert.deepEqual((await get()).TagSet, [{ Key: 'c', Value: '3' }]);
    await refused(
      put([
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ]),
      'InvalidTag',
    );
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    await refused(get(), 'NoSuchTagSet', 404);
  }),
  bucketCheck('bucket-policy', 'a bucket policy is kept, given back and removed', async ({ name: Bucket, clients: { s3 } }) => {
    const get = () => s3.send(new GetBucketPolicyCommand({ Bucket }));
    await refused(get(), 'NoSuchBucketPolicy', 404);
    const condition = { Bool: { 'aws:SecureTransport': 'false' } };
    const statement = { Sid: 'TlsOnly', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/*`, Condition: condition };
    const policy = { Version: '2012-10-17', Statement: [statement] };
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
    assert.deepEqual(JSON.parse((await get()).Policy ?? ''), policy);
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    await refused(get(), 'NoSuchBucketPolicy', 404);
  }),
  bucketCheck('bad-versioning-status', 'a versioning status that does not exist is refused', async ({ name: Bucket, clients: { s3 } }) => {
    const put = s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'On' as 'Enabled' } }));
    await refused(put, ['IllegalVersioningConfigurationException', 'MalformedXML']);
  }),
];
