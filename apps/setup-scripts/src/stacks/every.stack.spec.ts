import { policyFindings, resolvedPolicies } from '@loadin/infrastructure';
import { ACCOUNT, REGION, synthesized } from './synthesized.fixture.js';

const prod = synthesized('prod', 'storage', 'streaming', 'catalogue', 'observability');
const dev = synthesized('dev', 'storage', 'streaming', 'network', 'catalogue', 'observability');

describe('every bucket, of every stack', () => {
  // Observability has one only where data events are recorded.
  const all = [prod.of('storage'), prod.of('streaming'), dev.of('storage'), dev.of('streaming'), dev.of('observability')];

  it('encrypts, is closed to the public and knows no ACLs', () => {
    for (const template of all)
      template.allResourcesProperties('AWS::S3::Bucket', {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      });
  });

  it('takes TLS 1.2 alone', () => {
    for (const template of all) {
      const buckets = Object.keys(template.findResources('AWS::S3::Bucket'));
      const policies = Object.values(template.findResources('AWS::S3::BucketPolicy')) as {
        Properties: { Bucket: { Ref: string }; PolicyDocument: { Statement: object[] } };
      }[];
      expect(policies.map(({ Properties }) => Properties.Bucket.Ref).sort()).toEqual(buckets.sort());
      for (const { Properties } of policies)
        expect(Properties.PolicyDocument.Statement).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
            expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
          ]),
        );
    }
  });
});

it('allows nothing without a name, in any stack', () => {
  for (const { json } of [prod, dev])
    for (const [stack, template] of Object.entries(json))
      expect({ stack, findings: policyFindings(resolvedPolicies(template, { account: ACCOUNT, region: REGION })) }).toEqual({ stack, findings: [] });
});
