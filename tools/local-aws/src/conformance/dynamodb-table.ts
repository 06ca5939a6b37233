import {
  type AttributeValue,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { ConformanceClients } from './clients.js';
import { eventually } from './refusal.js';

export type Item = Record<string, AttributeValue>;

/** A table with the key `pk` (string) and, when asked for, `sk` (number), with the calls that many checks make. */
export interface TableUnderTest {
  readonly name: string;
  put(item: Item, more?: Partial<PutItemCommandInput>): Promise<unknown>;
  /** Read consistently. */
  get(key: Item): Promise<Item | undefined>;
  update(key: Item, expression: string, more?: Partial<UpdateItemCommandInput>): Promise<Item | undefined>;
}

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number | string): AttributeValue => ({ N: String(value) });
export const key = (value: string): Item => ({ pk: text(value) });

/** Runs a check with a new table, and deletes it whatever happened. */
export async function withTable(clients: ConformanceClients, run: (table: TableUnderTest) => Promise<void>, sorted = false): Promise<void> {
  const { dynamodb } = clients;
  const name = clients.unique('table');
  await createTable(clients, name, sorted);
  try {
    await eventually(
      `table ${name} is ACTIVE`,
      () => dynamodb.send(new DescribeTableCommand({ TableName: name })),
      ({ Table }) => Table?.TableStatus === 'ACTIVE',
    );
    await run({
      name,
      put: (Item, more) => dynamodb.send(new PutItemCommand({ TableName: name, Item, ...more })),
      get: async (Key) => (await dynamodb.send(new GetItemCommand({ TableName: name, Key, ConsistentRead: true }))).Item,
      update: async (Key, UpdateExpression, more) =>
        (await dynamodb.send(new UpdateItemCommand({ TableName: name, Key, UpdateExpression, ReturnValues: 'ALL_NEW', ...more }))).Attributes,
    });
  } finally {
    await dynamodb.send(new DeleteTableCommand({ TableName: name }));
  }
}

export const createTable = ({ dynamodb }: ConformanceClients, TableName: string, sorted = false): Promise<unknown> =>
  dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, ...(sorted ? [{ AttributeName: 'sk', AttributeType: 'N' } as const] : [])],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, ...(sorted ? [{ AttributeName: 'sk', KeyType: 'RANGE' } as const] : [])],
    }),
  );
