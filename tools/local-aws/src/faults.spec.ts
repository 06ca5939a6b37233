import { CreateTableCommand, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, ListStreamsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { createFaults, type FaultRule } from './faults.js';
import { serverUnderTest, type ServerUnderTest } from './server.fixture.js';

describe('faults on request', () => {
  let tested: ServerUnderTest;
  beforeAll(async () => {
    tested = await serverUnderTest();
    await tested.clients.s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  });
  afterAll(() => tested.close());
  afterEach(() => tested.server.faults.clear());

  const put = (Key: string, Body = 'x') => tested.clients.s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body }));
  const keys = async () => ((await tested.clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake' }))).Contents ?? []).map(({ Key }) => Key);
  const ask = (...rules: FaultRule[]) => tested.server.faults.add(...rules);
  const admin = async (method: string, route: string, body?: unknown) => {
    const answer = await fetch(`${tested.server.url}/_loadin/${route}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };

  it('throttles each service in its own words', async () => {
    const { s3, kinesis, dynamodb, secrets } = tested.clients;
    ask({ service: '*', operation: '*', effect: 'throttle' });
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'lake' }))).rejects.toMatchObject({
      name: 'SlowDown',
      $metadata: { httpStatusCode: 503 },
    });
    const exceeded = { name: 'ProvisionedThroughputExceededException', $metadata: { httpStatusCode: 400 } };
    await expect(kinesis.send(new ListStreamsCommand({}))).rejects.toMatchObject(exceeded);
    await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toMatchObject(exceeded);
    await expect(secrets.send(new ListSecretsCommand({}))).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  it('answers 500 as each service does, and does nothing', async () => {
    ask({ service: '*', operation: '*', effect: 'error500' });
    await expect(put('not-written')).rejects.toMatchObject({ name: 'InternalError', $metadata: { httpStatusCode: 500 } });
    const { kinesis, dynamodb, secrets } = tested.clients;
    await expect(kinesis.send(new ListStreamsCommand({}))).rejects.toMatchObject({ name: 'InternalFailure' });
    await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: 'InternalServerError' });
    await expect(secrets.send(new ListSecretsCommand({}))).rejects.toMatchObject({ name: 'InternalServiceError' });
    tested.server.faults.clear();
    expect(await keys()).not.toContain('not-written');
  });

  it('drops the connection before anything is done', async () => {
    ask({ service: 's3', operation: 'PutObject', effect: 'drop' });
    await expect(put('dropped')).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await keys()).not.toContain('dropped');
  });

  it('does the operation and loses the answer', async () => {
    ask({ service: 's3', operation: 'PutObject', effect: 'lostAnswer' });
    await expect(put('done')).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await keys()).toContain('done');
  });

  it('hits the n-th matching call only', async () => {
    ask({ service: 's3', operation: 'PutObject', key: 'nth/', effect: 'throttle', nth: 2 });
    await put('nth/1');
    await put('other');
    await expect(put('nth/2')).rejects.toMatchObject({ name: 'SlowDown' });
    await put('nth/3');
    expect(tested.server.faults.list()).toEqual([expect.objectContaining({ matched: 3, fired: 1 })]);
  });

  it('hits the first n calls, in the bucket, stream or table it names', async () => {
    ask(
      { service: 's3', operation: '*', bucket: 'not-this', effect: 'drop' },
      { service: 'dynamodb', operation: '*', resource: 'check', effect: 'throttle', first: 1 },
    );
    await put('untouched');
    const { dynamodb } = tested.clients;
    await dynamodb.send(
      new CreateTableCommand({
        ...{ TableName: 'other', BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    const get = () => dynamodb.send(new GetItemCommand({ TableName: 'checkpoints', Key: { id: { S: 'a' } } }));
    await expect(get()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('adds latency, which leaves the call as it is', async () => {
    ask({ service: 's3', operation: 'PutObject', effect: { latencyMs: 60 } });
    const before = performance.now();
    await put('slow');
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
  });

  it('lets a share of the records of PutRecords fail, the same ones for the same seed', async () => {
    const { kinesis } = tested.clients;
    await kinesis.send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 2 }));
    const Records = Array.from({ length: 100 }, (_, i) => ({ PartitionKey: `k${i}`, Data: Buffer.from('x') }));
    const failed = async (): Promise<number[]> => {
      tested.server.faults.clear();
      ask({ service: 'kinesis', operation: 'PutRecords', effect: { partialRate: 0.3 }, seed: 7 });
      const answer = await kinesis.send(new PutRecordsCommand({ StreamName: 'events', Records }));
      const indices = (answer.Records ?? []).flatMap(({ ErrorCode }, i) => (ErrorCode === undefined ? [] : [i]));
      expect(answer.FailedRecordCount).toBe(indices.length);
      return indices;
    };
    const first = await failed();
    expect(first.length).toBeGreaterThan(15);
    expect(first.length).toBeLessThan(45);
    expect(await failed()).toEqual(first);
  });

  it('draws from a seeded sequence, so that the same calls are hit again', () => {
    const run = (seed: number): boolean[] => {
      const faults = createFaults();
      faults.add({ service: 's3', operation: '*', effect: 'throttle', rate: 0.3, seed, count: 20 });
      return Array.from({ length: 200 }, () => faults.decide({ service: 's3', operation: 'PutObject' }).effect !== undefined);
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
    expect(run(7).filter(Boolean)).toHaveLength(20);
  });

  it('is asked for, read and taken back over HTTP', async () => {
    const rule = { service: 's3', operation: 'GetObject', effect: 'throttle', first: 1 };
    expect(await admin('POST', 'faults', [rule])).toEqual({ status: 200, body: [{ rule, matched: 0, fired: 0 }] });
    await put('a');
    const get = () => tested.clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'a' }));
    await expect(get()).rejects.toMatchObject({ name: 'SlowDown' });
    expect((await admin('GET', 'faults')).body).toEqual([{ rule, matched: 1, fired: 1 }]);
    expect(await admin('DELETE', 'faults')).toEqual({ status: 200, body: [] });
    await (await get()).Body?.transformToString();
  });

  it.each([
    [{ service: 's4', operation: '*', effect: 'drop' }, /service must be one of s3/],
    [{ service: 's3', operation: '*', effect: 'explode' }, /effect must be one of throttle/],
    [{ service: 's3', operation: '*', effect: 'drop', nth: 0 }, /nth must be a whole number/],
    [{ service: 's3', operation: '*', effect: 'drop', nht: 1 }, /unknown member nht \(known: service/],
  ])('refuses %j and says what is wrong', async (rule, words) => {
    const { status, body } = await admin('POST', 'faults', [rule]);
    expect([status, (body as { error: string }).error]).toEqual([400, expect.stringMatching(words)]);
    expect((await admin('GET', 'faults')).body).toEqual([]);
  });

  it('counts calls by service and operation', async () => {
    await admin('DELETE', 'requests');
    await put('counted');
    await put('counted');
    await keys();
    expect((await admin('GET', 'requests')).body).toEqual({ s3: { PutObject: 2, ListObjectsV2: 1 } });
  });
});
