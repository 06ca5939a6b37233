import { FatalError, isoSecond } from '@loadin/pipeline';
import type { Table } from '@loadin/postgres-source';
import { folderOf, type EntityStream } from '../stream-facts.js';
import { databaseOptions } from './database-options.js';
import { misfits } from './misfits.js';
import { openTable } from './table.js';
import type { EntityContext } from './types.js';

/** Whether the database lets Loadin in. Resolves with one line about it; throws `FatalError` and `RetryableError` that say what to do. */
export async function checkDatabase(access: Pick<EntityContext, 'settings' | 'secrets'>): Promise<string> {
  const { openSession } = await import('./postgres-parts.js');
  const { connection } = await databaseOptions(access);
  const session = await openSession({ connection });
  await session.end();
  const { host, port, database } = typeof connection === 'function' ? await connection({ fresh: false }) : connection;
  return `${database} on ${host}:${port} answers, and takes the credentials`;
}

export type TableStream = Exclude<EntityStream, { readonly id: 'payments.payments' | 'shipments.shipments' }>;

/** Whether a table is there and may be read by key and cursor, and how far it can be read now; with what is not as it should be. */
export async function checkTable({ id, options }: TableStream, context: EntityContext): Promise<string> {
  const { describeTable, openSession, surveyTable } = await import('./postgres-parts.js');
  const source = await databaseOptions(context);
  const { entity } = await openTable(folderOf(id), options, source, context);
  if (entity.kind !== 'table') return '';
  const { table, key, cursor, columns, lookBack, timeZone, slices = 1 } = entity;
  const session = await openSession(source);
  const described = await describeTable(session, table).finally(() => session.end());
  requireFit(options, described);
  const read = { table, key, ...(cursor !== undefined && { cursor }), ...(columns && { columns }), ...(timeZone && { timeZone }) };
  const runStart = isoSecond(context.clock.now());
  const { below, notes } = await surveyTable({ ...read, ...(lookBack !== undefined && { lookBack }) }, { ...source, runStart });
  const name = typeof table === 'string' ? table : `${table.schema}.${table.name}`;
  const how = cursor === undefined ? 'in full' : `by ${cursor}${below === undefined ? '' : `, now up to ${below}`}`;
  const slicing = slices === 1 ? '' : `, in up to ${slices} slices by ${slices + 1} connections`;
  return [`${name} can be read ${how}${slicing}`, ...notes.map(({ message }) => message)].join('\n');
}

function requireFit(options: TableStream['options'], { schema, name, columns }: Table): void {
  const found = misfits(options, columns);
  if (found.length === 0) return;
  const where = `${schema}.${name}`;
  throw new FatalError(`${where}: ${found.join('; ')}`, { where, hint: `Its columns: ${columns.map((column) => column.name).join(', ')}.` });
}
