import type { ValueKind } from './types.js';

const NUMBERS = /^(smallint|integer|bigint|int[248]?|int32|int64|oid|real|double( precision)?|float[48]?|(numeric|decimal)(\(.*\))?)$/;
const TIMES = /^timestamp(tz)?(\(\d\))?( with(out)? time zone)?$/;
/** No order by their text, or none that says anything. */
const OTHERS =
  /\[\]$|^_|^list<|^(bytea|binary|json|jsonb|xml|interval.*|money|timetz|point|line|lseg|box|path|polygon|circle|tsvector|tsquery)$|range$|with time zone/;

/** Types whose values all have the same number of digits after the point. */
const FIXED_POINT = /^(smallint|integer|bigint|int[248]|oid|(numeric|decimal)\(\d+(,-?\d+)?\))$/;

/** Whether two values of the type, neither below 0, are in the order of their lengths and then of their bytes, as Postgres prints them. */
export const isFixedPoint = (type: string): boolean => FIXED_POINT.test(type);

/** What values of a type are, by the name that Postgres' `format_type` prints or that bronze gives to its types. */
export function valueKind(type: string): ValueKind {
  if (NUMBERS.test(type)) return 'number';
  if (type === 'boolean' || type === 'bool') return 'boolean';
  if (type === 'date') return 'date';
  if (TIMES.test(type)) return 'time';
  return OTHERS.test(type) ? 'other' : 'text';
}
