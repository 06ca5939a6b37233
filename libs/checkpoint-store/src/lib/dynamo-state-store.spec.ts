import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { awsClientOptions } from '@loadin/aws';
import { RevisionConflictError } from '@loadin/pipeline';
import { FatalError, oneLine, RetryableError } from '@loadin/resilience';
import { stateStoreChecks, type StateService } from '@loadin/testing';
import { createDynamoStateStore } from './dynamo-state-store.js';
import { startLocalState, type LocalState } from './local-aws.fixture.js';

describe('createDynamoStateStore', () => {
  let local: LocalState;
  let table: string;
  beforeAll(async () => {
    local = await startLocalState();
    table = await local.table();
  });
  afterAll(() => local.close());
  afterEach(() => local.aws.faults.clear());
  const store = () => createDynamoStateStore({ client: local.dynamodb, table });

  const service: StateService = (fault) => {
    const puts = { service: 'dynamodb', operation: 'PutItem' } as const;
    local.aws.faults.clear();
    if (fault === 'lost-answer') local.aws.faults.add({ ...puts, effect: 'lostAnswer', nth: 1 });
    if (fault === 'error') local.aws.faults.add({ ...puts, effect: 'error500' });
  };
  it.each(stateStoreChecks(() => store(), { service }))('$name', ({ run }) => run());

  it('stores an item as key, JSON text, counter and write id, and nothing else', async () => {
    const state = store();
    expect(await state.put('shape', { n: 1 }, null)).toBe('1');
    expect(await state.put('shape', { n: 2 }, '1')).toBe('2');
    const { Item } = await local.dynamodb.send(new GetItemCommand({ TableName: table, Key: { pk: { S: 'shape' } } }));
    expect(Item).toEqual({
      pk: { S: 'shape' },
      value: { S: '{"n":2}' },
      revision: { N: '2' },
      write_id: { S: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it.each([
    ['creation', null],
    ['change', '1'],
  ])('takes its own %s for a success when the answer was lost', async (what, expected) => {
    const state = store();
    const key = `lost-${what}`;
    if (expected !== null) await state.put(key, { n: 0 }, null);
    local.aws.faults.add({ service: 'dynamodb', operation: 'PutItem', effect: 'lostAnswer', nth: 1 });
    const revision = await state.put(key, { n: 1 }, expected);
    expect(await state.get(key)).toEqual({ value: { n: 1 }, revision });
    expect(local.aws.faults.list()[0]).toMatchObject({ fired: 1, matched: 2 });
  });

  it('finds out what became of a write that got no answer at all', async () => {
    const state = createDynamoStateStore({ client: local.withoutRetries.dynamodb, table });
    local.aws.faults.add(
      { service: 'dynamodb', operation: 'PutItem', effect: 'lostAnswer', nth: 1 },
      { service: 'dynamodb', operation: 'PutItem', effect: 'drop', nth: 2 },
    );
    expect(await state.put('silence', { n: 1 }, null)).toBe('1');
    await expect(state.put('silence', { n: 2 }, '1')).rejects.toBeInstanceOf(RetryableError);
    expect(await state.get('silence')).toEqual({ value: { n: 1 }, revision: '1' });
  });

  it('does not mistake the write of another for its own when a request was dropped', async () => {
    const state = store();
    await state.put('theirs', { n: 1 }, null);
    local.aws.faults.add({ service: 'dynamodb', operation: 'PutItem', effect: 'drop', nth: 1 });
    await expect(state.put('theirs', { n: 1 }, null)).rejects.toBeInstanceOf(RevisionConflictError);
  });

  it('throws a RetryableError, with nothing written, when the table is throttled for too long', async () => {
    local.aws.faults.add({ service: 'dynamodb', operation: 'PutItem', effect: 'throttle' });
    const error = await store()
      .put('throttled', { n: 1 }, null)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    expect(oneLine(error)).toMatch(
      /^DynamoDB PutItem: AWS asked to slow down, again and again \(\w+Exception\) \(dynamodb:\/\/checkpoints-\d+\)\. Raise the limit/,
    );
    expect(await store().get('throttled')).toBeUndefined();
  });

  it('lists more than one page of items', async () => {
    const state = store();
    const text = 'x'.repeat(90_000);
    await Promise.all(Array.from({ length: 15 }, (_, n) => state.put(`page/${n}`, { n, text }, null)));
    const found: unknown[] = [];
    for await (const { value } of state.list('page/')) found.push(value['n']);
    expect(found.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 15 }, (_, n) => n));
    let all = 0;
    for await (const item of state.list('')) all += item.key === '' ? 0 : 1;
    expect(all).toBeGreaterThanOrEqual(15);
  });

  it('says what is wrong with an item that somebody damaged', async () => {
    const damage = (key: string, text: string) =>
      local.dynamodb.send(new PutItemCommand({ TableName: table, Item: { pk: { S: key }, value: { S: text }, revision: { N: '1' } } }));
    await damage('damaged-text', '{"n":');
    await damage('damaged-shape', '[1]');
    await expect(store().get('damaged-text')).rejects.toThrow('Stored state is not JSON');
    await expect(store().get('damaged-shape')).rejects.toMatchObject({
      message: 'Stored state is not a JSON object',
      where: `dynamodb://${table}, item "damaged-shape"`,
    });
    await local.dynamodb.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'damaged-item' } } }));
    await expect(store().get('damaged-item')).rejects.toBeInstanceOf(FatalError);
  });

  it('says which table is missing and what to do', async () => {
    const missing = createDynamoStateStore({ client: local.dynamodb, table: 'nothing' });
    for (const call of [() => missing.get('a'), () => missing.put('a', {}, null), async () => missing.list('')[Symbol.asyncIterator]().next()]) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(FatalError);
      expect(oneLine(error)).toContain('it does not exist in this account and region (ResourceNotFoundException) (dynamodb://nothing). Create it');
    }
  });

  it('refuses a revision that is not one of its own', async () => {
    await expect(store().put('a', {}, 'abc')).rejects.toThrow('"abc" is not a revision');
  });

  it('says when nothing listens at the endpoint', async () => {
    const { dynamodb } = awsClientOptions({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
    const client = new DynamoDBClient(dynamodb);
    await expect(createDynamoStateStore({ client, table }).put('a', {}, null)).rejects.toThrow('nothing listens there (ECONNREFUSED): 127.0.0.1:1');
    client.destroy();
  });
});
