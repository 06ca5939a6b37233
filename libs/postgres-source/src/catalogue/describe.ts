import { FatalError } from '@loadin/resilience';
import type { Session } from '../connection/session.js';
import { columnType, type TypeRow } from '../types/column-type.js';
import { qualified } from '../read/sql-text.js';
import type { Column, Hindrance, Table, TableKind } from './types.js';

const KINDS: Readonly<Record<string, TableKind>> = { r: 'table', p: 'partitioned table', v: 'view', m: 'materialized view', f: 'foreign table' };

/** Which relations: SQL for a condition on pg_class `c` and pg_namespace `n`, with its values. */
export interface Selection {
  readonly where: string;
  readonly values: readonly (string | null)[];
}

/** A table's name: `schema.name`, or without schema one of `public`; a name that has a dot itself is given in two parts. */
export type TableName = string | { readonly schema: string; readonly name: string };

/** One table. Throws `FatalError` when there is none of that name, or nothing of it can be read, or not all its rows. */
export async function describeTable(session: Session, named: TableName): Promise<Table> {
  const { schema, name } = nameOf(named);
  const [table] = await describeTables(session, { where: 'n.nspname = $1 AND c.relname = $2', values: [schema, name] });
  const full = `${schema}.${name}`;
  if (table === undefined) {
    const near = await session.query(
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = ANY ('{r,p,v,m,f}') AND lower(c.relname) = lower($1) ORDER BY 1 LIMIT 3`,
      [name],
    );
    const others = near.map((row) => row['name']).join(', ');
    throw new FatalError(`There is no table ${full}`, {
      where: full,
      hint: others === '' ? 'Names are as in CREATE TABLE, with their schema; loadin discover postgres lists them.' : `Is ${others} meant?`,
    });
  }
  const { hindrance } = table;
  if (hindrance === undefined || hindrance === 'columns') return table;
  const [message, hint] = REFUSED[hindrance](schema, full);
  throw new FatalError(message, { where: full, hint });
}

const REFUSED: Readonly<Record<Exclude<Hindrance, 'columns'>, (schema: string, full: string) => readonly [message: string, hint: string]>> = {
  rights: (schema, full) => [`The user may not read ${full}`, `Grant USAGE on schema ${schema} and SELECT on the table.`],
  policies: (_, full) => [
    `Row-level security hides rows of ${full} from the user`,
    'ALTER ROLE … BYPASSRLS lets the user see them all; whoever calls this library can do without them (rowSecurity: true).',
  ],
  empty: (_, full) => [`${full} has no columns, so there is nothing to read`, 'Take it out of what is read.'],
};

function nameOf(named: TableName): { schema: string; name: string } {
  if (typeof named !== 'string') return named;
  const dot = named.indexOf('.');
  return dot === -1 ? { schema: 'public', name: named } : { schema: named.slice(0, dot), name: named.slice(dot + 1) };
}

/** All tables of a selection, ordered by schema and name. */
export async function describeTables(session: Session, { where, values }: Selection): Promise<Table[]> {
  const relations = await session.query(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reltuples::bigint AS rows, c.relpages AS pages,
            CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) = 0 ELSE false END AS is_empty,
            CASE WHEN c.relkind IN ('r', 'm') THEN pg_table_size(c.oid)
                 WHEN c.relkind = 'p' THEN (SELECT sum(pg_table_size(t.relid)) FROM pg_partition_tree(c.oid) t WHERE t.isleaf) END AS bytes,
            has_schema_privilege(n.oid, 'USAGE') AS usable, current_setting('row_security') = 'off' AND row_security_active(c.oid) AS policed
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = ANY ('{r,p,v,m,f}') AND ${where} ORDER BY 2, 3`,
    values,
  );
  if (relations.length === 0) return [];
  const oids = `{${relations.map((row) => row['oid']).join(',')}}`;
  const [columns, keys] = [await columnsOf(session, oids), await keysOf(session, oids)];
  const tables: Table[] = [];
  for (const row of relations) {
    const oid = row['oid'] ?? '';
    const its = columns.get(oid) ?? [];
    const hindrance = hindranceOf(its, { usable: row['usable'] === 't', policed: row['policed'] === 't' });
    const table = { schema: row['schema'] ?? '', name: row['name'] ?? '', readable: hindrance === undefined };
    const known = Number(row['rows']) > 0 || (Number(row['rows']) === 0 && Number(row['pages']) > 0);
    tables.push({
      ...table,
      kind: KINDS[row['kind'] ?? ''] ?? 'table',
      ...(hindrance && { hindrance }),
      columns: its,
      ...(keys.get(oid) ?? { primaryKey: [], uniqueKeys: [], indexed: [] }),
      rowEstimate: known || !table.readable || row['is_empty'] === 't' ? Math.max(0, Number(row['rows'])) : await plannedRows(session, table),
      bytes: Number(row['bytes'] ?? 0),
    });
  }
  return tables;
}

function hindranceOf(
  columns: readonly Column[],
  { usable, policed }: { readonly usable: boolean; readonly policed: boolean },
): Hindrance | undefined {
  const hidden = columns.filter(({ readable }) => readable === false).length;
  if (!usable || (hidden > 0 && hidden === columns.length)) return 'rights';
  if (columns.length === 0) return 'empty';
  if (policed) return 'policies';
  return hidden > 0 ? 'columns' : undefined;
}

/** What the planner expects of a table that has never been analysed: by its size on disk. 0 of a view that can't be planned: what is wrong with it is said by who reads it. */
async function plannedRows(session: Session, table: { schema: string; name: string }): Promise<number> {
  await session.query('SAVEPOINT planned');
  try {
    const [row] = await session.query(`EXPLAIN (FORMAT JSON) SELECT FROM ${qualified(table)}`);
    const [plan] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as { Plan?: { 'Plan Rows'?: number } }[];
    return plan?.Plan?.['Plan Rows'] ?? 0;
  } catch (error) {
    if (!(error instanceof FatalError)) throw error;
    await session.query('ROLLBACK TO SAVEPOINT planned');
    return 0;
  }
}

async function columnsOf(session: Session, oids: string): Promise<Map<string, Column[]>> {
  const rows = await session.query(
    `SELECT a.attrelid AS relation, a.attname AS name, a.atttypid AS type, a.atttypmod AS modifier, ${REQUIRED} AS required,
            has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS readable,
            coalesce(co.collcollate = ANY ('{C,POSIX,ucs_basic}') OR (co.collprovider = 'd' AND d.datcollate = ANY ('{C,POSIX}')), false) AS bytes
     FROM pg_attribute a LEFT JOIN pg_collation co ON co.oid = a.attcollation
     CROSS JOIN (SELECT datcollate FROM pg_database WHERE datname = current_database()) d
     WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`,
    [oids],
  );
  const types = await typesOf(session, [...new Set(rows.map((row) => row['type'] ?? ''))]);
  const found = new Map<string, Column[]>();
  for (const row of rows) {
    const relation = row['relation'] ?? '';
    if (!found.has(relation)) found.set(relation, []);
    found.get(relation)?.push({
      name: row['name'] ?? '',
      type: columnType(row['type'] ?? '', Number(row['modifier']), types),
      nullable: row['required'] !== 't',
      sortedByBytes: row['bytes'] === 't',
      ...(row['readable'] === 'f' && { readable: false }),
    });
  }
  return found;
}

/** These types and what they are made of. */
async function typesOf(session: Session, oids: readonly string[]): Promise<Map<string, TypeRow>> {
  const rows = await session.query(
    `WITH RECURSIVE used (oid) AS (
       SELECT unnest($1::oid[])
       UNION SELECT part FROM used JOIN pg_type p ON p.oid = used.oid CROSS JOIN LATERAL (VALUES (p.typelem), (p.typbasetype)) AS parts (part) WHERE part <> 0)
     SELECT p.oid, p.typname AS name, n.nspname AS schema, format_type(p.oid, -1) AS sql, p.typtype AS kind, p.typcategory AS category,
            p.typelem AS element, p.typbasetype AS base, p.typtypmod AS modifier, p.typdelim AS delimiter,
            (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = p.oid) AS labels
     FROM used JOIN pg_type p USING (oid) JOIN pg_namespace n ON n.oid = p.typnamespace`,
    [`{${oids.join(',')}}`],
  );
  return new Map(
    rows.map((row) => [
      row['oid'] ?? '',
      {
        oid: row['oid'] ?? '',
        name: row['name'] ?? '',
        schema: row['schema'] ?? '',
        sql: row['sql'] ?? '',
        kind: row['kind'] ?? '',
        category: row['category'] ?? '',
        elementOid: row['element'] ?? '0',
        baseOid: row['base'] ?? '0',
        baseModifier: Number(row['modifier']),
        delimiter: row['delimiter'] ?? ',',
        labels: JSON.parse(row['labels'] ?? '[]') as string[],
      },
    ]),
  );
}

/**
 * Of pg_attribute `a`: whether no row has null. A NOT NULL that was added as NOT VALID says nothing of older rows; one of a domain nothing of a table's, as a subquery without a
 * row gives null there (PostgreSQL documentation, CREATE DOMAIN).
 */
const REQUIRED = `(a.attnotnull AND NOT EXISTS (
  SELECT FROM pg_constraint n WHERE n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum] AND NOT n.convalidated))`;

type Keys = Pick<Table, 'primaryKey' | 'uniqueKeys' | 'indexed'>;

async function keysOf(session: Session, oids: string): Promise<Map<string, Keys>> {
  const rows = await session.query(
    `SELECT i.indrelid AS relation, i.indisprimary AS is_primary,
            i.indisunique AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL AND bool_and(${REQUIRED}) AS is_key,
            -- Tables that inherit from it can have the same values again.
            EXISTS (SELECT FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhparent WHERE h.inhparent = i.indrelid AND c.relkind = 'r') AS has_heirs,
            json_agg(a.attname ORDER BY k.position) AS columns
     FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, position)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
     WHERE i.indrelid = ANY ($1::oid[]) AND i.indisvalid AND k.position <= i.indnkeyatts
     GROUP BY i.indexrelid, i.indrelid, i.indisprimary, i.indisunique, i.indimmediate, i.indpred, i.indexprs ORDER BY i.indexrelid`,
    [oids],
  );
  const found = new Map<string, { primaryKey: string[]; uniqueKeys: string[][]; indexed: string[] }>();
  for (const row of rows) {
    const relation = row['relation'] ?? '';
    const columns = JSON.parse(row['columns'] ?? '[]') as string[];
    const keys = found.get(relation) ?? { primaryKey: [], uniqueKeys: [], indexed: [] };
    found.set(relation, keys);
    const isKey = row['has_heirs'] !== 't';
    if (isKey && row['is_primary'] === 't') keys.primaryKey = columns;
    else if (isKey && row['is_key'] === 't') keys.uniqueKeys.push(columns);
    if (columns[0] !== undefined && !keys.indexed.includes(columns[0])) keys.indexed.push(columns[0]);
  }
  return found;
}
