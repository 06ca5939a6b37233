import { bronzeStatements, countsView } from './bronze.js';
import { logStatements } from './run-logs.js';
import { checkDistinct, ddlTable } from './names.js';
import { BRONZE_COUNTS, RECENT_RUNS } from './queries.js';
import { rawStatements } from './raw.js';
import type { Database, Lake, Statement } from './types.js';

export interface DescribeOptions {
  /** A table that is there already is dropped first, so that it gets the newest columns; no object is touched. Default: false, it stays as it is. */
  readonly replace?: boolean;
}

/**
 * Everything that Athena needs to know of a lake: schemas, tables, views, queries, in an order in which they can be run.
 * Throws `FatalError` for two that would have one name, and for a type that no table can have.
 */
export function describeLake({ bronze, raw, logs }: Lake, { replace = false }: DescribeOptions = {}): Statement[] {
  const entities = bronze?.entities ?? [];
  const parts: { readonly of: string; readonly statements: readonly Statement[] }[] = [
    ...entities.map((entity) => ({ of: `the entity ${entity.entity}`, statements: bronzeStatements(entity, bronze?.bucket ?? '') })),
    { of: 'the view of counts', statements: countsView(entities) },
    ...(raw?.records ?? []).map((records) => ({ of: `the data type ${records.dataType}`, statements: rawStatements(records, raw?.bucket ?? '') })),
    { of: 'the logs', statements: logs === undefined ? [] : logStatements(logs) },
  ];
  checkDistinct(parts.flatMap(({ of, statements }) => statements.map(({ name }) => ({ name, of }))));
  const made = parts.flatMap(({ statements }) => statements);
  const databases = [...new Set(made.map(({ database }) => database))];
  return [
    ...databases.map(schema),
    ...made.flatMap((statement) => (replace && statement.kind === 'table' ? [dropOf(statement), statement] : [statement])),
    ...(logs === undefined ? [] : [RECENT_RUNS]),
    ...(entities.length === 0 ? [] : [BRONZE_COUNTS]),
  ];
}

const schema = (database: Database): Statement => ({
  kind: 'schema',
  name: database,
  database,
  description: `The database ${database} of Glue.`,
  sql: `CREATE SCHEMA IF NOT EXISTS ${database}`,
  notes: [],
});

const dropOf = ({ name, database }: Statement): Statement => ({
  kind: 'drop',
  name,
  database,
  description: 'Forgets what is known of the table; its objects stay.',
  sql: `DROP TABLE IF EXISTS ${ddlTable(name)}`,
  notes: [],
});

/** All of them as one text: what each is and its notes in comments, each statement ended by a semicolon. */
export const printStatements = (statements: readonly Statement[]): string => statements.map(printStatement).join('\n');

export function printStatement({ kind, name, description, notes, sql }: Statement): string {
  const title = kind === 'query' ? `${name}. ${description}` : description;
  return [`-- ${title}`, ...notes.map((note) => `-- Note: ${note}`), `${sql};`, ''].join('\n');
}
