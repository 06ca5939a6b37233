import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { type ConformanceClients, makeClients } from './conformance/clients.js';
import { buildServerProgram, type ServerProcess, type ServerProgram } from './server-process.fixture.js';

jest.setTimeout(60_000);

/** Long enough to be written in several pieces, so that a kill may fall between them. */
const bodyOf = (key: string): string => `${key};`.repeat(20_000);

describe('a server that is killed', () => {
  let program: ServerProgram;
  let dataDir: string;
  let server: ServerProcess;
  let clients: ConformanceClients;

  const start = async (): Promise<void> => {
    server = await program.start(dataDir);
    clients = makeClients(server.url);
  };
  const restartAfterKill = async (): Promise<void> => {
    clients.destroy();
    await server.end('SIGKILL');
    await start();
  };

  beforeAll(() => {
    program = buildServerProgram();
  });
  afterAll(() => program.remove());
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'crash-'));
    await start();
  });
  afterEach(async () => {
    clients.destroy();
    await server.end('SIGKILL');
    await rm(dataDir, { recursive: true });
  });

  it('has every write that it acknowledged, and of the others all or nothing', async () => {
    const TableName = 'checkpoints';
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
    await clients.kinesis.send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 1 }));
    await clients.dynamodb.send(
      new CreateTableCommand({
        ...{ TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    const acknowledged = { objects: new Set<string>(), records: new Set<string>(), items: new Set<string>(), secrets: new Set<string>() };
    // Three lives, each ended in the middle of its writes.
    for (const [life, killAfter] of [15, 40, 25].entries()) {
      let killed = false;
      const write = async (kind: keyof typeof acknowledged, send: (name: string) => Promise<unknown>): Promise<void> => {
        for (let i = 0; !killed; i += 1) {
          const name = `${kind}-${life}-${i}`;
          await send(name).then(
            () => acknowledged[kind].add(name),
            () => undefined,
          );
        }
      };
      const { s3, kinesis, dynamodb, secrets } = clients;
      const writers = Promise.all([
        write('objects', (Key) => s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: bodyOf(Key) }))),
        write('records', (PartitionKey) =>
          kinesis.send(new PutRecordCommand({ StreamName: 'events', PartitionKey, Data: Buffer.from(PartitionKey) })),
        ),
        write('items', (id) => dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, n: { N: '1' } } }))),
        write('secrets', (Name) => secrets.send(new CreateSecretCommand({ Name, SecretString: Name }))),
      ]);
      const before = acknowledged.objects.size;
      while (acknowledged.objects.size < before + killAfter) await new Promise((resolve) => setImmediate(resolve));
      const dead = server.end('SIGKILL');
      killed = true;
      await Promise.all([dead, writers]);
      clients.destroy();
      await start();
    }

    const { Contents = [], IsTruncated } = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
    expect(IsTruncated).toBe(false);
    const keys = Contents.map(({ Key = '' }) => Key);
    expect(keys).toEqual(expect.arrayContaining([...acknowledged.objects]));
    for (const Key of keys) {
      const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key }));
      expect((await Body?.transformToString()) === bodyOf(Key)).toBe(true);
    }
    const { ShardIterator } = await clients.kinesis.send(
      new GetShardIteratorCommand({ StreamName: 'events', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records = [] } = await clients.kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(expect.arrayContaining([...acknowledged.records]));
    const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
    expect(Items.map(({ id }) => id?.S)).toEqual(expect.arrayContaining([...acknowledged.items]));
    for (const SecretId of acknowledged.secrets) {
      expect((await clients.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe(SecretId);
    }
  });

  it('goes on with multipart uploads, versions and deletions where it was', async () => {
    const at = { Bucket: 'lake', Key: 'big' };
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
    await clients.s3.send(new PutBucketVersioningCommand({ Bucket: 'lake', VersioningConfiguration: { Status: 'Enabled' } }));
    const { VersionId } = await clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'small', Body: 'one' }));
    await clients.s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'small' }));
    const { UploadId } = await clients.s3.send(new CreateMultipartUploadCommand(at));
    const first = Buffer.alloc(5 * 1024 * 1024, 'a');
    const part = async (PartNumber: number, Body: Uint8Array) => ({
      PartNumber,
      ETag: (await clients.s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }))).ETag,
    });
    const parts = [await part(1, first)];
    await restartAfterKill();

    expect((await clients.s3.send(new ListPartsCommand({ ...at, UploadId }))).Parts?.map(({ PartNumber }) => PartNumber)).toEqual([1]);
    parts.push(await part(2, Buffer.from('end')));
    await clients.s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: parts } }));
    await restartAfterKill();

    const { Body } = await clients.s3.send(new GetObjectCommand(at));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([first, Buffer.from('end')]))).toBe(true);
    await expect(clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'small' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
    const old = await clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'small', VersionId }));
    expect(await old.Body?.transformToString()).toBe('one');
  });

  it('ends cleanly when it is asked to', async () => {
    expect(await server.end('SIGTERM')).toBe(0);
    expect(server.stderr()).toBe('');
    await start();
  });
});
