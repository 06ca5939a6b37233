import { decimalOf, type ColumnType, type ScalarType } from './column-type.js';

/** How a value of a column stands in the canonical JSON that is hashed: numbers and booleans bare, everything else as a string. */
export type JsonForm = 'number' | 'boolean' | 'string';

export interface SourceType {
  readonly type: ColumnType;
  readonly json: JsonForm;
}

const text = (): SourceType => ({ type: { kind: 'string' }, json: 'string' });
const number = (kind: 'int32' | 'int64' | 'float' | 'double'): SourceType => ({ type: { kind }, json: 'number' });
const plain = (kind: 'binary' | 'date' | 'timestamp' | 'timestamptz'): SourceType => ({ type: { kind }, json: 'string' });

const TYPES: ReadonlyMap<string, () => SourceType> = new Map([
  ...['smallint', 'int2', 'integer', 'int', 'int4'].map((name) => [name, () => number('int32')] as const),
  ...['bigint', 'int8', 'oid'].map((name) => [name, () => number('int64')] as const),
  ...['real', 'float4'].map((name) => [name, () => number('float')] as const),
  ...['double precision', 'float8'].map((name) => [name, () => number('double')] as const),
  ...['boolean', 'bool'].map((name) => [name, (): SourceType => ({ type: { kind: 'boolean' }, json: 'boolean' })] as const),
  ['bytea', () => plain('binary')],
  ['date', () => plain('date')],
  ...['timestamp', 'timestamp without time zone'].map((name) => [name, () => plain('timestamp')] as const),
  ...['timestamptz', 'timestamp with time zone'].map((name) => [name, () => plain('timestamptz')] as const),
]);

/**
 * The column for a Postgres type by the name that `format_type` prints (`numeric(10,2)`, `timestamp(3) with time zone`, `integer[]`) or the catalogue has
 * (`int8`, `_int4`). What has no exact place in Parquet is the source's text: numeric without precision, time, uuid, interval, enums, ranges, jsonb.
 * An array's type does not say how many dimensions its values have: those of more than one are misfits of the list (see the contract modes).
 */
export function postgresType(name: string): SourceType {
  const element = /^(.*)\[\]$/.exec(name)?.[1] ?? /^_(.+)$/.exec(name)?.[1];
  if (element === undefined) return scalar(name);
  // The one array of Postgres itself whose text has other separators than commas.
  if (element === 'box') return text();
  const { type } = scalar(element.replace(/(\[\])+$/, ''));
  return { type: type.kind === 'list' ? { kind: 'string' } : { kind: 'list', element: type }, json: 'string' };
}

function scalar(name: string): SourceType {
  const [, base, precision, scale] = /^(numeric|decimal)(?:\((\d+)(?:,\s*(-?\d+))?\))?$/.exec(name) ?? [];
  if (base !== undefined) return { type: numeric(precision, scale), json: 'number' };
  // The precision of timestamps is a rounding that Postgres did: their values are microseconds all the same.
  return TYPES.get(name.replace(/^(timestamp|timestamptz)\(\d\)/, '$1'))?.() ?? text();
}

/** Postgres allows a negative scale (rounded tens) and one above the precision (0.000ddd). */
function numeric(precision: string | undefined, scale = '0'): ScalarType {
  if (precision === undefined) return { kind: 'string' };
  const [digits, after] = [Number(precision), Number(scale)];
  return decimalOf(after < 0 ? digits - after : Math.max(digits, after), Math.max(after, 0)) ?? { kind: 'string' };
}
