import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as s3 from '@aws-sdk/client-s3';
import { stepsOf, useSetupWorld } from './setup-world.fixture.js';

const world = useSetupWorld();

describe('what somebody has set otherwise', () => {
  it('is reported by create, and left as it is', async () => {
    await world.setup('create');
    world.env['AWS_KINESIS_SHARD_COUNT'] = '3';
    await world.clients.s3.send(new s3.PutBucketVersioningCommand({ Bucket: 'lake-raw', VersioningConfiguration: { Status: 'Suspended' } }));
    await world.clients.s3.send(
      new s3.PutPublicAccessBlockCommand({ Bucket: 'lake-raw', PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    );
    const { status, lines } = await world.setup('create');
    expect(status).toBe(1);
    expect(lines).toContain('differs        s3://lake-raw: versioning (suspended, wanted enabled)');
    expect(lines).toContain(
      'differs        s3://lake-raw: public-access block (off: IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets, wanted all four on)',
    );
    expect(lines).toContain('differs        kinesis://concerts: shards (2 open shards, wanted 3 open shards)');
    expect(lines).toContainEqual(expect.stringMatching(/→ Scale it: loadin-setup stream scale --shards \d+; or set AWS_KINESIS_SHARD_COUNT=2\.$/));
    expect((await world.clients.s3.send(new s3.GetBucketVersioningCommand({ Bucket: 'lake-raw' }))).Status).toBe('Suspended');
  });

  it('a table with another key is refused', async () => {
    const definition = {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
    };
    await world.clients.dynamodb.send(new dynamodb.CreateTableCommand({ TableName: 'state', BillingMode: 'PAY_PER_REQUEST', ...definition }));
    const { status, lines } = await world.setup('create');
    expect(status).toBe(1);
    expect(lines).toContain('differs        dynamodb://state (key id (HASH), wanted key pk (HASH))');
  });

  it('keeps lifecycle rules and tags of others, and adds its own', async () => {
    await world.clients.s3.send(new s3.CreateBucketCommand({ Bucket: 'lake-raw' }));
    const theirs: s3.LifecycleRule = { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } };
    await world.clients.s3.send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw', LifecycleConfiguration: { Rules: [theirs] } }));
    await world.clients.s3.send(new s3.PutBucketTaggingCommand({ Bucket: 'lake-raw', Tagging: { TagSet: [{ Key: 'Owner', Value: 'data' }] } }));
    expect(stepsOf((await world.setup('create')).lines)).toMatchObject({ 's3://lake-raw: lifecycle': 'changed', 's3://lake-raw: tags': 'changed' });
    const { Rules = [] } = await world.clients.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw' }));
    expect(Rules.map(({ ID }) => ID)).toEqual([
      'theirs',
      'loadin-abort-incomplete-uploads',
      'loadin-expire-noncurrent-versions',
      'loadin-expire-landing',
    ]);
    const { TagSet = [] } = await world.clients.s3.send(new s3.GetBucketTaggingCommand({ Bucket: 'lake-raw' }));
    expect(TagSet.map(({ Key }) => Key)).toContain('Owner');
  });

  it('accepts lifecycle rules that somebody changed, and names them', async () => {
    await world.setup('create');
    const { Rules = [] } = await world.clients.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw' }));
    const longer = Rules.map((rule) => (rule.ID === 'loadin-expire-landing' ? { ...rule, Expiration: { Days: 365 } } : rule));
    await world.clients.s3.send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw', LifecycleConfiguration: { Rules: longer } }));
    const { status, lines } = await world.setup('create');
    expect(status).toBe(0);
    expect(lines).toContain('already there  s3://lake-raw: lifecycle (changed by somebody: loadin-expire-landing)');
    const kept = await world.clients.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw' }));
    expect(kept.Rules?.find(({ ID }) => ID === 'loadin-expire-landing')?.Expiration?.Days).toBe(365);
  });

  it('accepts a stream on demand, whatever its shards', async () => {
    await world.clients.kinesis.send(new kinesis.CreateStreamCommand({ StreamName: 'concerts', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
    const { status, lines } = await world.setup('create');
    expect(lines).toContain('already there  kinesis://concerts: shards (4 open shards, on demand)');
    expect(status).toBe(0);
  });
});
