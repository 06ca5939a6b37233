/** A table as Glue keeps it. */
export interface GlueTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly GlueColumn[];
  readonly partitions: readonly GlueColumn[];
  readonly format: 'parquet' | 'json';
  readonly location: string;
  /** Among them where partitions are projected. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface GlueColumn {
  readonly name: string;
  readonly type: string;
}

const DDL =
  /^CREATE EXTERNAL TABLE IF NOT EXISTS `(?<database>[^`]+)`\.`(?<name>[^`]+)` \(\n(?<columns>[^]+?)\n\)\nPARTITIONED BY \((?<partitions>[^\n]+)\)\n(?<format>STORED AS PARQUET|ROW FORMAT SERDE '[\w.]+')\nLOCATION '(?<location>(?:[^']|'')+)'\nTBLPROPERTIES \(\n(?<properties>[^]+)\n\)$/;
const COLUMN = /^`((?:[^`]|``)+)` (.+)$/;
const PROPERTY = /^'((?:[^']|'')+)' = '((?:[^']|'')*)'$/;

/**
 * What a statement of the catalogue tells Athena, so that what `loadin-setup ddl` prints and what the stack makes are one text. Throws for a statement of another form than
 * the catalogue's, rather than make another table than it says.
 */
export function glueTable(sql: string): GlueTable {
  const found = DDL.exec(sql)?.groups;
  if (found === undefined) throw new Error(`This statement can't be made a table of Glue:\n${sql}`);
  const { database = '', name = '', columns = '', partitions = '', format = '', location = '', properties = '' } = found;
  return {
    database,
    name,
    columns: columns.split(/,\n/).map(columnOf),
    partitions: partitions.split(', ').map(columnOf),
    format: format === 'STORED AS PARQUET' ? 'parquet' : 'json',
    location: unquoted(location),
    properties: Object.fromEntries(properties.split(/,\n/).map(propertyOf)),
  };
}

function columnOf(line: string): GlueColumn {
  const [, name, type] = COLUMN.exec(line.trim()) ?? [];
  if (name === undefined || type === undefined) throw new Error(`This is no column of a table: ${line}`);
  // Glue keeps the names of fields as they are: only Athena's DDL wants some of them quoted.
  return { name: name.replaceAll('``', '`'), type: type.replaceAll('`', '') };
}

function propertyOf(line: string): [string, string] {
  const [, name, value] = PROPERTY.exec(line.trim()) ?? [];
  if (name === undefined || value === undefined) throw new Error(`This is no property of a table: ${line}`);
  return [unquoted(name), unquoted(value)];
}

const unquoted = (text: string): string => text.replaceAll("''", "'");
