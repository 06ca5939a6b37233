import assert from 'node:assert/strict';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  type ListTablesCommandOutput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { createTable, key, number, text, withTable } from './dynamodb-table.js';
import { eventually, refused } from './refusal.js';

async function tableNames(dynamodb: DynamoDBClient): Promise<string[]> {
  const names: string[] = [];
  let ExclusiveStartTableName: string | undefined;
  do {
    const page: ListTablesCommandOutput = await dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName, Limit: 100 }));
    names.push(...(page.TableNames ?? []));
    ExclusiveStartTableName = page.LastEvaluatedTableName;
  } while (ExclusiveStartTableName);
  return names;
}

export const itemChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  {
    id: 'dynamodb/table',
    title: 'a table is created, described, listed, refused a second time, and deleted',
    run: async (clients) => {
      const { dynamodb } = clients;
      const TableName = clients.unique('table');
      await createTable(clients, TableName);
      const status = (): Promise<string | undefined> =>
        dynamodb.send(new DescribeTableCommand({ TableName })).then(
          ({ Table }) => Table?.TableStatus,
          (error: Error) => error.name,
        );
      await eventually('the table is ACTIVE', status, (s) => s === 'ACTIVE');
      await refused(createTable(clients, TableName), 'ResourceInUseException');
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
      assert.deepEqual(Table?.KeySchema, [{ AttributeName: 'pk', KeyType: 'HASH' }]);
      assert.ok((await tableNames(dynamodb)).includes(TableName));
      await dynamodb.send(new DeleteTableCommand({ TableName }));
      await eventually('the table is gone', status, (s) => s === 'ResourceNotFoundException');
    },
  },
  {
    id: 'dynamodb/missing-table',
    title: 'a table that does not exist is ResourceNotFoundException',
    run: async ({ dynamodb, unique }) => {
      await refused(dynamodb.send(new GetItemCommand({ TableName: unique('none'), Key: key('a') })), 'ResourceNotFoundException');
    },
  },
  {
    id: 'dynamodb/put-get',
    title: 'an item is read consistently as it was put, in every type',
    run: (clients) =>
      withTable(clients, async (table) => {
        const item: Record<string, AttributeValue> = {
          ...key('ä/ 東京'),
          number: number('-12345678901234567890123456789012345678'),
          fraction: number('0.1'),
          bytes: { B: Uint8Array.from([0, 127, 255]) },
          empty: text(''),
          yes: { BOOL: true },
          none: { NULL: true },
          list: { L: [number(1), text('two'), { M: { three: number(3) } }] },
          texts: { SS: ['x'] },
        };
        await table.put(item);
        assert.deepEqual(await table.get(key('ä/ 東京')), item);
      }),
  },
  {
    id: 'dynamodb/get-missing',
    title: 'an item that does not exist is no item, not an error',
    run: (clients) =>
      withTable(clients, async (table) => {
        assert.equal(await table.get(key('none')), undefined);
      }),
  },
  {
    id: 'dynamodb/put-replaces',
    title: 'a put replaces the whole item',
    run: (clients) =>
      withTable(clients, async (table) => {
        await table.put({ ...key('a'), one: number(1) });
        await table.put({ ...key('a'), two: number(2) });
        assert.deepEqual(await table.get(key('a')), { ...key('a'), two: number(2) });
      }),
  },
  {
    id: 'dynamodb/update',
    title: 'an update sets, counts, appends and removes, and creates what is missing',
    run: (clients) =>
      withTable(clients, async (table) => {
        const values = { ':one': number(1), ':zero': number(0), ':more': { L: [text('x')] }, ':none': { L: [] } };
        const set = 'SET calls = if_not_exists(calls, :zero) + :one, seen = list_append(if_not_exists(seen, :none), :more)';
        await table.update(key('a'), set, { ExpressionAttributeValues: values });
        const second = await table.update(key('a'), set, { ExpressionAttributeValues: values });
        assert.deepEqual(second, { ...key('a'), calls: number(2), seen: { L: [text('x'), text('x')] } });
        assert.deepEqual(await table.update(key('a'), 'REMOVE seen ADD calls :one', { ExpressionAttributeValues: { ':one': number(1) } }), {
          ...key('a'),
          calls: number(3),
        });
      }),
  },
  {
    id: 'dynamodb/delete',
    title: 'a delete gives the old item when asked, and deleting nothing is no error',
    run: (clients) =>
      withTable(clients, async (table) => {
        await table.put({ ...key('a'), one: number(1) });
        const remove = new DeleteItemCommand({ TableName: table.name, Key: key('a'), ReturnValues: 'ALL_OLD' });
        assert.deepEqual((await clients.dynamodb.send(remove)).Attributes, { ...key('a'), one: number(1) });
        assert.equal((await clients.dynamodb.send(remove)).Attributes, undefined);
      }),
  },
  {
    id: 'dynamodb/query',
    title: 'a query gives the sort keys in order, both ways, by range and page by page',
    run: (clients) =>
      withTable(
        clients,
        async (table) => {
          for (const sk of [10, 2, 1, 30]) await table.put({ ...key('a'), sk: number(sk) });
          await table.put({ ...key('b'), sk: number(5) });
          const query = (more: Partial<QueryCommandInput>): Promise<{ sorts: unknown[]; last?: Record<string, AttributeValue> }> =>
            clients.dynamodb
              .send(
                new QueryCommand({
                  TableName: table.name,
                  ConsistentRead: true,
                  KeyConditionExpression: 'pk = :pk',
                  ExpressionAttributeValues: { ':pk': text('a') },
                  ...more,
                }),
              )
              .then(({ Items, LastEvaluatedKey }) => ({ sorts: (Items ?? []).map((item) => Number(item['sk']?.N)), last: LastEvaluatedKey }));
          assert.deepEqual((await query({})).sorts, [1, 2, 10, 30]);
          assert.deepEqual((await query({ ScanIndexForward: false })).sorts, [30, 10, 2, 1]);
          const range = { KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high' };
          const bounds = { ':pk': text('a'), ':low': number(2), ':high': number(10) };
          assert.deepEqual((await query({ ...range, ExpressionAttributeValues: bounds })).sorts, [2, 10]);
          const first = await query({ Limit: 3 });
          assert.deepEqual([first.sorts, first.last], [[1, 2, 10], { ...key('a'), sk: number(10) }]);
          assert.deepEqual((await query({ ExclusiveStartKey: first.last })).sorts, [30]);
        },
        true,
      ),
  },
  {
    id: 'dynamodb/scan',
    title: 'a scan gives every item once, page by page, and filters',
    run: (clients) =>
      withTable(clients, async (table) => {
        const ids = Array.from({ length: 7 }, (_, i) => `item${i}`);
        for (const [i, id] of ids.entries()) await table.put({ ...key(id), even: { BOOL: i % 2 === 0 } });
        const found: (string | undefined)[] = [];
        let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
        do {
          const page = await clients.dynamodb.send(new ScanCommand({ TableName: table.name, Limit: 3, ExclusiveStartKey, ConsistentRead: true }));
          assert.ok((page.Items ?? []).length <= 3);
          found.push(...(page.Items ?? []).map(({ pk }) => pk?.S));
          ExclusiveStartKey = page.LastEvaluatedKey;
        } while (ExclusiveStartKey);
        assert.deepEqual(found.sort(), ids);
        const filter = { FilterExpression: 'even = :yes', ExpressionAttributeValues: { ':yes': { BOOL: true } } };
        assert.equal((await clients.dynamodb.send(new ScanCommand({ TableName: table.name, ConsistentRead: true, ...filter }))).Count, 4);
      }),
  },
  {
    id: 'dynamodb/batch',
    title: 'a batch writes, deletes and reads many items',
    run: (clients) =>
      withTable(clients, async ({ name, put, get }) => {
        await put(key('old'));
        const puts = Array.from({ length: 24 }, (_, i) => ({ PutRequest: { Item: key(`k${i}`) } }));
        const RequestItems = { [name]: [...puts, { DeleteRequest: { Key: key('old') } }] };
        const { UnprocessedItems } = await clients.dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
        assert.deepEqual(UnprocessedItems ?? {}, {});
        assert.equal(await get(key('old')), undefined);
        const Keys = Array.from({ length: 25 }, (_, i) => key(`k${i}`));
        const read = await clients.dynamodb.send(new BatchGetItemCommand({ RequestItems: { [name]: { Keys, ConsistentRead: true } } }));
        assert.equal(read.Responses?.[name]?.length, 24);
      }),
  },
  {
    id: 'dynamodb/batch-too-large',
    title: 'a batch of 26 writes is refused with ValidationException',
    run: (clients) =>
      withTable(clients, async ({ name }) => {
        const puts = Array.from({ length: 26 }, (_, i) => ({ PutRequest: { Item: key(`k${i}`) } }));
        await refused(clients.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [name]: puts } })), 'ValidationException');
      }),
  },
  {
    id: 'dynamodb/item-too-large',
    title: 'an item above 400 KB is refused with ValidationException',
    run: (clients) =>
      withTable(clients, async (table) => {
        await table.put({ ...key('a'), body: text('x'.repeat(400_000)) });
        await refused(table.put({ ...key('a'), body: text('x'.repeat(400 * 1024)) }), 'ValidationException');
      }),
  },
  {
    id: 'dynamodb/bad-key',
    title: 'an empty, missing or wrongly typed key is refused with ValidationException',
    run: (clients) =>
      withTable(clients, async (table) => {
        await refused(table.put(key('')), 'ValidationException');
        await refused(table.put({ other: text('x') }), 'ValidationException');
        await refused(table.put({ pk: number(1) }), 'ValidationException');
      }),
  },
  {
    id: 'dynamodb/bad-expression',
    title: 'an expression that names an undefined value is refused with ValidationException',
    run: (clients) =>
      withTable(clients, async (table) => {
        await refused(table.put(key('a'), { ConditionExpression: 'revision = :missing' }), 'ValidationException');
      }),
  },
];
