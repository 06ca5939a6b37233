import { ddlName, ddlTable, literal } from './names.js';

export interface ExternalTable {
  /** `bronze.orders` */
  readonly name: string;
  /** Names as Athena knows them, types as in DDL. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly partitions: readonly Partition[];
  readonly format: 'parquet' | 'json';
  /** `s3://bucket/prefix`, without a slash at the end. */
  readonly location: string;
}

/** A folder `name=value` whose values Athena makes up instead of looking for them. */
export interface Partition {
  readonly name: string;
  /** Athena's properties `projection.{name}.…`. */
  readonly projection: Readonly<Record<string, string>>;
}

/** Days, from the first one to today (UTC). */
export const days = (name: string, since: string): Partition => ({
  name,
  projection: { type: 'date', format: 'yyyy-MM-dd', range: `${since},NOW`, interval: '1', 'interval.unit': 'DAYS' },
});

export const words = (name: string, values: readonly string[]): Partition => ({ name, projection: { type: 'enum', values: values.join(',') } });

export const numbers = (name: string, from: number, to: number, digits: number): Partition => ({
  name,
  projection: { type: 'integer', range: `${from},${to}`, digits: String(digits) },
});

const FORMATS: Readonly<Record<ExternalTable['format'], string>> = {
  parquet: 'STORED AS PARQUET',
  json: "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'",
};

/** Partition columns are strings: so Athena compares them with the folders' names, letter by letter. */
export function createTable({ name, columns, partitions, format, location }: ExternalTable): string {
  const lines = (parts: readonly string[]): string => parts.map((part) => `  ${part}`).join(',\n');
  const template = partitions.map((partition) => `${partition.name}=\${${partition.name}}/`).join('');
  const properties: Record<string, string> = {
    'projection.enabled': 'true',
    ...Object.fromEntries(
      partitions.flatMap((partition) => Object.entries(partition.projection).map(([key, value]) => [`projection.${partition.name}.${key}`, value])),
    ),
    'storage.location.template': `${location}/${template}`,
  };
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS ${ddlTable(name)} (`,
    lines(columns.map(([column, type]) => `${ddlName(column)} ${type}`)),
    ')',
    `PARTITIONED BY (${partitions.map((partition) => `${ddlName(partition.name)} string`).join(', ')})`,
    FORMATS[format],
    `LOCATION ${literal(`${location}/`)}`,
    `TBLPROPERTIES (`,
    lines(Object.entries(properties).map(([key, value]) => `${literal(key)} = ${literal(value)}`)),
    ')',
  ].join('\n');
}
