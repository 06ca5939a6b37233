import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, PutItemCommand, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type ConformanceClients, makeClients } from './conformance/clients.js';
import { diskFailure } from './disk.js';
import { buildServerProgram, type ServerProcess, type ServerProgram } from './server-process.fixture.js';

jest.setTimeout(60_000);

const FILE_LIMIT_KB = 1024;
const policy = (fill: string): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: fill.repeat(600 * 1024) }] });

describe('a server whose disk is full', () => {
  let program: ServerProgram;
  let dataDir: string;
  let server: ServerProcess;
  let clients: ConformanceClients;
  const start = async (fileLimitKb?: number): Promise<void> => {
    server = await program.start(dataDir, { fileLimitKb });
    clients = makeClients(server.url);
  };
  const full = (name: string) => ({
    name,
    message: expect.stringContaining(`no space left on the disk of ${dataDir}`),
    $metadata: expect.objectContaining({ httpStatusCode: 500 }),
  });

  beforeAll(() => {
    program = buildServerProgram();
  });
  afterAll(() => program.remove());
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'full-'));
    await start(FILE_LIMIT_KB);
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  });
  afterEach(async () => {
    clients.destroy();
    await server.end('SIGKILL');
    await rm(dataDir, { recursive: true });
  });
  const restartWithRoom = async (): Promise<void> => {
    clients.destroy();
    await server.end('SIGKILL');
    await start();
  };

  it('refuses an object that does not fit, says where there is no space, keeps nothing of it and goes on', async () => {
    await clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'small', Body: 'fits' }));
    const put = clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'big', Body: Buffer.alloc(3 * 1024 * 1024) }));
    await expect(put).rejects.toMatchObject(full('InternalError'));
    const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['small']);
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'small' }));
    expect(await Body?.transformToString()).toBe('fits');
    const folders = await readdir(join(dataDir, 's3', 'blobs'));
    const blobs = await Promise.all(folders.map((folder) => readdir(join(dataDir, 's3', 'blobs', folder))));
    expect(blobs.flat()).toHaveLength(1);
    expect(server.stderr().trim().split('\n')).toEqual([expect.stringContaining('PUT /lake/big: no space left')]);
  });

  it('cuts a half-written journal entry off, so that what is written later survives the next start', async () => {
    await clients.s3.send(new PutBucketPolicyCommand({ Bucket: 'lake', Policy: policy('a') }));
    await expect(clients.s3.send(new PutBucketPolicyCommand({ Bucket: 'lake', Policy: policy('b') }))).rejects.toMatchObject(full('InternalError'));
    expect((await clients.s3.send(new GetBucketPolicyCommand({ Bucket: 'lake' }))).Policy).toBe(policy('a'));
    await clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'later', Body: 'fits' }));
    await restartWithRoom();
    expect((await clients.s3.send(new GetBucketPolicyCommand({ Bucket: 'lake' }))).Policy).toBe(policy('a'));
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'later' }));
    expect(await Body?.transformToString()).toBe('fits');
  });

  it('loses no item of DynamoDB that it acknowledged before or after the disk was full', async () => {
    const TableName = 'checkpoints';
    await clients.dynamodb.send(
      new CreateTableCommand({
        ...{ TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    const put = (id: string, size: number) =>
      clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, fill: { S: 'x'.repeat(size) } } }));
    const acknowledged: string[] = [];
    let failure: unknown;
    for (let i = 0; i < 10 && failure === undefined; i += 1) {
      await put(`big-${i}`, 300_000).then(
        () => acknowledged.push(`big-${i}`),
        (error: unknown) => (failure = error),
      );
    }
    expect(failure).toMatchObject(full('InternalServerError'));
    for (let i = 0; i < 5; i += 1) {
      await put(`small-${i}`, 10).then(
        () => acknowledged.push(`small-${i}`),
        () => undefined,
      );
    }
    await restartWithRoom();
    await put('after', 300_000);
    const ids: (string | undefined)[] = [];
    for (let ExclusiveStartKey; ;) {
      const page: ScanCommandOutput = await clients.dynamodb.send(new ScanCommand({ TableName, ExclusiveStartKey }));
      ids.push(...(page.Items ?? []).map(({ id }) => id?.S));
      ExclusiveStartKey = page.LastEvaluatedKey;
      if (ExclusiveStartKey === undefined) break;
    }
    expect(ids).toEqual(expect.arrayContaining([...acknowledged, 'after']));
    expect(acknowledged.length).toBeGreaterThan(1);
  });
});

describe('diskFailure', () => {
  it.each([
    ['ENOSPC', /no space left on the disk of \/data/],
    ['EDQUOT', /no space left on the disk of \/data/],
    ['EACCES', /\/data cannot be used \(EACCES\): check that it exists and can be written to/],
  ])('says what to do about %s', (code, words) => {
    expect(diskFailure(Object.assign(new Error('x'), { code }), '/data')).toMatch(words);
  });

  it('finds the cause below other errors, and knows what is none', () => {
    expect(diskFailure(new Error('put', { cause: new Error('IO error: /data/1.log: No space left on device') }), '/data')).toMatch(/no space left/);
    expect(diskFailure(new TypeError('a bug'), '/data')).toBeUndefined();
  });
});
