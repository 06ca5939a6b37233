import { openSession } from '../connection/session.js';
import type { PostgresOptions } from '../connection/types.js';
import { cursorCandidates, softDeleteColumn } from './candidates.js';
import { describeTables } from './describe.js';
import type { CursorCandidate, Table } from './types.js';

export interface DiscoverOptions extends PostgresOptions {
  /** Only these schemas. Default: all but Postgres's own. */
  readonly schemas?: readonly string[];
  /** `true`: views, materialized views and foreign tables too, marked by their `kind`. Default `false`: they have no keys, and cost what their query costs. */
  readonly views?: boolean;
  readonly signal?: AbortSignal;
}

export interface DiscoveredTable extends Table {
  /** The best first; empty when changes can't be found by a column: then the table is read in full. */
  readonly cursorCandidates: readonly CursorCandidate[];
  /** The column that by its name says that a row is deleted; a guess. */
  readonly softDelete?: string;
  /** How it is best read: by what has changed, which a column tells, or without one a comparison of all rows by their key; in full without a key. */
  readonly suggestion: { readonly mode: 'full' } | { readonly mode: 'incremental'; readonly cursor?: string };
}

/** The tables of the database that can be read on their own: partitions belong to their table and are left out. Reads the catalogue only, in one state of it. */
export async function discoverTables({ schemas, views = false, signal, ...options }: DiscoverOptions): Promise<DiscoveredTable[]> {
  const session = await openSession(options, { signal });
  try {
    const kinds = views ? '{r,p,v,m,f}' : '{r,p}';
    const tables = await describeTables(session, {
      where: `c.relkind = ANY ($1) AND NOT c.relispartition AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
              AND ($2::text[] IS NULL OR n.nspname = ANY ($2::text[]))
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`,
      values: [kinds, schemas === undefined ? null : `{${schemas.map((schema) => JSON.stringify(schema)).join(',')}}`],
    });
    return tables.map((table) => {
      const candidates = cursorCandidates(table);
      const best = candidates.find(({ finds }) => finds === 'changed');
      const hasKey = table.primaryKey.length > 0 || table.uniqueKeys.length > 0;
      const suggestion = hasKey ? ({ mode: 'incremental', ...(best && { cursor: best.column }) } as const) : ({ mode: 'full' } as const);
      const softDelete = softDeleteColumn(table);
      return { ...table, cursorCandidates: candidates, ...(softDelete !== undefined && { softDelete }), suggestion };
    });
  } finally {
    await session.end();
  }
}
