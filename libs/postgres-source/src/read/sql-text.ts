import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Column } from '../catalogue/types.js';

/** `"schema"."name"`. */
export const qualified = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;

export const identifier = (name: string): string => escapeIdentifier(name);

/**
 * A value that Postgres printed, as a literal of its column's type: COPY takes no parameters. The modifier is left out, as a cast to
 * `varchar(3)` or `numeric(5,2)` would cut off or round; of a domain it is the type below, as rows may be older than the domain's checks, and its collation
 * need not be the column's.
 */
export function literal(text: string, { type }: Pick<Column, 'type'>): string {
  return `${escapeLiteral(text)}::${type.tag === 'numeric' ? 'numeric' : type.sql}`;
}
