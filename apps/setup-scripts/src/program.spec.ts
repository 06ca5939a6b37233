import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as s3 from '@aws-sdk/client-s3';
import type { RequestCounts } from '@loadin/local-aws';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepsOf, useSetupWorld } from './setup-world.fixture.js';

const world = useSetupWorld();

describe('loadin-setup create', () => {
  it('makes everything, says so in a line each, and sends a test record', async () => {
    const { status, lines, complaints } = await world.setup('create');
    expect(complaints).toBe('');
    expect(stepsOf(lines)).toEqual({
      's3://lake-raw': 'created',
      's3://lake-raw: versioning': 'created',
      's3://lake-raw: encryption': 'already there',
      's3://lake-raw: public-access block': 'already there',
      's3://lake-raw: lifecycle': 'created',
      's3://lake-raw: tags': 'created',
      's3://lake-processed': 'created',
      's3://lake-processed: versioning': 'created',
      's3://lake-processed: encryption': 'already there',
      's3://lake-processed: public-access block': 'already there',
      's3://lake-processed: lifecycle': 'created',
      's3://lake-processed: tags': 'created',
      'kinesis://concerts': 'created',
      'kinesis://concerts: shards': 'already there',
      'kinesis://concerts: enhanced monitoring': 'created',
      'kinesis://concerts: encryption': 'created',
      'kinesis://concerts: tags': 'created',
      'dynamodb://state': 'created',
      'dynamodb://state: point-in-time recovery': 'created',
      'dynamodb://state: tags': 'created',
      'kinesis://concerts: test record': 'sent',
    });
    expect(lines.slice(lines.indexOf('Stream concerts'))).toEqual([
      'Stream concerts',
      '  ARN          arn:aws:kinesis:us-east-1:000000000000:stream/concerts',
      '  status       ACTIVE',
      '  mode         PROVISIONED',
      '  open shards  2',
      '  retention    24 hours',
      '  encryption   KMS, alias/aws/kinesis',
      '  monitored    IncomingBytes, IncomingRecords, OutgoingBytes, OutgoingRecords',
      expect.stringMatching(/^ {2}created {6}\d{4}-/),
    ]);
    expect(status).toBe(0);
  });

  it('leaves what was asked for, as the services themselves tell', async () => {
    await world.setup('create', '--environment', 'staging');
    const Bucket = 'lake-raw';
    expect(await world.clients.s3.send(new s3.GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Enabled' });
    const { Rules = [] } = await world.clients.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toMatchObject([
      { ID: 'loadin-abort-incomplete-uploads', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      { ID: 'loadin-expire-noncurrent-versions', NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
      { ID: 'loadin-expire-landing', Filter: { Prefix: 'landing/' }, Expiration: { Days: 90 } },
    ]);
    const tags = [
      { Key: 'Environment', Value: 'staging' },
      { Key: 'ManagedBy', Value: 'loadin-setup' },
      { Key: 'Project', Value: 'Loadin' },
    ];
    const { TagSet = [] } = await world.clients.s3.send(new s3.GetBucketTaggingCommand({ Bucket }));
    expect(TagSet.sort((a, b) => (a.Key ?? '').localeCompare(b.Key ?? ''))).toEqual(tags);
    expect((await world.clients.kinesis.send(new kinesis.ListTagsForStreamCommand({ StreamName: 'concerts' }))).Tags).toEqual(tags);
    const { Table } = await world.clients.dynamodb.send(new dynamodb.DescribeTableCommand({ TableName: 'state' }));
    expect(Table).toMatchObject({ KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
  });

  it('does nothing the second time but send a test record', async () => {
    await world.setup('create');
    const before = world.server.requests();
    const { status, lines } = await world.setup('create');
    expect(status).toBe(0);
    const words = Object.values(stepsOf(lines));
    expect(words.filter((word) => word !== 'already there')).toEqual(['sent']);
    const writes = (counts: RequestCounts): [string, number][] =>
      Object.values(counts).flatMap((operations) =>
        Object.entries(operations).filter(([name]) => /^(Create|Put|Enable|Start|Add|Tag|Update)/.test(name) && name !== 'PutRecord'),
      );
    expect(writes(before)).toContainEqual(['PutBucketVersioning', 2]);
    expect(writes(world.server.requests())).toEqual(writes(before));
  });

  it('sends a test record that can be told from data, or none', async () => {
    await world.setup('create');
    await world.setup('create', '--no-test-record');
    const { Shards = [] } = await world.clients.kinesis.send(new kinesis.ListShardsCommand({ StreamName: 'concerts' }));
    const records = [];
    for (const { ShardId } of Shards) {
      const { ShardIterator } = await world.clients.kinesis.send(
        new kinesis.GetShardIteratorCommand({ StreamName: 'concerts', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      records.push(...((await world.clients.kinesis.send(new kinesis.GetRecordsCommand({ ShardIterator }))).Records ?? []));
    }
    expect(records.map(({ PartitionKey, Data }) => [PartitionKey, JSON.parse(new TextDecoder().decode(Data)) as unknown])).toEqual([
      ['test', { test: true, timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) }],
    ]);
  });

  it('goes on where an earlier call was interrupted', async () => {
    await world.clients.s3.send(new s3.CreateBucketCommand({ Bucket: 'lake-raw' }));
    const { lines } = await world.setup('create');
    expect(stepsOf(lines)).toMatchObject({
      's3://lake-raw': 'already there',
      's3://lake-raw: versioning': 'changed',
      's3://lake-processed': 'created',
    });
  });

  it('makes the bucket of checkpoints and the one of logs, and no table, when the settings say so', async () => {
    world.env = { ...world.env, CHECKPOINT_STORE: 's3://lake-state/checkpoints.json', S3_BUCKET_NAME: 'lake-bronze', AWS_S3_BUCKET_PROCESSED: '' };
    const made = stepsOf((await world.setup('create')).lines);
    expect(Object.keys(made).filter((name) => !name.includes(': '))).toEqual([
      's3://lake-raw',
      's3://lake-bronze',
      's3://lake-state',
      'kinesis://concerts',
    ]);
  });

  it('reads the settings from .env, keys and endpoint included', async () => {
    writeFileSync(
      join(world.dir, '.env'),
      Object.entries(world.env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    world.env = {};
    expect(await world.setup('create')).toMatchObject({ status: 0, complaints: '' });
  });
});

describe('loadin-setup check', () => {
  it('says OK to what create has made', async () => {
    await world.setup('create');
    const { status, lines } = await world.setup('check');
    expect(status).toBe(0);
    expect(new Set(Object.values(stepsOf(lines)))).toEqual(new Set(['OK']));
  });

  it('names the rule that is missing when landed pages would be kept for ever', async () => {
    await world.setup('create');
    const Bucket = 'lake-raw';
    const { Rules = [] } = await world.clients.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket }));
    const others = Rules.filter(({ ID }) => ID !== 'loadin-expire-landing');
    await world.clients.s3.send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: others } }));
    const { status, lines } = await world.setup('check');
    expect(status).toBe(1);
    expect(lines).toContain('missing        s3://lake-raw: lifecycle (loadin-expire-landing)');
    expect((await world.setup('create', '--no-test-record')).lines).toContain('changed        s3://lake-raw: lifecycle');
    expect((await world.setup('check')).status).toBe(0);
  });

  it('says what is missing and what to do, and changes nothing', async () => {
    await world.clients.s3.send(new s3.CreateBucketCommand({ Bucket: 'lake-raw' }));
    const { status, lines } = await world.setup('check');
    expect(status).toBe(1);
    expect(stepsOf(lines)).toMatchObject({
      's3://lake-raw': 'OK',
      's3://lake-raw: versioning': 'missing',
      's3://lake-processed': 'missing',
      'kinesis://concerts': 'missing',
      'dynamodb://state': 'missing',
    });
    expect(lines.filter((line) => line.includes('→ Run loadin-setup create.')).length).toBeGreaterThan(4);
    expect((await world.clients.kinesis.send(new kinesis.ListStreamsCommand({}))).StreamNames).toEqual([]);
  });
});

describe('failures', () => {
  it('a wrong setting ends with status 2 before anything is called', async () => {
    world.env = { ...world.env, AWS_S3_BUCKET_RAW: 'No_Bucket', AWS_REGION: '' };
    const { status, complaints, lines } = await world.setup('create');
    expect(status).toBe(2);
    expect(lines).toEqual([]);
    expect(complaints).toMatch(/AWS_REGION is missing[^]*AWS_S3_BUCKET_RAW is "No_Bucket"/);
    expect(world.server.requests()).toEqual({});
  });

  it.each([[['destroy']], [['create', '--shards', '3']], [[]]])('wrong usage (%j) ends with status 2', async (args) => {
    expect(await world.setup(...args)).toMatchObject({ status: 2 });
  });

  it('--help ends with status 0 and names commands, settings and exit status', async () => {
    const { status, lines } = await world.setup('--help');
    expect(status).toBe(0);
    expect(lines.join('\n')).toMatch(/create[^]*check[^]*AWS_S3_BUCKET_RAW[^]*Exit status/);
  });

  it('a server that is not there is one message, and no stack', async () => {
    world.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:9';
    const { status, complaints } = await world.setup('check');
    expect(status).toBe(1);
    expect(complaints).toMatch(/^Error: S3 HeadBucket: nothing listens there \(ECONNREFUSED\)[^]*→ Check AWS_ENDPOINT_URL/);
    expect(complaints.split('\n')).toHaveLength(3);
  });

  it('a step that fails ends create with what was made before and the message; the next call goes on from there', async () => {
    world.server.faults.add({ service: 's3', operation: 'PutBucketVersioning', effect: 'error500' });
    const failed = await world.setup('create');
    expect(failed.status).toBe(1);
    expect(stepsOf(failed.lines)).toEqual({ 's3://lake-raw': 'created' });
    expect(failed.complaints).toMatch(/^Error: S3 PutBucketVersioning: AWS has a fault[^]*at s3:\/\/lake-raw/);
    world.server.faults.clear();
    const next = await world.setup('create');
    expect(next.status).toBe(0);
    expect(stepsOf(next.lines)).toMatchObject({ 's3://lake-raw': 'already there', 's3://lake-raw: versioning': 'changed' });
  });

  it.each(['CreateBucket', 'CreateStream', 'CreateTable'])('an answer of %s that is lost on its way changes nothing', async (operation) => {
    world.server.faults.add({ service: '*', operation, effect: 'lostAnswer', first: 1 });
    const { status, lines } = await world.setup('create');
    expect(status).toBe(0);
    expect(stepsOf(lines)).toMatchObject({ 's3://lake-raw': 'created', 'kinesis://concerts': 'created', 'dynamodb://state': 'created' });
    expect(world.server.faults.list()[0]?.fired).toBe(1);
  });
});
