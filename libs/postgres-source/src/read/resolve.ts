import { FatalError } from '@loadin/resilience';
import type { Column, TableKind } from '../catalogue/types.js';
import type { Phase, TableRead } from './types.js';

/** A read with its names looked up and checked against the table. */
export interface ResolvedRead {
  readonly read: TableRead;
  readonly columns: readonly Column[];
  readonly key: readonly Column[];
  readonly cursor: Column | undefined;
  readonly phases: readonly Phase[];
  /** Whether it can be gone on with after any row: there is a key, and rows come in order. */
  readonly resumable: boolean;
}

const TIMES = new Set(['timestamptz', 'timestamp', 'date']);
const NUMBERS = new Set(['int2', 'int4', 'int8', 'numeric', 'oid']);

const VIEWS = new Set<TableKind>(['view', 'materialized view']);

export const isTime = ({ type }: Column): boolean => TIMES.has(type.tag);

/** Throws `FatalError` for columns that the table hasn't, and for keys and cursors that can't be ones. */
export function resolveRead(read: TableRead): ResolvedRead {
  const { table } = read;
  const where = `${table.schema}.${table.name}`;
  const refuse = (problem: string, hint: string): never => {
    throw new FatalError(`${where}: ${problem}`, { where, hint });
  };
  const find = (name: string, role: string): Column => {
    const names = table.columns.map((column) => column.name);
    return (
      table.columns.find((column) => column.name === name) ??
      refuse(`there is no column ${name}, named as ${role}`, `Its columns: ${names.join(', ')}.`)
    );
  };
  const columns = (read.columns ?? table.columns.map(({ name }) => name)).map((name) => find(name, 'a column'));
  if (columns.length === 0) refuse('there are no columns to read', 'Name one at least.');
  const hidden = columns.filter(({ readable }) => readable === false).map(({ name }) => name);
  if (hidden.length > 0)
    refuse(`the user may not read ${hidden.join(', ')}`, 'Grant SELECT on the table, or name the columns that the user may read as its columns.');
  const key = (read.key ?? (table.primaryKey.length > 0 ? table.primaryKey : (table.uniqueKeys[0] ?? []))).map((name) => find(name, 'key'));
  const cursor = read.cursor === undefined ? undefined : find(read.cursor, 'cursor');
  const unread = [...key, ...(cursor === undefined ? [] : [cursor])].find((column) => !columns.includes(column));
  if (unread !== undefined) refuse(`${unread.name} is key or cursor, and not among the columns`, 'Add it to them.');
  const nullable = key.find((column) => column.nullable);
  // Of a view's columns nobody but who made it knows: there each row is looked at.
  if (nullable !== undefined && !VIEWS.has(table.kind))
    refuse(`key column ${nullable.name} may be null`, 'A key has a value in every row: choose columns that are NOT NULL and unique together.');
  if (cursor !== undefined && !isTime(cursor) && !NUMBERS.has(cursor.type.tag))
    refuse(`${cursor.name} can't be a cursor: it is ${cursor.type.sql}`, 'Cursors are timestamps, dates, integers or numerics.');
  if (read.below !== undefined && (cursor === undefined || !isTime(cursor)))
    refuse(
      `an end in time needs a cursor that is a time${cursor === undefined ? '' : `, and ${cursor.name} is ${cursor.type.sql}`}`,
      cursor === undefined ? 'Leave out below.' : 'Say that it is a number (cursor_kind: number), or leave out below.',
    );
  const { ordered = key.length > 0 } = read;
  if (ordered && key.length === 0) refuse('rows without a key have no order', 'Name the key, or leave out ordered.');
  return { read, columns, key, cursor, phases: phasesOf(read, cursor), resumable: ordered };
}

function phasesOf({ unplaced = true, range }: TableRead, cursor: Column | undefined): readonly Phase[] {
  const possible = cursor !== undefined && (cursor.nullable || isTime(cursor));
  return possible && unplaced && (range?.from ?? null) === null ? ['unplaced', 'placed'] : ['placed'];
}

/** The columns by which a phase's rows are ordered. */
export const orderOf = ({ key, cursor }: ResolvedRead, phase: Phase): readonly Column[] =>
  phase === 'placed' && cursor !== undefined ? [cursor, ...key] : key;
