import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isFull, noSpace } from '../disk-space.js';
import { AwsError, type JsonService } from '../service.js';
import { openContinuousBackups } from './continuous-backups.js';
import { createStore, type DynaliteError, type DynaliteStore, OPERATIONS, promised, runOperation, type StoredTable } from './engine.js';

export interface DynamoDbOptions {
  readonly dataDir: string;
  readonly region: string;
  readonly accountId: string;
}

/** What needs no room on the disk. */
const READS = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'DescribeTable', 'ListTables', 'DescribeTimeToLive', 'ListTagsOfResource']);

/** DynamoDB by dynalite 4 on LevelDB. No transactions, streams, time to live or PartiQL: those operations answer `UnknownOperationException`. */
export async function createDynamoDb(options: DynamoDbOptions): Promise<JsonService> {
  await mkdir(options.dataDir, { recursive: true });
  let store = await openStore(options);
  const backups = await openContinuousBackups(options.dataDir);
  let failed = false;
  let reopening: Promise<void> | undefined;

  // After a write that failed half-way LevelDB goes on behind the broken record, and what follows it would be lost at the next start.
  // Opening the database again cuts the broken record off; as long as that fails (the disk is still full) calls fail, too.
  const reopen = async (): Promise<void> => {
    await store.db.close();
    store = await openStore(options);
    failed = false;
  };

  const run = async (operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> => {
    if (!OPERATIONS.has(operation)) throw new AwsError('UnknownOperationException', `The operation ${operation} is not supported.`, 400);
    if (!READS.has(operation) && isFull(join(options.dataDir, 'leveldb'))) throw noSpace(options.dataDir);
    if (failed) await (reopening ??= reopen().finally(() => (reopening = undefined)));
    try {
      return await runOperation(store, operation, input);
    } catch (thrown) {
      const { statusCode, body } = thrown as DynaliteError;
      if (statusCode === undefined || body === undefined) {
        failed = true;
        throw thrown;
      }
      const { __type, message, Message } = body;
      throw new AwsError(__type.replace(/^.*#/, ''), message ?? Message ?? '', statusCode);
    }
  };

  return {
    targetPrefix: 'DynamoDB_20120810',
    async call(operation, input, { now }) {
      if (backups.operations.has(operation)) {
        await run('DescribeTable', { TableName: input.TableName }).catch(asTableNotFound);
        return backups.call(operation, input, now);
      }
      const output = await run(operation, input);
      if (operation === 'DeleteTable') await backups.forget(String(input.TableName));
      return output;
    },
    async close() {
      await store.db.close();
      await backups.close();
    },
  };
}

/** These two operations have a name of their own for what is a missing resource everywhere else. */
function asTableNotFound(error: unknown): never {
  if (error instanceof AwsError && error.code === 'ResourceNotFoundException') throw new AwsError('TableNotFoundException', error.message);
  throw error;
}

async function openStore({ dataDir, region, accountId }: DynamoDbOptions): Promise<DynaliteStore> {
  const store = createStore(join(dataDir, 'leveldb'));
  await store.db.open().catch((error: Error) => {
    const cause = error.cause as NodeJS.ErrnoException | undefined;
    if (cause?.code === 'LEVEL_LOCKED')
      throw new Error(`the data directory ${dataDir} is in use by another local AWS: stop it, or choose another one.`);
    throw error;
  });
  store.tableDb.awsRegion = region;
  store.tableDb.awsAccountId = accountId;
  await settleTables(store);
  return store;
}

/** A table that was being created or deleted when the process was killed would stay so: the timer that ends it died with the process. */
async function settleTables(store: DynaliteStore): Promise<void> {
  const prefix = 'table~';
  for await (const key of store.db.keys({ gte: prefix, lt: 'table\x7f' })) {
    const name = key.slice(prefix.length);
    const table = await promised<StoredTable | undefined>((done) => store.tableDb.get(name, done));
    if (table?.TableStatus === 'DELETING') await promised<void>((done) => store.tableDb.del(name, done));
    if (table?.TableStatus === 'CREATING' || table?.TableStatus === 'UPDATING') {
      table.TableStatus = 'ACTIVE';
      table.GlobalSecondaryIndexes?.forEach((index) => (index.IndexStatus = 'ACTIVE'));
      await promised<void>((done) => store.tableDb.put(name, table, done));
    }
  }
}
