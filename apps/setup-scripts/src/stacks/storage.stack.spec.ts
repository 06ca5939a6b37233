import { lifecycleRules } from '../resources/lifecycle.js';
import { ACCOUNT, REGION, bucket, fates, rulesOf, synthesized } from './synthesized.fixture.js';

const prod = synthesized('prod', 'storage');
const dev = synthesized('dev', 'storage');

describe('storage', () => {
  it('has four buckets; those of the lake keep old versions and have their accesses logged', () => {
    prod.of('storage').resourceCountIs('AWS::S3::Bucket', 4);
    for (const name of ['raw', 'bronze', 'processed'])
      expect(bucket(prod.of('storage'), `-${name}-`)).toMatchObject({
        Properties: {
          VersioningConfiguration: { Status: 'Enabled' },
          LoggingConfiguration: { LogFilePrefix: `concert-data-${name}-${ACCOUNT}-${REGION}/` },
        },
      });
  });

  it('has the lifecycle rules that create sets, and Glacier behind them', () => {
    for (const [name, prefix] of [
      ['raw', 'raw/'],
      ['bronze', 'data/bronze/'],
      ['processed', undefined],
    ] as const) {
      const rules = rulesOf(prod.of('storage'), `-${name}-`);
      expect(rules.map(({ Id }) => Id)).toEqual(expect.arrayContaining(lifecycleRules(name === 'raw').map(({ ID }) => ID)));
      const glacier = rules.find(({ Id }) => Id === 'loadin-to-glacier');
      expect(glacier).toMatchObject({
        Status: 'Enabled',
        Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: name === 'raw' ? 90 : 180 }],
      });
      expect(glacier?.Prefix).toBe(prefix);
    }
    expect(rulesOf(prod.of('storage'), '-raw-')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Id: 'loadin-abort-incomplete-uploads', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
        expect.objectContaining({
          Id: 'loadin-expire-landing',
          Prefix: 'landing/',
          ExpirationInDays: 90,
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        }),
        expect.objectContaining({
          Id: 'loadin-expire-noncurrent-versions',
          ExpiredObjectDeleteMarker: true,
          NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        }),
      ]),
    );
  });

  it('has other days where the environment says so', () => {
    const rules = rulesOf(dev.of('storage'), '-raw-dev-');
    expect(rules.find(({ Id }) => Id === 'loadin-expire-landing')).toMatchObject({ ExpirationInDays: 14 });
    expect(rules.find(({ Id }) => Id === 'loadin-to-glacier')).toMatchObject({ Transitions: [{ TransitionInDays: 30 }] });
  });

  it('has the checkpoint table of the state store, on demand, with recovery', () => {
    prod.of('storage').hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'loadin-checkpoints',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  it('outlives its stack in production, and nowhere else', () => {
    expect(fates(prod.of('storage'))).toEqual(new Set(['Retain/Retain']));
    expect(fates(dev.of('storage'))).toEqual(new Set(['Delete/Delete']));
  });

  it('is tagged as a stack’s', () => {
    const tags = [
      { Key: 'Environment', Value: 'prod' },
      { Key: 'ManagedBy', Value: 'cdk' },
      { Key: 'Project', Value: 'Loadin' },
    ];
    prod.of('storage').allResourcesProperties('AWS::S3::Bucket', { Tags: tags });
    prod.of('storage').allResourcesProperties('AWS::DynamoDB::Table', { Tags: tags });
  });
});
