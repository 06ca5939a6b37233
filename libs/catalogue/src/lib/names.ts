import { FatalError } from '@loadin/resilience';

/** A name in DDL, which Athena reads as Hive does. Every name is quoted: `date` and names that begin with `_` need it. */
export const ddlName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** A name in views and queries, which Athena reads as Trino does. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `bronze.orders` in DDL, and in views and queries. */
export const ddlTable = (name: string): string => name.split('.').map(ddlName).join('.');
export const sqlTable = (name: string): string => name.split('.').map(sqlName).join('.');

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** What Athena documents for names of tables: small letters, digits and underscores. */
export const tableName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');

/**
 * How Athena knows a column: Glue keeps names in small letters, and finds the columns of Parquet files by them all the same.
 * `undefined` for a name that a table can't have: Hive separates the names of columns by commas, and types by colons and semicolons.
 */
export const columnName = (name: string): string | undefined => (/[,:;`\p{Cc}]/u.test(name) ? undefined : name.toLowerCase());

/** What Athena promises to understand; other names have to be tried. */
export const isPlain = (name: string): boolean => /^[a-z0-9_]+$/.test(name);

/** Throws `FatalError` when two would have the same name. `what` says for each where it comes from. */
export function checkDistinct(names: readonly { readonly name: string; readonly of: string }[]): void {
  const seen = new Map<string, string>();
  for (const { name, of } of names) {
    const other = seen.get(name);
    if (other !== undefined)
      throw new FatalError(`${other} and ${of} would both be ${name}`, {
        where: name,
        hint: 'Rename one of them, or leave one out by naming the others.',
      });
    seen.set(name, of);
  }
}
