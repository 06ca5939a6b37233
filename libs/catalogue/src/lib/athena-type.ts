import { FatalError } from '@loadin/resilience';

/** Athena's name in DDL (Hive's) for each type of schema files. Its `timestamp` is shown with milliseconds; that of an instant is the time in UTC. */
const TYPES: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  int32: 'int',
  integer: 'bigint',
  int64: 'bigint',
  float: 'float',
  double: 'double',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  string: 'string',
  binary: 'binary',
};

/** Throws `FatalError` for a name that is no type. */
export function athenaType(type: string, where = type): string {
  const element = /^list<(.*)>$/.exec(type)?.[1];
  if (element !== undefined) return `array<${athenaType(element, where)}>`;
  if (/^decimal\(\d{1,2},\d{1,2}\)$/.test(type)) return type;
  const found = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (found !== undefined) return found;
  throw new FatalError(`"${type}" is no type`, { where, hint: 'The schema file was written by a later version, or is damaged.' });
}

const WIDER: readonly (readonly [string, string])[] = [
  ['int', 'bigint'],
  ['float', 'double'],
];

/**
 * Whether Athena reads what files hold as `before` when the table says `now` (both by their names in DDL): only where Parquet itself allows it
 * (Trino, `ColumnReaderFactory`). Whatever else was widened makes a query of that column fail with HIVE_BAD_DATA; never is a value wrong.
 */
export function readsAs(before: string, now: string): boolean {
  if (before === now || WIDER.some(([narrow, wide]) => before === narrow && now === wide)) return true;
  return /^decimal/.test(before) && /^decimal/.test(now);
}
