import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  paginateScan,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { toLoadinError } from '@loadin/aws';
import { RevisionConflictError, type JsonObject, type StateItem, type StateStore } from '@loadin/pipeline';
import { actionOf, FatalError } from '@loadin/resilience';
import { itemText, parseObject } from './item.js';

export interface DynamoStateStoreOptions {
  /** Made with `awsClientOptions` of `@loadin/aws`, or as you like. */
  readonly client: DynamoDBClient;
  /** A table as `checkpointTableDefinition` describes it. */
  readonly table: string;
}

interface StoredItem extends StateItem {
  readonly writeId: string | undefined;
}

const REPAIR = 'Restore the item from a backup of the table, or delete it to start this state anew.';

/**
 * State as items `{ pk, value (JSON text), revision (a counter), write_id }`, changed by single-item conditional writes and read
 * consistently. Nothing else of DynamoDB is needed: no transaction, no time to live, no index.
 *
 *     put(expected r) ──► condition holds ──► written as r + 1
 *                    ├──► condition fails ──► read the item: our write_id → the answer to our first try was lost: success
 *                    │                                       another's    → RevisionConflictError
 *                    └──► no answer at all ─► read the item: our write_id → success, else the failure as RetryableError
 */
export function createDynamoStateStore({ client, table }: DynamoStateStoreOptions): StateStore {
  const uri = `dynamodb://${table}`;
  const asLoadin = (error: unknown, operation: string) => toLoadinError(error, { service: 'DynamoDB', operation, resource: uri });

  const read = async (key: string): Promise<StoredItem | undefined> => {
    const answer = await client
      .send(new GetItemCommand({ TableName: table, Key: { pk: { S: key } }, ConsistentRead: true }))
      .catch((error: unknown) => {
        throw asLoadin(error, 'GetItem');
      });
    return answer.Item && storedItem(key, answer.Item, uri);
  };

  return {
    uri,
    async get(key) {
      const item = await read(key);
      return item && { value: item.value, revision: item.revision };
    },
    async put(key, value, expected) {
      const writeId = randomUUID();
      const revision = nextRevision(key, expected, uri);
      const failure = await client.send(putCommand(table, key, itemText(key, value, uri), expected, revision, writeId)).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) return revision;
      if (failure instanceof ConditionalCheckFailedException) {
        if ((await read(key))?.writeId === writeId) return revision;
        throw new RevisionConflictError(`State item "${key}" was changed by somebody else`, { where: uri, cause: failure });
      }
      const error = asLoadin(failure, 'PutItem');
      // No answer at all does not say that nothing was written. When it can't be read back either, the first error is the one to tell.
      if (actionOf(error) === 'retry' && (await read(key).catch(() => undefined))?.writeId === writeId) return revision;
      throw error;
    },
    async *list(prefix) {
      try {
        for await (const page of paginateScan({ client }, scanInput(table, prefix))) {
          for (const item of page.Items ?? []) {
            const key = item['pk']?.S ?? '';
            const { value, revision } = storedItem(key, item, uri);
            yield { key, value, revision };
          }
        }
      } catch (error) {
        throw asLoadin(error, 'Scan');
      }
    },
  };
}

function putCommand(table: string, key: string, text: string, expected: string | null, revision: string, writeId: string): PutItemCommand {
  const unchanged =
    expected === null
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#revision = :expected',
          ExpressionAttributeNames: { '#revision': 'revision' },
          ExpressionAttributeValues: { ':expected': { N: expected } },
        };
  return new PutItemCommand({
    TableName: table,
    Item: { pk: { S: key }, value: { S: text }, revision: { N: revision }, write_id: { S: writeId } },
    ...unchanged,
  });
}

/** `begins_with` refuses an empty prefix: everything is then asked for without a filter. */
function scanInput(table: string, prefix: string) {
  const filter = prefix !== '' && { FilterExpression: 'begins_with(pk, :prefix)', ExpressionAttributeValues: { ':prefix': { S: prefix } } };
  return { TableName: table, ...filter };
}

function storedItem(key: string, item: Record<string, AttributeValue>, uri: string): StoredItem {
  const where = `${uri}, item "${key}"`;
  const text = item['value']?.S;
  const revision = item['revision']?.N;
  if (text === undefined || revision === undefined)
    throw new FatalError('The item lacks "value" (text) or "revision" (number)', { where, hint: REPAIR });
  const value: JsonObject = parseObject(text, where, REPAIR);
  return { value, revision, writeId: item['write_id']?.S };
}

function nextRevision(key: string, expected: string | null, uri: string): string {
  if (expected === null) return '1';
  if (/^\d+$/.test(expected)) return String(BigInt(expected) + 1n);
  throw new FatalError(`"${expected}" is not a revision of state item "${key}"`, {
    where: uri,
    hint: 'Use the revision that get or put of this store gave.',
  });
}
