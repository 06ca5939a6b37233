import { FatalError } from '@loadin/pipeline';
import type { Column, Table } from '@loadin/postgres-source';
import type { BronzeTable } from './types.js';

/** Types that have a day, or may have one: texts are looked into. */
const WITH_DAY = new Set(['date', 'timestamp', 'timestamptz', 'text']);

/** What is said of columns that must be there for what they are named for. */
export type NamedColumns = Pick<BronzeTable, 'eventDate' | 'softDelete'>;

/** What the columns of a table can't keep of it, as parts of a sentence. Empty: all of it. */
export function unfitColumns({ eventDate, softDelete }: NamedColumns, columns: readonly Column[]): string[] {
  const typeOf = (name: string | undefined) => columns.find((column) => column.name === name)?.type;
  const missing = (name: string | undefined, role: string): string[] =>
    name === undefined || typeOf(name) !== undefined ? [] : [`there is no column ${name}, named as ${role}`];
  const day = typeOf(eventDate);
  const dayless = day === undefined || WITH_DAY.has(day.tag) ? [] : [`${eventDate}, named as event_date, is ${day.sql}, which has no day`];
  return [...missing(eventDate, 'event_date'), ...missing(softDelete, 'soft_delete'), ...dayless];
}

/** Throws `FatalError` before anything is read: else rows would lie in no day's folder, or a mark of deleted rows would never come, without a word. */
export function requireColumns(entity: BronzeTable, { schema, name, columns }: Table): void {
  const read = columns.filter((column) => entity.columns?.includes(column.name) ?? true);
  const found = unfitColumns(entity, read);
  if (found.length === 0) return;
  const where = `${schema}.${name}`;
  throw new FatalError(`${where}: ${found.join('; ')}`, {
    where,
    hint: `Correct the jobs file. Columns that are read: ${read.map((column) => column.name).join(', ')}.`,
  });
}
