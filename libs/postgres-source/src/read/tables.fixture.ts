import type { Client } from 'pg';
import { describeTable, type TableName } from '../catalogue/describe.js';
import type { Table } from '../catalogue/types.js';
import { openSession } from '../connection/session.js';
import type { ConnectionSettings } from '../connection/types.js';
import { createDatabase } from '../server.fixture.js';
import { readRecords, readTable, type ReadTableOptions } from './read-table.js';
import type { Position, TableRead } from './types.js';

/** Never aborted. */
export const signal: AbortSignal = new AbortController().signal;

/** A database of a specification, and reads of its tables. */
export interface Tables {
  readonly client: Client;
  readonly connection: ConnectionSettings;
  table(name: TableName, of?: ConnectionSettings): Promise<Table>;
  /** One column of all rows. */
  values(read: TableRead, column?: string, options?: Partial<ReadTableOptions>): Promise<unknown[]>;
  /** Of all rows. */
  positions(read: TableRead): Promise<Position[]>;
  close(): Promise<void>;
}

export async function openTables(): Promise<Tables> {
  const { client, connection, close } = await createDatabase();
  return {
    ...{ client, connection, close },
    table: async (name, of = connection) => {
      const session = await openSession({ connection: of });
      return describeTable(session, name).finally(() => session.end());
    },
    values: async (read, column = 'id', options = {}) => {
      const found: unknown[] = [];
      for await (const record of readRecords(read, { connection, signal, ...options })) found.push(record[column]);
      return found;
    },
    positions: async (read) => {
      const found: Position[] = [];
      for await (const block of readTable(read, { connection, signal }).blocks)
        for (let i = 0; i < block.count; i += 1) found.push(block.position(i) as Position);
      return found;
    },
  };
}

export const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
