import type { ColumnType } from './column-type.js';

/** A column's name and type: all that is needed to make something of its text. */
export interface TypedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

export type RecordValue = string | number | boolean | null;

const NOT_FINITE = /^-?(?:nan|infinity)$/i;

/**
 * A record whose values lose nothing: truth values as such; int2, int4, oid and finite floats as numbers; everything else, int8 and numeric too, as the
 * text that Postgres prints (times in UTC, bytea in hexadecimal).
 */
export function recordOf(columns: readonly TypedColumn[], fields: readonly (string | null)[]): Record<string, RecordValue> {
  const record: Record<string, RecordValue> = {};
  columns.forEach(({ name, type }, index) => {
    const value = valueOf(fields[index] ?? null, type);
    // By assignment that name would set the object's prototype.
    if (name === '__proto__') Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
    else record[name] = value;
  });
  return record;
}

function valueOf(text: string | null, { tag }: ColumnType): RecordValue {
  if (text === null) return null;
  if (tag === 'bool') return text === 't';
  if (tag === 'int2' || tag === 'int4' || tag === 'oid') return Number(text);
  if ((tag === 'float4' || tag === 'float8') && !NOT_FINITE.test(text) && text !== '-0') return Number(text);
  return text;
}

/** Columns that describe a delivery and not the record: they never enter the hash. */
const DELIVERY_COLUMNS = new Set(['data_type', 'ingestion_timestamp', 'record_hash', 'run_id', 'replay_of']);

/** Bare in canonical JSON unless they are NaN or infinite. */
const NUMBERS = new Set(['int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'numeric']);

/**
 * Gives canonical JSON for rows of these columns, whose MD5 is the record's hash: keys in the order of UTF-16 units, numbers bare as the source's text, truth values
 * as JSON's, everything else a JSON string of the source's text. Columns that start with `_` and those of a delivery are left out.
 */
export function canonicalRow(columns: readonly TypedColumn[]): (fields: readonly (string | null)[]) => string {
  const members = columns
    .map(({ name, type }, index) => ({ name, index, tag: type.tag, key: `${JSON.stringify(name)}:` }))
    .filter(({ name }) => !DELIVERY_COLUMNS.has(name) && !name.startsWith('_'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return (fields) => `{${members.map(({ index, tag, key }) => `${key}${json(fields[index] ?? null, tag)}`).join(',')}}`;
}

function json(text: string | null, tag: ColumnType['tag']): string {
  if (text === null) return 'null';
  if (tag === 'bool') return text === 't' ? 'true' : 'false';
  return NUMBERS.has(tag) && !NOT_FINITE.test(text) ? text : JSON.stringify(text);
}
