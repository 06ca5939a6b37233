import type { LoadOptions, Note, Slice } from '@loadin/pipeline';
import type { Range, Table, TableRead, TableRows } from '@loadin/postgres-source';
import { retry, type Clock } from '@loadin/resilience';
import type { BronzeTable } from './types.js';

/** What a slice of a table's stream says of its bounds (see `createPostgresStream`). */
interface Bounds {
  readonly runStart: string;
  readonly from?: string;
  readonly below?: string;
  readonly range?: Range;
  readonly notes?: readonly Note[];
}

export interface OpenTable extends TableRows {
  /** Nothing is left out: there is no earlier run whose rows need not be read. */
  readonly everything: boolean;
  readonly notes: readonly Note[];
}

/** Questions are asked so often when the connection is lost, as rows are. */
const ATTEMPTS = 6;

export interface TableReading extends Pick<LoadOptions, 'signal' | 'logger' | 'reading'> {
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** Begins to read what the plan says: nothing comes before it is asked for. Lost connections are made up for. */
export async function openTable(entity: BronzeTable, slice: Slice, reading: TableReading): Promise<OpenTable> {
  const { readTable } = await import('./postgres-parts.js');
  const bounds = slice.bounds as unknown as Bounds;
  const { signal, logger, reading: meter, clock, random } = reading;
  const { table, below, notes } = await retry(() => prepare(entity, bounds, reading), { attempts: ATTEMPTS, signal, clock, random });
  const { from, range } = bounds;
  const rows = readTable(
    { ...readOf(entity, table), ...defined({ from, below, range }) },
    { ...entity.source, signal, logger, meter, clock, random },
  );
  return { ...rows, everything: from === undefined, notes: [...(bounds.notes ?? []), ...notes] };
}

function readOf({ key, cursor, columns, lookBack, timeZone }: BronzeTable, table: Table): TableRead {
  return { table, key, ...defined({ cursor, columns, lookBack, timeZone }) };
}

interface Prepared {
  readonly table: Table;
  readonly below?: string;
  readonly notes: readonly Note[];
}

/** Looks at the catalogue, and for the upper bound where the plan does not have it; by a session that ends before the one that reads begins: so the bound is true. */
async function prepare(entity: BronzeTable, { runStart, below }: Bounds, { signal, reading }: TableReading): Promise<Prepared> {
  const { describeTable, openSession, readUpperBound } = await import('./postgres-parts.js');
  signal.throwIfAborted();
  reading.add('requests', 1);
  const session = await openSession(entity.source, { signal });
  try {
    const table = await describeTable(session, entity.table);
    if (below !== undefined || entity.cursor === undefined || entity.cursorKind === 'number') return { table, below, notes: [] };
    const bound = await readUpperBound(session, { runStart, lookBackMs: entity.lookBack });
    const notes = bound.notes.map(({ kind, message }): Note => ({ kind: kind === 'not-visible' ? 'capability' : 'skipped', message }));
    return { table, below: bound.below, notes };
  } finally {
    await session.end();
  }
}

/** Without members that are undefined. */
const defined = <T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
