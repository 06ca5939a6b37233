import type { StreamOptionsOf } from '@loadin/config';
import type { PostgresOptions } from '@loadin/postgres-source';
import { defined } from '@loadin/resilience';
import type { BronzeTable } from '../bronze/types.js';
import { expectationsOf } from './expectations.js';
import type { EntityContext, OpenEntity } from './types.js';

type TableOptions = Readonly<StreamOptionsOf[`postgres.${string}`]>;

/** A table of the jobs file. Nothing is opened before it is read. */
export async function openTable(
  name: string,
  options: TableOptions,
  source: PostgresOptions,
  { sinkOptions }: Pick<EntityContext, 'sinkOptions'>,
): Promise<OpenEntity> {
  const { createPostgresStream } = await import('./postgres-parts.js');
  const { table, mode, contract, hard_deletes: hardDeletes, event_date: eventDate, soft_delete: softDelete } = options;
  const reading = { key: options.key ?? [], ...defined({ columns: options.columns }), ...cursorOf(options) };
  const expected = await expectationsOf(name, options.expect);
  const compression = options.compression ?? sinkOptions.s3_bronze?.compression;
  return {
    stream: createPostgresStream({ ...source, ...reading, table, name }),
    entity: {
      kind: 'table',
      source,
      table,
      mode,
      ...reading,
      contract,
      hardDeletes,
      ...expected,
      ...defined({ eventDate, softDelete, compression, slices: options.slices }),
    },
  };
}

type OfCursor = Pick<BronzeTable, 'cursor' | 'cursorKind' | 'lookBack' | 'timeZone'>;

/** A table that is read in full each time has no use for its cursor. */
function cursorOf({
  mode,
  cursor,
  cursor_kind: cursorKind,
  look_back_minutes: minutes,
  look_back_numbers: numbers,
  time_zone: timeZone,
}: TableOptions): OfCursor {
  if (mode === 'full' || cursor === undefined) return {};
  const lookBack = minutes === undefined ? numbers : minutes * 60_000;
  return { cursor, cursorKind, ...defined({ lookBack, timeZone }) };
}
