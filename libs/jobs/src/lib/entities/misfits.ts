import type { StreamOptionsOf } from '@loadin/config';
import type { Column } from '@loadin/postgres-source';
import { defined } from '@loadin/resilience';
import { unfitColumns } from '../bronze/fitting-columns.js';

type TableOptions = Readonly<StreamOptionsOf[`postgres.${string}`]>;

const KINDS = new Map<string, 'time' | 'number'>([
  ...['date', 'timestamp', 'timestamptz'].map((tag) => [tag, 'time'] as const),
  ...['int2', 'int4', 'int8', 'numeric', 'oid'].map((tag) => [tag, 'number'] as const),
]);

/** What the options of a table say that its columns can't keep, as parts of a sentence. Key and cursor are looked at by who reads. */
export function misfits(options: TableOptions, columns: readonly Column[]): string[] {
  const typeOf = (name: string | undefined) => columns.find((column) => column.name === name)?.type;
  const missing = expectedColumns(options).filter(({ column }) => typeOf(column) === undefined);
  const found = [
    ...unfitColumns(defined({ eventDate: options.event_date, softDelete: options.soft_delete }), columns),
    ...missing.map(({ column, role }) => `there is no column ${column}, named as ${role}`),
  ];
  const cursor = options.mode === 'full' ? undefined : typeOf(options.cursor);
  const kind = cursor === undefined ? undefined : KINDS.get(cursor.tag);
  if (kind !== undefined && kind !== options.cursor_kind) found.push(`the cursor ${options.cursor} is ${cursor?.sql}: its cursor_kind is ${kind}`);
  return found;
}

interface Named {
  readonly column: string;
  readonly role: string;
}

function expectedColumns({ expect }: TableOptions): Named[] {
  const named = (column: unknown, role: string): Named[] => (typeof column === 'string' ? [{ column, role }] : []);
  return expect.flatMap(({ check, column, columns }) => [column, columns].flat().flatMap((one) => named(one, `column of ${String(check)}`)));
}
