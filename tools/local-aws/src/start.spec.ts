import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { makeClients } from './conformance/clients.js';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './start.js';

describe('startLocalAws', () => {
  let dataDir: string;
  const running: LocalAws[] = [];
  const start = async (options: Partial<LocalAwsOptions> = {}): Promise<LocalAws> => {
    const server = await startLocalAws({ dataDir, ...options });
    running.push(server);
    return server;
  };
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'local-aws-'));
  });
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close();
    await rm(dataDir, { recursive: true });
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('serves all four services at %s and keeps what they hold over a restart', async (host) => {
    const first = await start();
    let clients = makeClients(`http://${host}:${first.port}`);
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
    await clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'raw/ä b', Body: 'hello' }));
    await clients.kinesis.send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 1 }));
    await clients.dynamodb.send(
      new CreateTableCommand({
        TableName: 'checkpoints',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'checkpoints', Item: { id: { S: 'a' }, n: { N: '1' } } }));
    clients.destroy();
    await running.pop()?.close();

    const second = await start();
    clients = makeClients(`http://${host}:${second.port}`);
    const listed = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
    expect(listed.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([['raw/ä b', 5]]);
    const got = await clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'raw/ä b' }));
    expect(await new Response(Readable.toWeb(got.Body as Readable)).text()).toBe('hello');
    expect((await clients.kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual(['events']);
    expect((await clients.dynamodb.send(new GetItemCommand({ TableName: 'checkpoints', Key: { id: { S: 'a' } } }))).Item?.n).toEqual({ N: '1' });
    clients.destroy();
  });

  it('refuses a data directory that another server has', async () => {
    await start();
    await expect(start()).rejects.toThrow(/is in use by another local AWS: stop it, or choose another one/);
  });

  it('says which port is taken, and leaves the data directory free', async () => {
    const { port } = await start();
    const other = join(dataDir, 'other');
    await expect(start({ dataDir: other, port })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken: choose another one, or 0 for any.`);
    await start({ dataDir: other });
  });
});
