/** What a `CREATE EXTERNAL TABLE` says, read from its text. */
export interface ExternalTable {
  /** As it is quoted for DuckDB: `"bronze"."orders"`. */
  readonly name: string;
  /** Types as in Athena's DDL. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly partitions: readonly string[];
  readonly format: 'parquet' | 'json';
  readonly bucket: string;
  readonly prefix: string;
  readonly properties: Readonly<Record<string, string>>;
}

const SHAPE =
  /^CREATE EXTERNAL TABLE IF NOT EXISTS (\S+) \(\n([^]*?)\n\)\nPARTITIONED BY \(([^)]*)\)\n([^\n]*)\nLOCATION 's3:\/\/([^/']+)\/([^']*)\/'\nTBLPROPERTIES \(\n([^]*)\n\)$/;

/** `undefined` for any other statement. */
export function readExternalTable(sql: string): ExternalTable | undefined {
  const [, name, columns = '', partitions = '', format = '', bucket = '', prefix = '', properties = ''] = SHAPE.exec(sql) ?? [];
  if (name === undefined) return undefined;
  return {
    name: duckdbName(name),
    columns: columns.split(',\n').map((line) => column(line.trim())),
    partitions: partitions.split(', ').map((part) => column(part)[0]),
    format: format === 'STORED AS PARQUET' ? 'parquet' : 'json',
    bucket,
    prefix,
    properties: Object.fromEntries([...properties.matchAll(/'([^']*)' = '([^']*)'/g)].map(([, key = '', value = '']) => [key, value])),
  };
}

function column(text: string): readonly [string, string] {
  const [, name, type = ''] = /^`((?:[^`]|``)+)` (\S[^]*)$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`This is no column of a table: ${text}`);
  return [name.replaceAll('``', '`'), type];
}

/** Names are quoted with `"` there. */
export const duckdbName = (name: string): string =>
  name.replaceAll('"', '""').replaceAll(/`((?:[^`]|``)*)`/g, (_all, inner: string) => `"${inner.replaceAll('``', '`')}"`);
