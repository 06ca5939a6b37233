import { policyFindings, resolvedPolicies } from '@loadin/infrastructure';
import { templates } from '@loadin/infrastructure/cdk';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describeLake } from '@loadin/catalogue';
import { lifecycleRules } from './src/resources/lifecycle.js';
import { stacks } from './stack.js';

const account = '123456789012';
const region = 'eu-west-1';
const folder = mkdtempSync(join(tmpdir(), 'shared-stacks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const orders = {
  entity: 'orders',
  versions: [
    {
      version: 1,
      columns: [
        { name: 'id', type: 'int64' },
        { name: 'Total', type: 'decimal(10,2)' },
      ],
    },
  ],
  key: ['id'],
};
writeFileSync(join(folder, 'lake.json'), JSON.stringify(describeLake({ bronze: { bucket: 'lake', entities: [orders] }, logs: { bucket: 'lake' } })));

function synthesized(name: string, settings: string) {
  const environments = `{ version: 1, environments: { ${name}: { account: '${account}', region: ${region} ${settings} } } }`;
  const json = templates({
    // Nothing is in it where no network is made, and a stack of nothing is none.
    definitions: stacks.filter((stack) => stack.name !== 'network' || settings.includes('cidr')),
    environments,
    file: join(folder, 'loadin.environments.yaml'),
    name,
    workspace: resolve(import.meta.dirname, '../..'),
  });
  const of = (stack: keyof typeof json): Template => Template.fromJSON(json[stack] ?? {});
  return { json, of };
}

const prod = synthesized('prod', ', catalogue_file: lake.json, alarms: { email: ops@example.org }');
const dev = synthesized(
  'dev',
  ', suffix: -dev, catalogue: true, network: { cidr: 10.40.0.0/20 }, data_events: true, sizes: { stream_shards: 0 }, retention: { landing_days: 14, stream_hours: 48, glacier_after_days: { raw: 30 } }',
);
/** As what a bucket is, by a part of its name. */
const bucket = (template: Template, name: string) =>
  Object.values(template.findResources('AWS::S3::Bucket', { Properties: { BucketName: Match.stringLikeRegexp(name) } }))[0];
interface Rule {
  Id: string;
  Prefix?: string;
  [field: string]: unknown;
}
const rulesOf = (template: Template, name: string): Rule[] =>
  (bucket(template, name)?.['Properties'] as { LifecycleConfiguration: { Rules: Rule[] } }).LifecycleConfiguration.Rules;

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

describe('storage', () => {
  it('has four buckets; those of the lake keep old versions and have their accesses logged', () => {
    prod.of('storage').resourceCountIs('AWS::S3::Bucket', 4);
    for (const name of ['raw', 'bronze', 'processed'])
      expect(bucket(prod.of('storage'), `-${name}-`)).toMatchObject({
        Properties: {
          VersioningConfiguration: { Status: 'Enabled' },
          LoggingConfiguration: { LogFilePrefix: `concert-data-${name}-${account}-${region}/` },
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
    const policies = (template: Template) =>
      ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Kinesis::Stream'].flatMap((type) =>
        Object.values(template.findResources(type)).map(({ DeletionPolicy, UpdateReplacePolicy }) => `${DeletionPolicy}/${UpdateReplacePolicy}`),
      );
    for (const stack of ['storage', 'streaming'] as const) {
      expect(new Set(policies(prod.of(stack)))).toEqual(new Set(['Retain/Retain']));
      expect(new Set(policies(dev.of(stack)))).toEqual(new Set(['Delete/Delete']));
    }
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

describe('streaming', () => {
  it('has the stream that create makes, encrypted and monitored per shard', () => {
    prod.of('streaming').hasResourceProperties('AWS::Kinesis::Stream', {
      Name: 'concert-data-stream',
      ShardCount: 1,
      RetentionPeriodHours: 24,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      DesiredShardLevelMetrics: ['IncomingBytes', 'IncomingRecords', 'OutgoingBytes', 'OutgoingRecords'],
    });
    dev.of('streaming').hasResourceProperties('AWS::Kinesis::Stream', {
      Name: 'concert-data-stream-dev',
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RetentionPeriodHours: 48,
    });
  });

  it('drops batches that were given up after 30 days', () => {
    expect(rulesOf(prod.of('streaming'), '-failed-')).toEqual([expect.objectContaining({ ExpirationInDays: 30 })]);
  });
});

describe('catalogue', () => {
  it('projects ingestion date and load type of an entity, and nothing else', () => {
    const [orders_] = Object.values(prod.of('catalogue').findResources('AWS::Glue::Table', { Properties: { TableInput: { Name: 'orders' } } })) as {
      Properties: {
        DatabaseName: string;
        TableInput: {
          Parameters: Record<string, string>;
          PartitionKeys: { Name: string }[];
          StorageDescriptor: { Columns: { Name: string; Type: string }[] };
        };
      };
    }[];
    const { DatabaseName, TableInput } = orders_?.Properties ?? {};
    expect(DatabaseName).toBe('bronze');
    expect(TableInput?.PartitionKeys.map(({ Name }) => Name)).toEqual(['ingestion_date', 'load_type']);
    const projected = Object.keys(TableInput?.Parameters ?? {}).flatMap((key) => /^projection\.(\w+)\.type$/.exec(key)?.[1] ?? []);
    expect(projected).toEqual(['ingestion_date', 'load_type']);
    expect(TableInput?.Parameters['storage.location.template']).toBe(
      's3://lake/data/bronze/orders/ingestion_date=${ingestion_date}/load_type=${load_type}/',
    );
    expect(TableInput?.StorageDescriptor.Columns.slice(0, 3)).toEqual([
      { Name: 'id', Type: 'bigint' },
      { Name: 'total', Type: 'decimal(10,2)' },
      { Name: '_ingestion_ts', Type: 'timestamp' },
    ]);
  });

  it('has raw and logs before anything was loaded, whose names of fields are quoted nowhere', () => {
    const tables = Object.values(dev.of('catalogue').findResources('AWS::Glue::Table')) as {
      Properties: { DatabaseName: string; TableInput: { Name: string } };
    }[];
    expect(tables.map(({ Properties }) => `${Properties.DatabaseName}.${Properties.TableInput.Name}`)).toEqual(
      expect.arrayContaining(['raw.events_objects', 'logs.lines']),
    );
    expect(JSON.stringify(tables)).not.toContain('`');
  });

  it('has the two queries of the guides, in a workgroup that encrypts what it finds and bounds what it reads', () => {
    for (const Name of ['Recent ingestion runs', 'Bronze data counts'])
      for (const { of } of [prod, dev]) of('catalogue').hasResourceProperties('AWS::Athena::NamedQuery', { Name });
    prod.of('catalogue').hasResource('AWS::Athena::WorkGroup', {
      Properties: {
        RecursiveDeleteOption: false,
        WorkGroupConfiguration: {
          EnforceWorkGroupConfiguration: true,
          BytesScannedCutoffPerQuery: Match.anyValue(),
          ResultConfiguration: {
            OutputLocation: `s3://concert-data-processed-${account}-${region}/athena-results/`,
            EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
          },
        },
      },
      DeletionPolicy: 'Retain',
    });
  });
});

describe('observability', () => {
  it('tells somebody of every alarm, and when it is over', () => {
    const template = prod.of('observability');
    const actions = [{ Ref: Match.stringLikeRegexp('^Alarms') }];
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: actions, OKActions: actions });
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.org' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'loadin-ingestion-duration',
      Threshold: 780_000,
      TreatMissingData: 'notBreaching',
    });
  });

  it('has a topic that takes TLS alone, and alarms of this account', () => {
    prod.of('observability').hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': account } },
          }),
        ]),
      },
    });
  });

  it('records reads and writes of the lake where that is wanted, and nowhere else', () => {
    prod.of('observability').resourceCountIs('AWS::CloudTrail::Trail', 0);
    dev.of('observability').hasResourceProperties('AWS::CloudTrail::Trail', { EnableLogFileValidation: true });
    const [trail] = Object.values(dev.of('observability').findResources('AWS::CloudTrail::Trail'));
    for (const zone of ['raw', 'bronze', 'processed']) expect(JSON.stringify(trail)).toContain(`concert-data-${zone}-dev-${account}-${region}/`);
  });
});

describe('network', () => {
  it('has two private subnets, endpoints for what a load calls, and no way out unless it is asked for', () => {
    const template = dev.of('network');
    template.resourceCountIs('AWS::EC2::Subnet', 2);
    template.resourceCountIs('AWS::EC2::InternetGateway', 0);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 4);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/loadin/network/subnets-dev', Type: 'StringList' });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: Match.arrayWith([Match.objectLike({ CidrIp: '10.40.0.0/20', FromPort: 5432, ToPort: 5432 })]),
    });
  });
});

it('allows nothing without a name, in any stack', () => {
  for (const { json } of [prod, dev])
    for (const [stack, template] of Object.entries(json))
      expect({ stack, findings: policyFindings(resolvedPolicies(template, { account, region })) }).toEqual({ stack, findings: [] });
});
