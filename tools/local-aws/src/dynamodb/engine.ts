import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type Callback<Value> = (error: Error | null | undefined, value: Value) => void;

/** A table's description, as dynalite keeps it. */
export interface StoredTable {
  TableStatus: string;
  GlobalSecondaryIndexes?: { IndexStatus?: string }[];
}

/** The parts of dynalite's store that are used here. */
export interface DynaliteStore {
  db: { open(): Promise<void>; close(): Promise<void>; keys(range: { gte: string; lt: string }): AsyncIterable<string> };
  tableDb: {
    awsAccountId: string;
    awsRegion: string;
    get(key: string, callback: Callback<StoredTable | undefined>): void;
    put(key: string, value: StoredTable, callback: Callback<void>): void;
    del(key: string, callback: Callback<void>): void;
  };
}

type Action = (store: DynaliteStore, input: Record<string, unknown>, callback: Callback<Record<string, unknown>>) => void;

/** An error that dynalite answers on purpose. */
export interface DynaliteError extends Error {
  statusCode?: number;
  body?: { __type: string; message?: string; Message?: string } & Record<string, unknown>;
}

interface Validation {
  types: unknown;
  custom?: unknown;
}

interface Validations {
  checkTypes(input: Record<string, unknown>, types: unknown): Record<string, unknown>;
  checkValidations(input: Record<string, unknown>, types: unknown, custom: unknown, store: DynaliteStore): void;
}

interface Dynalite {
  readonly create: (options: Record<string, unknown>) => DynaliteStore;
  readonly validations: Validations;
  action(name: string): Action;
  validation(name: string): Validation;
}

/** dynalite is CommonJS without types. */
function loadDynalite(): Dynalite {
  const require = createRequire(join(import.meta.dirname, 'engine.js'));
  const { create } = require('dynalite/db') as Pick<Dynalite, 'create'>;
  return {
    create,
    validations: require('dynalite/validations') as Validations,
    action: (name) => require(`dynalite/actions/${name}`) as Action,
    validation: (name) => require(`dynalite/validations/${name}`) as Validation,
  };
}

const dynalite = loadDynalite();

/** The operations that dynalite 4 has. */
export const OPERATIONS: ReadonlySet<string> = new Set(
  'BatchGetItem BatchWriteItem CreateTable DeleteItem DeleteTable DescribeTable DescribeTimeToLive GetItem ListTables PutItem Query Scan TagResource UntagResource ListTagsOfResource UpdateItem UpdateTable'.split(
    ' ',
  ),
);

/**
 * dynalite's parts are called one by one, not through its own HTTP server: that one throws whatever it did not expect, e.g. a full disk,
 * where nobody can catch it, and the process would end.
 */
export function createStore(path: string): DynaliteStore {
  return dynalite.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
}

/** Operations that dynalite answers before they are done: a timer ends them. */
const UNDER_WAY = new Set(['CreateTable', 'DeleteTable', 'UpdateTable']);

/**
 * Checks the input and runs the operation. A change of a table is done when it resolves, though the answer says CREATING as AWS's does:
 * nobody has to wait for it, and nobody meets the moment in between.
 * Throws `DynaliteError`, or what the disk says.
 */
export async function runOperation(store: DynaliteStore, operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (!UNDER_WAY.has(operation)) return runAction(store, operation, input);
  const table = String(input.TableName);
  // dynalite goes on changing the object that it gave.
  const output = structuredClone(await runAction(store, operation, input));
  while (await isUnderWay(store, table)) await sleep(1);
  return output;
}

async function isUnderWay(store: DynaliteStore, name: string): Promise<boolean> {
  const table = await promised<StoredTable | undefined>((done) => store.tableDb.get(name, done));
  if (table === undefined) return false;
  return table.TableStatus !== 'ACTIVE' || (table.GlobalSecondaryIndexes ?? []).some(({ IndexStatus }) => IndexStatus !== 'ACTIVE');
}

/** A callback's value as a promise. */
export function promised<Value>(start: (done: Callback<Value>) => void): Promise<Value> {
  return new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));
}

function runAction(store: DynaliteStore, operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const name = operation.slice(0, 1).toLowerCase() + operation.slice(1);
  const { types, custom } = dynalite.validation(name);
  const action = dynalite.action(name);
  return promised((done) => {
    const checked = dynalite.validations.checkTypes(input, types);
    dynalite.validations.checkValidations(checked, types, custom, store);
    action(store, checked, done);
  });
}
