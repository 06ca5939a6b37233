import type { Column } from '../catalogue/types.js';
import { isTime, orderOf, type ResolvedRead } from './resolve.js';
import { identifier, literal, qualified } from './sql-text.js';
import type { Phase, TableRead } from './types.js';

const LOOK_BACK_MS = 600_000;
/** A clock that is put back in autumn goes through an hour twice. */
const HOUR_MS = 3_600_000;

/** The query for a phase's rows after `last`, in its order. */
export function selectOf(resolved: ResolvedRead, phase: Phase, last: readonly string[] | null): string {
  const { read, columns, resumable } = resolved;
  const order = orderOf(resolved, phase);
  const conditions = [...placeOf(resolved, phase, last === null), ...(last === null ? [] : [orNullKey(resolved, compare(order, '>', last))])];
  const list = columns.map(({ name }) => identifier(name)).join(', ');
  return [
    `SELECT ${list} FROM ${qualified(read.table)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(' AND ')}`]),
    ...(resumable ? [`ORDER BY ${order.map(({ name }) => identifier(name)).join(', ')}`] : []),
  ].join(' ');
}

/** Which rows belong to the phase and the slice. What lies behind `last` needs no lower bound beside it. */
export function placeOf(resolved: ResolvedRead, phase: Phase, fromBeginning = true): string[] {
  const { read, cursor, key } = resolved;
  const order = cursor === undefined ? key : [cursor, ...key];
  const { from = null, below = null } = read.range ?? {};
  if (cursor === undefined)
    return [...(fromBeginning && from !== null ? [compare(order, '>=', from)] : []), ...(below === null ? [] : [compare(order, '<', below)])].map(
      (condition) => orNullKey(resolved, condition),
    );
  const name = identifier(cursor.name);
  const infinite = isTime(cursor) ? [`${name} = ${literal('infinity', cursor)}`, `${name} = ${literal('-infinity', cursor)}`] : [];
  if (phase === 'unplaced') return [`(${[`${name} IS NULL`, ...infinite].join(' OR ')})`];
  const start = from === null ? sinceOf(cursor, read) : [orNullKey(resolved, compare(order, '>=', from))];
  return [
    ...(fromBeginning ? start : []),
    // Where rows that can't be placed have a phase of their own, or are not wanted, they are none of this one.
    ...(infinite.length === 0 ? [] : [`${name} > ${literal('-infinity', cursor)}`, `${name} < ${literal('infinity', cursor)}`]),
    ...(infinite.length === 0 && cursor.nullable ? [`${name} IS NOT NULL`] : []),
    ...(below === null ? [] : [orNullKey(resolved, compare(order, '<', below))]),
    ...endOf(cursor, read),
  ];
}

function sinceOf(cursor: Column, { from, lookBack, timeZone = 'UTC' }: TableRead): string[] {
  if (from === undefined) return [];
  const isLocal = cursor.type.tag === 'timestamp' && timeZone !== 'UTC';
  const back = lookBack ?? (isTime(cursor) ? LOOK_BACK_MS + (isLocal ? HOUR_MS : 0) : 0);
  const less = back === 0 ? '' : isTime(cursor) ? ` - interval '${back} milliseconds'` : ` - ${back}`;
  return [`${identifier(cursor.name)} >= ${literal(from, cursor)}${less}`];
}

/** `below` is an instant; the cursor may be a time without a zone, or a day: that one is not over then, and is read again by the next run. */
function endOf(cursor: Column, { below, timeZone = 'UTC' }: TableRead): string[] {
  if (below === undefined) return [];
  const instant = literal(below, { type: { tag: 'timestamptz', sql: 'timestamp with time zone' } });
  const local = `(${instant} AT TIME ZONE ${literal(timeZone, { type: { tag: 'text', sql: 'text' } })})`;
  const name = identifier(cursor.name);
  if (cursor.type.tag === 'date') return [`${name} <= ${local}::date`];
  return [`${name} < ${cursor.type.tag === 'timestamptz' ? instant : local}`];
}

/** Rows whose cursor is later than the server's clock, and of a day: than the one it is there. */
export function aheadOf(cursor: Column, { timeZone = 'UTC' }: TableRead): string {
  const name = identifier(cursor.name);
  const local = `(clock_timestamp() AT TIME ZONE ${literal(timeZone, { type: { tag: 'text', sql: 'text' } })})`;
  const now = cursor.type.tag === 'date' ? `${local}::date` : cursor.type.tag === 'timestamptz' ? 'clock_timestamp()' : local;
  // Asked once: an index is of use then.
  return `${name} > (SELECT ${now}) AND ${name} < ${literal('infinity', cursor)}`;
}

/** A row that has no key has no place in its order: it is never left out for that, so that it is found. */
function orNullKey({ key }: ResolvedRead, condition: string): string {
  const nulls = key.filter(({ nullable }) => nullable).map(({ name }) => `${identifier(name)} IS NULL`);
  return nulls.length === 0 ? condition : `(${[condition, ...nulls].join(' OR ')})`;
}

/** Compares the first columns of an order with values, as rows: `(a, b) > (1, 2)`. */
function compare(order: readonly Column[], operator: '>' | '>=' | '<', values: readonly string[]): string {
  const columns = order.slice(0, values.length);
  const [names, bounds] = [columns.map(({ name }) => identifier(name)), columns.map((column, index) => literal(values[index] ?? '', column))];
  return columns.length === 1 ? `${names[0]} ${operator} ${bounds[0]}` : `(${names.join(', ')}) ${operator} (${bounds.join(', ')})`;
}
