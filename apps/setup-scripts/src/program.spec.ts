import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as s3 from '@aws-sdk/client-s3';
import { startLocalAws, type LocalAws, type RequestCounts } from '@loadin/local-aws';
import { loadEnvironment } from '@loadin/config';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients, type Clients } from './clients.js';
import { runProgram } from './program.js';

let dir: string;
let server: LocalAws;
let clients: Clients;
let env: Record<string, string>;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'loadin-setup-'));
  server = await startLocalAws({ dataDir: join(dir, 'aws') });
  env = {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_S3_BUCKET_RAW: 'lake-raw',
    AWS_S3_BUCKET_PROCESSED: 'lake-processed',
    AWS_KINESIS_STREAM_NAME: 'concerts',
    AWS_KINESIS_SHARD_COUNT: '2',
    CHECKPOINT_STORE: 'dynamodb://state',
  };
  clients = createClients('us-east-1', loadEnvironment({ cwd: dir, env }));
});
afterEach(async () => {
  clients.close();
  await server.close();
  rmSync(dir, { recursive: true });
});

async function setup(...args: string[]): Promise<{ status: number; lines: string[]; complaints: string }> {
  const lines: string[] = [];
  const complaints: string[] = [];
  const output = { print: (line: string) => void lines.push(...line.split('\n')), complain: (text: string) => void complaints.push(text) };
  const status = await runProgram(args, { output, env, cwd: dir });
  return { status, lines, complaints: complaints.join('\n') };
}
/** Words of the lines that tell of steps, by their subject. */
const steps = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.flatMap((line) => (/^(\S.{13}) (\S+:\/\/[^(]*?)(?: \(.*)?$/.exec(line) ? [[RegExp.$2, RegExp.$1.trim()]] : [])));

describe('loadin-setup create', () => {
  it('makes everything, says so in a line each, and sends a test record', async () => {
    const { status, lines, complaints } = await setup('create');
    expect(complaints).toBe('');
    expect(steps(lines)).toEqual({
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
    await setup('create', '--environment', 'staging');
    const Bucket = 'lake-raw';
    expect(await clients.s3.send(new s3.GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Enabled' });
    const { Rules = [] } = await clients.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toMatchObject([
      { ID: 'loadin-abort-incomplete-uploads', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      { ID: 'loadin-expire-noncurrent-versions', NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
      { ID: 'loadin-expire-landing', Filter: { Prefix: 'landing/' }, Expiration: { Days: 30 } },
    ]);
    const tags = [
      { Key: 'Environment', Value: 'staging' },
      { Key: 'ManagedBy', Value: 'loadin-setup' },
      { Key: 'Project', Value: 'Loadin' },
    ];
    const { TagSet = [] } = await clients.s3.send(new s3.GetBucketTaggingCommand({ Bucket }));
    expect(TagSet.sort((a, b) => (a.Key ?? '').localeCompare(b.Key ?? ''))).toEqual(tags);
    expect((await clients.kinesis.send(new kinesis.ListTagsForStreamCommand({ StreamName: 'concerts' }))).Tags).toEqual(tags);
    const { Table } = await clients.dynamodb.send(new dynamodb.DescribeTableCommand({ TableName: 'state' }));
    expect(Table).toMatchObject({ KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
  });

  it('does nothing the second time but send a test record', async () => {
    await setup('create');
    const before = server.requests();
    const { status, lines } = await setup('create');
    expect(status).toBe(0);
    const words = Object.values(steps(lines));
    expect(words.filter((word) => word !== 'already there')).toEqual(['sent']);
    const writes = (counts: RequestCounts): [string, number][] =>
      Object.values(counts).flatMap((operations) =>
        Object.entries(operations).filter(([name]) => /^(Create|Put|Enable|Start|Add|Tag|Update)/.test(name) && name !== 'PutRecord'),
      );
    expect(writes(before)).toContainEqual(['PutBucketVersioning', 2]);
    expect(writes(server.requests())).toEqual(writes(before));
  });

  it('sends a test record that can be told from data, or none', async () => {
    await setup('create');
    await setup('create', '--no-test-record');
    const { Shards = [] } = await clients.kinesis.send(new kinesis.ListShardsCommand({ StreamName: 'concerts' }));
    const records = [];
    for (const { ShardId } of Shards) {
      const { ShardIterator } = await clients.kinesis.send(
        new kinesis.GetShardIteratorCommand({ StreamName: 'concerts', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      records.push(...((await clients.kinesis.send(new kinesis.GetRecordsCommand({ ShardIterator }))).Records ?? []));
    }
    expect(records.map(({ PartitionKey, Data }) => [PartitionKey, JSON.parse(new TextDecoder().decode(Data)) as unknown])).toEqual([
      ['test', { test: true, timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) }],
    ]);
  });

  it('goes on where an earlier call was interrupted', async () => {
    await clients.s3.send(new s3.CreateBucketCommand({ Bucket: 'lake-raw' }));
    const { lines } = await setup('create');
    expect(steps(lines)).toMatchObject({
      's3://lake-raw': 'already there',
      's3://lake-raw: versioning': 'changed',
      's3://lake-processed': 'created',
    });
  });

  it('makes the bucket of checkpoints and the one of logs, and no table, when the settings say so', async () => {
    env = { ...env, CHECKPOINT_STORE: 's3://lake-state/checkpoints.json', S3_BUCKET_NAME: 'lake-bronze', AWS_S3_BUCKET_PROCESSED: '' };
    const made = steps((await setup('create')).lines);
    expect(Object.keys(made).filter((name) => !name.includes(': '))).toEqual([
      's3://lake-raw',
      's3://lake-bronze',
      's3://lake-state',
      'kinesis://concerts',
    ]);
  });

  it('reads the settings from .env, keys and endpoint included', async () => {
    writeFileSync(
      join(dir, '.env'),
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    env = {};
    expect(await setup('create')).toMatchObject({ status: 0, complaints: '' });
  });
});

describe('what somebody has set otherwise', () => {
  it('is reported by create, and left as it is', async () => {
    await setup('create');
    env['AWS_KINESIS_SHARD_COUNT'] = '3';
    await clients.s3.send(new s3.PutBucketVersioningCommand({ Bucket: 'lake-raw', VersioningConfiguration: { Status: 'Suspended' } }));
    await clients.s3.send(new s3.PutPublicAccessBlockCommand({ Bucket: 'lake-raw', PublicAccessBlockConfiguration: { BlockPublicAcls: true } }));
    const { status, lines } = await setup('create');
    expect(status).toBe(1);
    expect(lines).toContain('differs        s3://lake-raw: versioning (suspended, wanted enabled)');
    expect(lines).toContain(
      'differs        s3://lake-raw: public-access block (off: IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets, wanted all four on)',
    );
    expect(lines).toContain('differs        kinesis://concerts: shards (2 open shards, wanted 3 open shards)');
    expect(lines).toContainEqual(expect.stringMatching(/→ Scale it: aws kinesis update-shard-count .* or set AWS_KINESIS_SHARD_COUNT=2\.$/));
    expect((await clients.s3.send(new s3.GetBucketVersioningCommand({ Bucket: 'lake-raw' }))).Status).toBe('Suspended');
  });

  it('a table with another key is refused', async () => {
    const definition = {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
    };
    await clients.dynamodb.send(new dynamodb.CreateTableCommand({ TableName: 'state', BillingMode: 'PAY_PER_REQUEST', ...definition }));
    const { status, lines } = await setup('create');
    expect(status).toBe(1);
    expect(lines).toContain('differs        dynamodb://state (key id (HASH), wanted key pk (HASH))');
  });

  it('keeps lifecycle rules and tags of others, and adds its own', async () => {
    await clients.s3.send(new s3.CreateBucketCommand({ Bucket: 'lake-raw' }));
    const theirs: s3.LifecycleRule = { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } };
    await clients.s3.send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw', LifecycleConfiguration: { Rules: [theirs] } }));
    await clients.s3.send(new s3.PutBucketTaggingCommand({ Bucket: 'lake-raw', Tagging: { TagSet: [{ Key: 'Owner', Value: 'data' }] } }));
    expect(steps((await setup('create')).lines)).toMatchObject({ 's3://lake-raw: lifecycle': 'changed', 's3://lake-raw: tags': 'changed' });
    const { Rules = [] } = await clients.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw' }));
    expect(Rules.map(({ ID }) => ID)).toEqual([
      'theirs',
      'loadin-abort-incomplete-uploads',
      'loadin-expire-noncurrent-versions',
      'loadin-expire-landing',
    ]);
    const { TagSet = [] } = await clients.s3.send(new s3.GetBucketTaggingCommand({ Bucket: 'lake-raw' }));
    expect(TagSet.map(({ Key }) => Key)).toContain('Owner');
  });

  it('accepts lifecycle rules that somebody changed, and names them', async () => {
    await setup('create');
    const { Rules = [] } = await clients.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw' }));
    const longer = Rules.map((rule) => (rule.ID === 'loadin-expire-landing' ? { ...rule, Expiration: { Days: 90 } } : rule));
    await clients.s3.send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw', LifecycleConfiguration: { Rules: longer } }));
    const { status, lines } = await setup('create');
    expect(status).toBe(0);
    expect(lines).toContain('already there  s3://lake-raw: lifecycle (changed by somebody: loadin-expire-landing)');
    const kept = await clients.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket: 'lake-raw' }));
    expect(kept.Rules?.find(({ ID }) => ID === 'loadin-expire-landing')?.Expiration?.Days).toBe(90);
  });

  it('accepts a stream on demand, whatever its shards', async () => {
    await clients.kinesis.send(new kinesis.CreateStreamCommand({ StreamName: 'concerts', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
    const { status, lines } = await setup('create');
    expect(lines).toContain('already there  kinesis://concerts: shards (4 open shards, on demand)');
    expect(status).toBe(0);
  });
});

describe('loadin-setup check', () => {
  it('says OK to what create has made', async () => {
    await setup('create');
    const { status, lines } = await setup('check');
    expect(status).toBe(0);
    expect(new Set(Object.values(steps(lines)))).toEqual(new Set(['OK']));
  });

  it('says what is missing and what to do, and changes nothing', async () => {
    await clients.s3.send(new s3.CreateBucketCommand({ Bucket: 'lake-raw' }));
    const { status, lines } = await setup('check');
    expect(status).toBe(1);
    expect(steps(lines)).toMatchObject({
      's3://lake-raw': 'OK',
      's3://lake-raw: versioning': 'missing',
      's3://lake-processed': 'missing',
      'kinesis://concerts': 'missing',
      'dynamodb://state': 'missing',
    });
    expect(lines.filter((line) => line.includes('→ Run loadin-setup create.')).length).toBeGreaterThan(4);
    expect((await clients.kinesis.send(new kinesis.ListStreamsCommand({}))).StreamNames).toEqual([]);
  });
});

describe('failures', () => {
  it('a wrong setting ends with status 2 before anything is called', async () => {
    env = { ...env, AWS_S3_BUCKET_RAW: 'No_Bucket', AWS_REGION: '' };
    const { status, complaints, lines } = await setup('create');
    expect(status).toBe(2);
    expect(lines).toEqual([]);
    expect(complaints).toMatch(/AWS_REGION is missing[^]*AWS_S3_BUCKET_RAW is "No_Bucket"/);
    expect(server.requests()).toEqual({});
  });

  it.each([[['destroy']], [['create', '--shards', '3']], [[]]])('wrong usage (%j) ends with status 2', async (args) => {
    expect(await setup(...args)).toMatchObject({ status: 2 });
  });

  it('--help ends with status 0 and names commands, settings and exit status', async () => {
    const { status, lines } = await setup('--help');
    expect(status).toBe(0);
    expect(lines.join('\n')).toMatch(/create[^]*check[^]*AWS_S3_BUCKET_RAW[^]*Exit status/);
  });

  it('a server that is not there is one message, and no stack', async () => {
    env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:9';
    const { status, complaints } = await setup('check');
    expect(status).toBe(1);
    expect(complaints).toMatch(/^Error: S3 HeadBucket: nothing listens there \(ECONNREFUSED\)[^]*→ Check AWS_ENDPOINT_URL/);
    expect(complaints.split('\n')).toHaveLength(3);
  });

  it('a step that fails ends create with what was made before and the message; the next call goes on from there', async () => {
    server.faults.add({ service: 's3', operation: 'PutBucketVersioning', effect: 'error500' });
    const failed = await setup('create');
    expect(failed.status).toBe(1);
    expect(steps(failed.lines)).toEqual({ 's3://lake-raw': 'created' });
    expect(failed.complaints).toMatch(/^Error: S3 PutBucketVersioning: AWS has a fault[^]*at s3:\/\/lake-raw/);
    server.faults.clear();
    const next = await setup('create');
    expect(next.status).toBe(0);
    expect(steps(next.lines)).toMatchObject({ 's3://lake-raw': 'already there', 's3://lake-raw: versioning': 'changed' });
  });

  it.each(['CreateBucket', 'CreateStream', 'CreateTable'])('an answer of %s that is lost on its way changes nothing', async (operation) => {
    server.faults.add({ service: '*', operation, effect: 'lostAnswer', first: 1 });
    const { status, lines } = await setup('create');
    expect(status).toBe(0);
    expect(steps(lines)).toMatchObject({ 's3://lake-raw': 'created', 'kinesis://concerts': 'created', 'dynamodb://state': 'created' });
    expect(server.faults.list()[0]?.fired).toBe(1);
  });
});
