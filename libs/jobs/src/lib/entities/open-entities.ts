import type { PostgresOptions } from '@loadin/postgres-source';
import { folderOf, type EntityStream } from '../stream-facts.js';
import { databaseOptions } from './database-options.js';
import { openList } from './list.js';
import { openTable } from './table.js';
import type { EntityContext, OpenEntity } from './types.js';

export interface OpenEntities {
  open(wanted: EntityStream): Promise<OpenEntity>;
  /** Gives back what clients hold of a shared budget, and closes their connections. */
  close(): Promise<void>;
}

/** The entities of the jobs file, each with what it alone needs. */
export function openEntities(context: EntityContext): OpenEntities {
  const closers: (() => Promise<void>)[] = [];
  let database: Promise<PostgresOptions> | undefined;
  return {
    async open(wanted) {
      if (wanted.id === 'payments.payments' || wanted.id === 'shipments.shipments') {
        const list = await openList(wanted.id === 'payments.payments' ? 'payments' : 'shipments', wanted.options, context);
        closers.push(list.close);
        return list;
      }
      database ??= databaseOptions(context);
      return openTable(folderOf(wanted.id), wanted.options, await database, context);
    },
    close: async () => void (await Promise.all(closers.map((close) => close()))),
  };
}
