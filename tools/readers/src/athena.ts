import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { duckdbName, readExternalTable, type ExternalTable } from './external-table.js';
import { duckdbType } from './hive-type.js';

/** DuckDB in the place of Athena: runs its DDL, views and queries over objects that lie in folders. */
export interface Athena {
  /** Throws what DuckDB says to a statement that it can't run. */
  run(sql: string): Promise<void>;
  /** Values as DuckDB's JSON. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Of the tables that were made: each column's type as it was declared, and as all files together have it; `undefined` when none has the column. */
  types(table: string): readonly ColumnTypes[];
  close(): void;
}

export interface ColumnTypes {
  readonly column: string;
  readonly declared: string;
  readonly found: string | undefined;
}

/**
 * Views and queries are run as they are, word for word. What differs, and all that is translated:
 * - `CREATE EXTERNAL TABLE` becomes a view that reads the objects below the location by name (`union_by_name`), with the declared types; as with projection, only
 *   partitions within the declared range are seen, and no objects are an empty table. Its column `"$path"`, hidden in Athena, is the file's name.
 * - `DROP TABLE` of such a table drops that view.
 * - Quotes around names in DDL: `` ` `` becomes `"`.
 *
 * @param buckets the folder that stands for each bucket
 */
export async function openAthena(buckets: Readonly<Record<string, string>>): Promise<Athena> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const known = new Map<string, readonly ColumnTypes[]>();
  return {
    async run(sql) {
      const table = readExternalTable(sql);
      if (table !== undefined) known.set(table.name.replaceAll('"', ''), await createView(connection, table, buckets));
      else await connection.run(/^DROP TABLE /.test(sql) ? duckdbName(sql).replace('DROP TABLE', 'DROP VIEW') : sql);
    },
    rows: (sql) => rowsOf(connection, sql),
    types: (table) => known.get(table) ?? [],
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const rowsOf = async (connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> =>
  (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

async function createView(connection: DuckDBConnection, table: ExternalTable, buckets: Readonly<Record<string, string>>): Promise<ColumnTypes[]> {
  const folder = buckets[table.bucket];
  if (folder === undefined) throw new Error(`No folder stands for the bucket ${table.bucket}`);
  const glob = `${folder}/${table.prefix}/${table.partitions.map((partition) => `${partition}=*/`).join('')}**/*`;
  const files = await rowsOf(connection, `SELECT file FROM glob(${quoted(glob)})`);
  const found = new Map<string, string>();
  if (files.length > 0 && table.format === 'parquet') {
    const described = await rowsOf(connection, `DESCRIBE SELECT * FROM ${source(table, glob)}`);
    // Athena finds a column whatever the case of its name in the file.
    for (const { column_name: column, column_type: type } of described) found.set(String(column).toLowerCase(), String(type));
  }
  const isThere = (column: string): boolean => files.length > 0 && (table.format === 'json' || found.has(column));
  const columns = table.columns.map(([column, type]) => `CAST(${isThere(column) ? name(column) : 'NULL'} AS ${duckdbType(type)}) AS ${name(column)}`);
  const partitions = table.partitions.map((partition) => `CAST(${files.length > 0 ? name(partition) : 'NULL'} AS VARCHAR) AS ${name(partition)}`);
  const path = `${files.length > 0 ? 'filename' : "''"} AS "$path"`;
  const from =
    files.length > 0
      ? `FROM ${source(table, glob)} WHERE ${table.partitions.map((partition) => within(table, partition)).join(' AND ')}`
      : 'WHERE false';
  await connection.run(`CREATE VIEW IF NOT EXISTS ${table.name} AS SELECT ${[...columns, ...partitions, path].join(', ')} ${from}`);
  return table.columns.map(([column, type]) => ({ column, declared: duckdbType(type), found: found.get(column) }));
}

function source({ format, columns }: ExternalTable, glob: string): string {
  const options = 'filename = true, hive_partitioning = true, hive_types_autocast = false';
  if (format === 'parquet') return `read_parquet(${quoted(glob)}, union_by_name = true, ${options})`;
  const shape = columns.map(([column, type]) => `${name(column)}: ${quoted(duckdbType(type))}`).join(', ');
  return `read_json(${quoted(glob)}, format = 'newline_delimited', columns = {${shape}}, maximum_object_size = 33554432, ${options})`;
}

/** The partitions that the table's projection makes up. */
function within({ properties }: ExternalTable, partition: string): string {
  const property = (key: string): string => properties[`projection.${partition}.${key}`] ?? '';
  const [first = '', last = ''] = property('range').split(',');
  if (property('type') === 'date') return `${name(partition)} >= ${quoted(first)}`;
  if (property('type') === 'enum') return `${name(partition)} IN (${property('values').split(',').map(quoted).join(', ')})`;
  if (property('type') === 'integer')
    return `CAST(${name(partition)} AS BIGINT) BETWEEN ${first} AND ${last} AND length(${name(partition)}) = ${property('digits')}`;
  throw new Error(`The partition ${partition} has no projection`);
}
