import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError, type JsonService } from '../service.js';
import { createStore, promised } from './engine.js';
import { createDynamoDb } from './index.js';

const CONTEXT = { now: 0, region: 'eu-west-1', accountId: '123456789012' };

describe('tables of DynamoDB', () => {
  let dataDir: string;
  let service: JsonService | undefined;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tables-'));
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    await rm(dataDir, { recursive: true });
  });
  const open = async (): Promise<JsonService> => (service = await createDynamoDb({ dataDir, ...CONTEXT }));
  const call = (operation: string, input: Record<string, unknown>) => service?.call(operation, input, CONTEXT) ?? Promise.reject(new Error('closed'));
  const table = {
    TableName: 'checkpoints',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  };

  it('can be used as soon as they are created, and are gone as soon as they are deleted', async () => {
    await open();
    for (let i = 0; i < 5; i += 1) {
      const { TableDescription: created } = await call('CreateTable', { ...table });
      expect(created).toMatchObject({ TableStatus: 'CREATING', TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/checkpoints' });
      await call('PutItem', { TableName: 'checkpoints', Item: { id: { S: 'a' } } });
      await call('DeleteTable', { TableName: 'checkpoints' });
      await expect(call('DescribeTable', { TableName: 'checkpoints' })).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 400 });
    }
  });

  it('whose creation or deletion a crash ended are created, or gone, at the next start', async () => {
    await open();
    await call('CreateTable', { ...table });
    await call('CreateTable', { ...table, TableName: 'going' });
    await service?.close();
    const store = createStore(join(dataDir, 'leveldb'));
    for (const [name, TableStatus] of [
      ['checkpoints', 'CREATING'],
      ['going', 'DELETING'],
    ] as const) {
      const stored = await promised<{ TableStatus: string } | undefined>((done) => store.tableDb.get(name, done));
      await promised<void>((done) => store.tableDb.put(name, { ...stored, TableStatus }, done));
    }
    await store.db.close();
    await open();
    expect(await call('ListTables', {})).toEqual({ TableNames: ['checkpoints'] });
    await call('PutItem', { TableName: 'checkpoints', Item: { id: { S: 'a' } } });
  });

  it('have no operations that dynalite lacks', async () => {
    await open();
    await expect(call('TransactWriteItems', {})).rejects.toEqual(
      new AwsError('UnknownOperationException', 'The operation TransactWriteItems is not supported.'),
    );
  });
});
