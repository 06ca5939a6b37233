import { CreateTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { serverUnderTest, type ServerUnderTest } from './server.fixture.js';
import type { CallOutcome, CallWatcher, WatchedCall } from './watch.js';

const createTable = (TableName: string): CreateTableCommand =>
  new CreateTableCommand({
    ...{ TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  });

describe('somebody who watches the calls', () => {
  let tested: ServerUnderTest;
  let stop: () => void;
  beforeAll(async () => {
    tested = await serverUnderTest();
    await tested.clients.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  });
  afterEach(() => stop());
  afterAll(() => tested.close());

  const watch = (watcher: CallWatcher): void => void (stop = tested.server.watch(watcher));
  const put = (Key: string, more: { Body?: string; IfNoneMatch?: string } = {}) =>
    tested.clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: 'x', ...more }));
  const keys = async () => ((await tested.clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }))).Contents ?? []).map(({ Key }) => Key);

  it('sees who asks for what, and what became of it', async () => {
    const seen: [WatchedCall, CallOutcome][] = [];
    watch({
      after(call, outcome) {
        seen.push([call, outcome]);
        return undefined;
      },
    });
    await put('a', { Body: 'hello' });
    await expect(put('a', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(seen).toMatchObject([
      [
        { service: 's3', operation: 'PutObject', bucket: 'lake', key: 'a', number: 1, caller: expect.any(String), body: Buffer.from('hello') },
        { done: true, status: 200, answered: true, headers: { etag: expect.any(String) } },
      ],
      [
        { key: 'a', number: 2 },
        { done: false, status: 412 },
      ],
    ]);
  });

  it('sees what a JSON service is asked and answers', async () => {
    const { dynamodb } = tested.clients;
    await dynamodb.send(createTable('items'));
    const seen: unknown[] = [];
    watch({
      after(call, { output }) {
        seen.push([call.operation, call.resource, call.input, output]);
        return undefined;
      },
    });
    await dynamodb.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'a' } } }));
    await dynamodb.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'a' } } }));
    expect(seen).toEqual([
      ['PutItem', 'items', { TableName: 'items', Item: { id: { S: 'a' } } }, {}],
      ['GetItem', 'items', { TableName: 'items', Key: { id: { S: 'a' } } }, { Item: { id: { S: 'a' } } }],
    ]);
  });

  it('holds a call until it answers: nothing is done before, and others go on', async () => {
    let release = (): void => undefined;
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    watch({
      before(call) {
        if (call.key !== 'held') return undefined;
        arrive();
        return new Promise((resolve) => (release = () => resolve(undefined)));
      },
    });
    const putting = put('held');
    await arrived;
    await put('other');
    expect(await keys()).not.toContain('held');
    release();
    await putting;
    expect(await keys()).toContain('held');
  });

  it('strikes a call before it is done, and loses the answer of one that is', async () => {
    watch({
      before: ({ key }) => (key === 'refused' ? 'throttle' : undefined),
      after: ({ key }) => (key === 'unanswered' ? 'lostAnswer' : undefined),
    });
    await expect(put('refused')).rejects.toMatchObject({ name: 'SlowDown' });
    await expect(put('unanswered')).rejects.toThrow();
    expect(await keys()).toEqual(expect.not.arrayContaining(['refused']));
    expect(await keys()).toContain('unanswered');
  });

  it('refuses a share of records, the same for the same call', async () => {
    const { kinesis } = tested.clients;
    await kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    watch({ before: ({ operation }) => (operation === 'PutRecords' ? { partialRate: 0.5 } : undefined) });
    const Records = Array.from({ length: 100 }, (_, i) => ({ PartitionKey: String(i), Data: Buffer.from('x') }));
    const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName: 's', Records }));
    expect(FailedRecordCount).toBeGreaterThan(25);
    expect(FailedRecordCount).toBeLessThan(75);
  });

  it('knows when the client has gone; what it sent is done all the same', async () => {
    const given = new AbortController();
    let left = (): void => undefined;
    const gone = new Promise<void>((resolve) => (left = resolve));
    watch({
      before(call) {
        if (call.key !== 'late') return undefined;
        given.abort();
        return new Promise((resolve) =>
          call.gone.addEventListener('abort', () => {
            resolve(undefined);
            left();
          }),
        );
      },
    });
    const putting = tested.clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'late', Body: 'x' }), { abortSignal: given.signal });
    await expect(putting).rejects.toThrow();
    await gone;
    while (!(await keys()).includes('late'));
  });
});

describe('a disk on which no room is left', () => {
  it('fails what is written, keeps what was acknowledged, and is used again when there is room', async () => {
    const tested = await serverUnderTest();
    const { s3, kinesis, dynamodb } = tested.clients;
    await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
    await kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: Key }));
    const send = (data: string) =>
      kinesis.send(new PutRecordsCommand({ StreamName: 's', Records: [{ PartitionKey: 'k', Data: Buffer.from(data) }] }));
    const said = { message: expect.stringContaining('no space left on the disk of') };
    await put('before');
    tested.server.disk.full = true;
    await expect(put('full')).rejects.toMatchObject(said);
    await expect(send('full')).rejects.toThrow();
    await expect(dynamodb.send(createTable('later'))).rejects.toMatchObject(said);
    tested.server.disk.full = false;
    await put('after');
    await send('after');
    await tested.restart();
    const { Contents = [] } = await tested.clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
    expect(Contents.map(({ Key }) => Key)).toEqual(['after', 'before']);
    const { Body } = await tested.clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'before' }));
    expect(await Body?.transformToString()).toBe('before');
    await tested.close();
  });
});
