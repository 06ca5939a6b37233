import { FatalError } from '@loadin/resilience';
import { createTable, numbers } from './external-table.js';
import { ddlName, sqlName, sqlTable, tableName } from './names.js';
import { DEFAULT_SINCE, type RawRecords, type RecordSchema, type Statement } from './types.js';

/** Years for which Athena makes up folders. */
const YEARS = 20;

const ENVELOPE = {
  success: 'boolean',
  source: 'string',
  data_type: 'string',
  records_processed: 'bigint',
  records_successful: 'bigint',
  records_failed: 'bigint',
  timestamp: 'string',
};

/** The table of a data type's objects, a row for each, and the view of the records in them. */
export function rawStatements({ source, dataType, schema, sinceYear }: RawRecords, bucket: string): Statement[] {
  const from = sinceYear ?? Number(DEFAULT_SINCE.slice(0, 4));
  const view = `raw.${tableName(dataType)}`;
  const name = `${view}_objects`;
  const fields = Object.keys(schema.properties ?? {});
  const columns = [
    ['ingestion_result', struct(Object.entries(ENVELOPE))],
    ['records', `array<${jsonType(schema, dataType)}>`],
  ] as const;
  const partitions = [numbers('year', from, from + YEARS - 1, 4), numbers('month', 1, 12, 2), numbers('day', 1, 31, 2)];
  const selected = [
    ...fields.map((field) => `t.record.${sqlName(field)} AS ${sqlName(field)}`),
    `objects.ingestion_result."timestamp" AS "_ingestion_timestamp"`,
    `"$path" AS "_object"`,
    ...partitions.map((partition) => sqlName(partition.name)),
  ];
  return [
    {
      kind: 'table',
      name,
      database: 'raw',
      description: `Objects of ${source}'s ${dataType}: what each says of itself, and its records in a list.`,
      sql: createTable({ name, columns, partitions, format: 'json', location: `s3://${bucket}/raw/${source}/${dataType}` }),
      notes: [],
    },
    {
      kind: 'view',
      name: view,
      database: 'raw',
      description: `Records of ${source}'s ${dataType}, a row for each.`,
      // In Athena, unlike in Trino, UNNEST makes one column of an array of rows (User Guide, "Filter arrays using UNNEST").
      sql: `CREATE OR REPLACE VIEW ${sqlTable(view)} AS\nSELECT\n${selected.map((part) => `  ${part}`).join(',\n')}\nFROM ${sqlTable(name)} AS objects\nCROSS JOIN UNNEST(objects.records) AS t (record)`,
      notes: [],
    },
  ];
}

const SCALARS: Readonly<Record<string, string>> = { string: 'string', boolean: 'boolean', integer: 'bigint', number: 'double' };

/** Dates and times stay the texts that they are. Throws `FatalError` for a schema that says no type, or several. */
function jsonType({ type = [], items, properties }: RecordSchema, where: string): string {
  const [only, ...others] = [type].flat().filter((each) => each !== 'null');
  const scalar = only === undefined || others.length > 0 ? undefined : SCALARS[only];
  if (scalar !== undefined) return scalar;
  if (only === 'array' && items !== undefined) return `array<${jsonType(items, `${where}[]`)}>`;
  if (only === 'object' && properties !== undefined)
    return struct(Object.entries(properties).map(([name, schema]) => [name, jsonType(schema, `${where}.${name}`)]));
  throw new FatalError('A field of records has no type that a table can have', {
    where,
    hint: 'Give it one type besides null, and items or properties.',
  });
}

const struct = (fields: readonly (readonly [string, string])[]): string =>
  `struct<${fields.map(([name, type]) => `${fieldName(name)}:${type}`).join(',')}>`;

/** Words of Athena's DDL that are names of fields here or may well become some; other names stay as they are. */
const RESERVED = new Set(['date', 'end', 'from', 'group', 'interval', 'order', 'range', 'start', 'time', 'timestamp', 'to', 'user', 'values']);
const fieldName = (name: string): string => (RESERVED.has(name) ? ddlName(name) : name);
