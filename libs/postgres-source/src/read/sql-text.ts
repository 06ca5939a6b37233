import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Column } from '../catalogue/types.js';

/** `"schema"."name"`. */
export const qualified = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;

export const identifier = (name: string): string => escapeIdentifier(name);

/**
 * A value that Postgres printed, as a literal of its column's type: COPY takes no parameters. The modifier is left out, as a cast to
 * `varchar(3)` or `numeric(5,2)` would cut off or round.
 */
export function literal(text: string, { type }: Pick<Column, 'type'>): string {
  const sql = type.domain ?? (type.tag === 'numeric' ? 'numeric' : type.sql);
  return `${escapeLiteral(text)}::${sql}`;
}
