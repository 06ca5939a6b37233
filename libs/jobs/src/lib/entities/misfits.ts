import type { StreamOptionsOf } from '@loadin/config';
import type { Column } from '@loadin/postgres-source';

type TableOptions = Readonly<StreamOptionsOf[`postgres.${string}`]>;

/** Types that have a day, or may have one: texts are looked into. */
const WITH_DAY = new Set(['date', 'timestamp', 'timestamptz', 'text']);
const KINDS = new Map<string, 'time' | 'number'>([
  ...['date', 'timestamp', 'timestamptz'].map((tag) => [tag, 'time'] as const),
  ...['int2', 'int4', 'int8', 'numeric', 'oid'].map((tag) => [tag, 'number'] as const),
]);

/** What the options of a table say that its columns can't keep, as parts of a sentence. Key and cursor are looked at by who reads. */
export function misfits(options: TableOptions, columns: readonly Column[]): string[] {
  const typeOf = (name: string | undefined) => columns.find((column) => column.name === name)?.type;
  const missing = namedColumns(options).filter(({ column }) => typeOf(column) === undefined);
  const found = missing.map(({ column, role }) => `there is no column ${column}, named as ${role}`);
  const [day, cursor] = [typeOf(options.event_date), options.mode === 'full' ? undefined : typeOf(options.cursor)];
  if (day !== undefined && !WITH_DAY.has(day.tag)) found.push(`${options.event_date}, named as event_date, is ${day.sql}, which has no day`);
  const kind = cursor === undefined ? undefined : KINDS.get(cursor.tag);
  if (kind !== undefined && kind !== options.cursor_kind) found.push(`the cursor ${options.cursor} is ${cursor?.sql}: its cursor_kind is ${kind}`);
  return found;
}

interface Named {
  readonly column: string;
  readonly role: string;
}

function namedColumns({ event_date: eventDate, soft_delete: softDelete, expect }: TableOptions): Named[] {
  const named = (column: unknown, role: string): Named[] => (typeof column === 'string' ? [{ column, role }] : []);
  const expected = expect.flatMap(({ check, column, columns }) =>
    [column, columns].flat().flatMap((one) => named(one, `column of ${String(check)}`)),
  );
  return [...named(eventDate, 'event_date'), ...named(softDelete, 'soft_delete'), ...expected];
}
