import { needed, openSecrets, readSettings, type Environment } from '@loadin/config';
import { FatalError, silentLogger, type Logger } from '@loadin/pipeline';
import type { DiscoveredTable } from '@loadin/postgres-source';
import { connect } from '../connect.js';
import { databaseConnection } from '../database.js';
import { secretReader } from '../secrets.js';

export interface DiscoverTablesOptions {
  readonly environment: Environment;
  /** Only these schemas. Default: all but Postgres's own. */
  readonly schemas?: readonly string[];
  /** Views, materialized views and foreign tables too. Default false: they have no keys, and cost what their query costs. */
  readonly views?: boolean;
  readonly logger?: Logger;
  readonly signal?: AbortSignal;
}

/** A table, and what a jobs file calls it. */
export interface NamedTable extends DiscoveredTable {
  /** `postgres.orders`; `null`: it can't be read, or not all of it. */
  readonly stream: string | null;
}

export interface Discovery {
  /** `shop on db.example.com:5432` */
  readonly database: string;
  readonly tables: readonly NamedTable[];
  /** A jobs file to start from: all tables that can be read, in a job `bronze`. YAML. */
  readonly jobsFile: string;
}

/**
 * What there is to read in the database that `RDS_SECRET_ARN` or `DATABASE_URL` names, from its catalogue alone. Throws `ConfigurationError` without such a setting, `FatalError` and
 * `RetryableError` when the database can't be asked, and `FatalError` for a schema that has no table.
 */
export async function discoverPostgres(options: DiscoverTablesOptions): Promise<Discovery> {
  const { environment, schemas, views, logger = silentLogger, signal } = options;
  const settings = readSettings(environment, ['postgres']);
  const aws = connect(environment);
  try {
    const source = await import('./discover-parts.js');
    const { discoverTables, jobsFileText, streamNames } = source;
    const connection = databaseConnection(needed(settings, 'postgres'), openSecrets(secretReader(aws)), source);
    const { host, port, database } = await connection({ fresh: false });
    const where = `${database} on ${host}:${port}`;
    const tables = await discoverTables({ connection, schemas, views, logger, signal });
    requireTables(tables, schemas, where);
    const names = streamNames(tables.filter(({ readable }) => readable));
    return {
      database: where,
      tables: tables.map((table) => ({ ...table, stream: names.has(table) ? `postgres.${names.get(table)}` : null })),
      jobsFile: jobsFileText(tables),
    };
  } finally {
    await aws.close();
  }
}

function requireTables(tables: readonly DiscoveredTable[], schemas: readonly string[] = [], where: string): void {
  const empty = schemas.filter((schema) => !tables.some((table) => table.schema === schema));
  if (empty.length === 0) return;
  const names = empty.map((schema) => JSON.stringify(schema)).join(', ');
  throw new FatalError(`There is no table in the ${empty.length === 1 ? 'schema' : 'schemas'} ${names}`, {
    where,
    hint: 'Names are as in CREATE SCHEMA, capital letters count; without --schema all are listed. Views need --views.',
  });
}
