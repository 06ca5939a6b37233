import { createRequire } from 'node:module';
import { join } from 'node:path';

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

const load = createRequire(join(import.meta.dirname, 'engine.js'));
const { create } = load('dynalite/db') as { create(options: Record<string, unknown>): DynaliteStore };
const validations = load('dynalite/validations') as Validations;

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
  return create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
}

/** Checks the input and runs the operation. Throws `DynaliteError`, or what the disk says. */
export function runOperation(store: DynaliteStore, operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const name = operation.slice(0, 1).toLowerCase() + operation.slice(1);
  const { types, custom } = load(`dynalite/validations/${name}`) as Validation;
  const action = load(`dynalite/actions/${name}`) as Action;
  return new Promise((resolve, reject) => {
    const checked = validations.checkTypes(input, types);
    validations.checkValidations(checked, types, custom, store);
    action(store, checked, (error, output) => (error ? reject(error) : resolve(output)));
  });
}
