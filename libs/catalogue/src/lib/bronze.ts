import { athenaType } from './athena-type.js';
import { earlierTypes } from './earlier-types.js';
import { createTable, days, words } from './external-table.js';
import { columnName, isPlain, literal, sqlName, sqlTable, tableName } from './names.js';
import { DEFAULT_SINCE, type BronzeEntity, type FileColumn, type Statement } from './types.js';

/** Behind the source's columns in every file; the last one in loads that write deletions, and null in the rows of all others. */
const METADATA: readonly FileColumn[] = [
  { name: '_ingestion_ts', type: 'timestamptz' },
  { name: '_source_system', type: 'string' },
  { name: '_record_hash', type: 'string' },
  { name: '_ingestion_id', type: 'string' },
  { name: '_deleted', type: 'boolean' },
];

const PARTITIONS = ['ingestion_date', 'load_type'];

/** The day in the folder's name; null in that of rows without one. The date is in no file, and a projected column would lose the null. */
const EVENT_DATE = `CAST(nullif(regexp_extract("$path", '/event_date=([^/]+)/', 1), '__HIVE_DEFAULT_PARTITION__') AS date)`;

export const bronzeTable = ({ entity }: Pick<BronzeEntity, 'entity'>): string => `bronze.${tableName(entity)}`;

/** The table of an entity, and its views: with event dates, and with the latest state of every row. */
export function bronzeStatements(bronze: BronzeEntity, bucket: string): Statement[] {
  const { kept, notes } = columnsOf(bronze);
  const views = latest(bronze, kept);
  const keyless = `There is no view of the latest rows: the key of ${bronze.entity} is not known.`;
  return [table(bronze, bucket, kept, [...notes, ...(views.length === 0 ? [keyless] : [])]), dated(bronze, kept), ...views];
}

type TableColumn = readonly [name: string, type: string];

/** The newest version's columns: those that some file has, and that a table can have. */
function columnsOf({ entity, versions }: BronzeEntity): { readonly kept: readonly TableColumn[]; readonly notes: readonly string[] } {
  const columns = [...(versions.at(-1)?.columns ?? []), ...METADATA];
  const kept: TableColumn[] = [];
  const notes: string[] = [];
  for (const { name, type } of columns) {
    if (type === null) continue;
    const known = columnName(name);
    if (known === undefined) {
      notes.push(`The column ${JSON.stringify(name)} is left out: a table of Glue can't have a column of that name. Other readers see it.`);
      continue;
    }
    if (!isPlain(known)) notes.push(`Athena promises names of a to z, 0 to 9 and _ alone: try ${JSON.stringify(known)} before you rely on it.`);
    kept.push([known, athenaType(type, `the column ${name} of ${entity}`)]);
  }
  return { kept, notes };
}

function table(bronze: BronzeEntity, bucket: string, kept: readonly TableColumn[], notes: readonly string[]): Statement {
  const { entity, since = DEFAULT_SINCE } = bronze;
  const name = bronzeTable(bronze);
  const partitions = [days('ingestion_date', since), words('load_type', ['full', 'incremental'])];
  return {
    kind: 'table',
    name,
    database: 'bronze',
    description: `Every row that was ever delivered of ${entity}, changes and tombstones too.`,
    sql: createTable({ name, columns: kept, partitions, format: 'parquet', location: `s3://${bucket}/data/bronze/${entity}` }),
    notes: [...notes, ...earlierTypes(bronze)],
  };
}

function dated(bronze: BronzeEntity, kept: readonly TableColumn[]): Statement {
  const from = bronzeTable(bronze);
  const name = `${from}_dated`;
  return {
    kind: 'view',
    name,
    database: 'bronze',
    description: `The same rows with event_date, which is null for rows without one.`,
    sql: `CREATE OR REPLACE VIEW ${sqlTable(name)} AS\nSELECT\n${listed([...named(kept), ...PARTITIONS.map(sqlName), `${EVENT_DATE} AS "event_date"`])}\nFROM ${sqlTable(from)}`,
    notes: [],
  };
}

/**
 * Of two loads the later one read the source later: so the row of the latest load is the row as it was last. A load has a row once, unless it changed while it was read and nothing bounds the read in time: then the
 * cursor says which is the later. The hash makes the answer one even where nothing does.
 */
function latest(bronze: BronzeEntity, kept: readonly TableColumn[]): Statement[] {
  const { entity, key = [] } = bronze;
  const columns = key.map((column) => columnName(column));
  const isThere = columns.length > 0 && columns.every((column) => kept.some(([name]) => name === column));
  if (!isThere) return [];
  const name = `${bronzeTable(bronze)}_latest`;
  const shown = [...named(kept.filter(([column]) => column !== '_deleted')), ...PARTITIONS.map(sqlName), '"event_date"'];
  const order = ['"_ingestion_ts" DESC', ...laterInLoad(bronze, kept), '"_ingestion_id" DESC', '"_record_hash" DESC'].join(', ');
  const ranked = `row_number() OVER (PARTITION BY ${columns.map((column) => sqlName(column ?? '')).join(', ')} ORDER BY ${order}) AS "_rank"`;
  const sql = [
    `CREATE OR REPLACE VIEW ${sqlTable(name)} AS`,
    'SELECT',
    listed(shown),
    'FROM (',
    `  SELECT *, ${ranked}`,
    `  FROM ${sqlTable(`${bronzeTable(bronze)}_dated`)}`,
    ') AS ranked',
    'WHERE "_rank" = 1 AND coalesce("_deleted", false) = false',
  ];
  const description = `Every row of ${entity} as it was delivered last, by ${key.join(', ')}; rows that are known to be deleted are left out.`;
  return [{ kind: 'view', name, database: 'bronze', description, sql: sql.join('\n'), notes: [] }];
}

/** A number or time that has become text has another order. */
function laterInLoad({ cursor }: BronzeEntity, kept: readonly TableColumn[]): string[] {
  const name = cursor === undefined ? undefined : columnName(cursor);
  return kept.filter(([column, type]) => column === name && type !== 'string').map(([column]) => `${sqlName(column)} DESC NULLS LAST`);
}

/** `bronze.counts`: how many rows each load has brought, by entity. Needs no data of the files but of tombstones. */
export function countsView(entities: readonly BronzeEntity[]): Statement[] {
  if (entities.length === 0) return [];
  const counts = entities.map(
    (bronze) =>
      `SELECT "ingestion_date", "load_type", ${literal(bronze.entity)} AS "entity", COUNT(*) AS "record_count", COUNT_IF("_deleted") AS "deleted_count"\n` +
      `FROM ${sqlTable(bronzeTable(bronze))}\nGROUP BY "ingestion_date", "load_type"`,
  );
  return [
    {
      kind: 'view',
      name: 'bronze.counts',
      database: 'bronze',
      description: 'Rows by ingestion date, load type and entity; deleted_count of them are tombstones.',
      sql: `CREATE OR REPLACE VIEW "bronze"."counts" AS\n${counts.join('\nUNION ALL\n')}`,
      notes: [],
    },
  ];
}

const named = (columns: readonly TableColumn[]): string[] => columns.map(([name]) => sqlName(name));
const listed = (parts: readonly string[]): string => parts.map((part) => `  ${part}`).join(',\n');
