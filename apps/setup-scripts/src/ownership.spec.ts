import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as s3 from '@aws-sdk/client-s3';
import { parseEnvironments, resourceNames, type EnvironmentSettings } from '@loadin/infrastructure';
import { foreignResources, refuseForeign } from './deploy/ownership.js';
import { sharedResources } from './resources/of-stacks.js';
import { useSetupWorld } from './setup-world.fixture.js';

const world = useSetupWorld();

describe('loadin-setup create, where a stack owns something', () => {
  it('leaves that alone, says so and goes on with the rest', async () => {
    await world.setup('create', '--no-test-record');
    const { s3: client } = world.clients;
    await client.send(new s3.PutBucketTaggingCommand({ Bucket: 'lake-raw', Tagging: { TagSet: [{ Key: 'ManagedBy', Value: 'cdk' }] } }));
    await client.send(new s3.DeletePublicAccessBlockCommand({ Bucket: 'lake-raw' }));
    const { status, lines } = await world.setup('create', '--no-test-record');
    expect(status).toBe(1);
    expect(lines.join('\n')).toMatch(
      /differs +s3:\/\/lake-raw \(ManagedBy=cdk, wanted ManagedBy=loadin-setup\)\n +→ A stack has made it: change it with loadin-setup deploy[^]*already there +s3:\/\/lake-processed/,
    );
    await expect(client.send(new s3.GetPublicAccessBlockCommand({ Bucket: 'lake-raw' }))).rejects.toMatchObject({
      name: 'NoSuchPublicAccessBlockConfiguration',
    });
  });

  it('is no difference to check, which only looks', async () => {
    await world.setup('create', '--no-test-record');
    const TagSet = [{ Key: 'ManagedBy', Value: 'cdk' }];
    await world.clients.s3.send(new s3.PutBucketTaggingCommand({ Bucket: 'lake-raw', Tagging: { TagSet } }));
    const { status, lines } = await world.setup('check');
    expect({ status, tags: lines.filter((line) => line.includes('lake-raw: tags')) }).toEqual({
      status: 0,
      tags: [expect.stringMatching(/^OK +s3:\/\/lake-raw: tags \(of a stack\)$/)],
    });
  });
});

describe('a deployment, where something is there already', () => {
  const environment = (): EnvironmentSettings => {
    const found = parseEnvironments("{ version: 1, environments: { dev: { account: '123456789012', region: us-east-1 } } }", 'file').get('dev');
    if (found === undefined) throw new Error('no environment');
    return found;
  };
  const names = resourceNames({ environment: 'dev', account: '123456789012', region: 'us-east-1' });
  const foreign = (stack: 'storage' | 'streaming') => foreignResources(sharedResources(stack, environment(), world.clients));

  it('goes on when nothing is there, and when it is its own', async () => {
    expect(await foreign('storage')).toEqual([]);
    await world.clients.s3.send(new s3.CreateBucketCommand({ Bucket: names.rawBucket }));
    const TagSet = [{ Key: 'ManagedBy', Value: 'cdk' }];
    await world.clients.s3.send(new s3.PutBucketTaggingCommand({ Bucket: names.rawBucket, Tagging: { TagSet } }));
    expect(await foreign('storage')).toEqual([]);
    expect(() => refuseForeign([], 'storage', 'dev')).not.toThrow();
  });

  it('is refused for what create or somebody has made, with the command that takes it over', async () => {
    const { s3: buckets, kinesis: streams, dynamodb: tables } = world.clients;
    await buckets.send(new s3.CreateBucketCommand({ Bucket: names.rawBucket }));
    await tables.send(
      new dynamodb.CreateTableCommand({
        TableName: names.checkpointTable,
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await sharedResources('storage', environment(), world.clients).at(-1)?.takeOver('loadin-setup');
    await streams.send(new kinesis.CreateStreamCommand({ StreamName: names.stream, ShardCount: 1 }));
    const found = await foreign('storage');
    expect(found).toEqual([
      { name: `s3://${names.rawBucket}`, managedBy: undefined },
      { name: 'dynamodb://loadin-checkpoints', managedBy: 'loadin-setup' },
    ]);
    expect(await foreign('streaming')).toEqual([{ name: 'kinesis://concert-data-stream', managedBy: undefined }]);
    expect(() => refuseForeign(found, 'storage', 'dev')).toThrow(
      expect.objectContaining({
        message: `The stack storage would make what is there already: s3://${names.rawBucket} (without the tag ManagedBy), dynamodb://loadin-checkpoints (made by loadin-setup)`,
        hint: expect.stringContaining('(cdk import): loadin-setup import storage --environment dev'),
      }),
    );
  });

  it('finds its own after they were taken over', async () => {
    await world.clients.kinesis.send(new kinesis.CreateStreamCommand({ StreamName: names.stream, ShardCount: 1 }));
    const [stream] = sharedResources('streaming', environment(), world.clients);
    await stream?.takeOver('cdk');
    expect(await foreign('streaming')).toEqual([]);
  });
});
