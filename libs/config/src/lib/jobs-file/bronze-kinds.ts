import { isTimeZone } from '../schedule/schedule.js';
import { ApiEntityOptions, PostgresOptions } from './bronze-options.js';
import type { Impossible, StreamKind } from './stream-kinds.js';

type Options = Readonly<Record<string, unknown>>;

const shared = { contract: 'evolve', max_rejected: 0.01, expect: [] };
const onlyTo = ['s3_bronze'];

/** What `postgres.{name}` may say. */
export const postgresTable: StreamKind = {
  options: PostgresOptions,
  defaults: { ...shared, mode: 'incremental', hard_deletes: false },
  lacks: lacksOfTable,
  impossible: impossibleTable,
  complete: (options) => ({ ...options, ...(options['cursor'] !== undefined && { cursor_kind: kindOf(options) }) }),
  onlyTo,
};

/** What `payments.payments` and `shipments.shipments` may say. */
export const apiEntity: StreamKind = { options: ApiEntityOptions, defaults: shared, lacks: () => undefined, onlyTo };

/** Without a key nothing can be told of rows but that they are there: they are read in full, and none is known to be gone. */
function lacksOfTable({ table, key, mode, cursor, hard_deletes: hardDeletes }: Options): string | undefined {
  const needsKey = mode !== 'full' || cursor !== undefined || hardDeletes === true;
  return [...(table === undefined ? ['table'] : []), ...(key === undefined && needsKey ? ['key'] : [])].join(' and ') || undefined;
}

const kindOf = ({ cursor_kind: kind = 'time' }: Options): unknown => kind;

/** What only makes sense of a cursor. */
const OF_A_CURSOR = ['cursor_kind', 'look_back_minutes', 'look_back_numbers', 'time_zone'];

function impossibleTable(options: Options): Impossible[] {
  const { cursor, time_zone: zone } = options;
  const found: Impossible[] = [];
  const wrong = (option: string, message: string): void => void found.push({ option, message });
  if (options['slices'] !== undefined && options['key'] === undefined) wrong('slices', 'are cut by the key, and there is none');
  if (cursor === undefined) {
    for (const option of OF_A_CURSOR) if (options[option] !== undefined) wrong(option, 'says something of a cursor, and there is none');
    return [...found, ...unreadColumns(options)];
  }
  const ofTimes = kindOf(options) === 'time';
  if (ofTimes && options['look_back_numbers'] !== undefined) wrong('look_back_numbers', 'is for a cursor_kind of number; give look_back_minutes');
  if (!ofTimes && options['look_back_minutes'] !== undefined) wrong('look_back_minutes', 'is for a cursor_kind of time; give look_back_numbers');
  if (!ofTimes && zone !== undefined) wrong('time_zone', 'is for a cursor_kind of time');
  if (ofTimes && typeof zone === 'string' && !isTimeZone(zone)) wrong('time_zone', `is no time zone: ${JSON.stringify(zone)}`);
  return [...found, ...unreadColumns(options)];
}

/** What other options name has to be read. */
function unreadColumns({ columns, key, cursor, event_date: eventDate, soft_delete: softDelete }: Options): Impossible[] {
  if (!Array.isArray(columns)) return [];
  const read: readonly unknown[] = columns;
  const named: readonly (readonly [string, unknown])[] = [
    ...(Array.isArray(key) ? key.map((column: unknown) => ['key', column] as const) : []),
    ['cursor', cursor],
    ['event_date', eventDate],
    ['soft_delete', softDelete],
  ];
  return named.flatMap(([role, column]) =>
    column === undefined || read.includes(column) ? [] : [{ option: 'columns', message: `lacks ${String(column)}, which is named as ${role}` }],
  );
}
