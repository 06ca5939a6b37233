import type { LoadOptions, Note, Slice } from '@loadin/pipeline';
import type { Column, Range, SlicedRows, Table, TableRead } from '@loadin/postgres-source';
import { defined, type Clock } from '@loadin/resilience';
import { requireColumns } from './fitting-columns.js';
import { cursorOf } from './set-plan.js';
import type { BronzeTable } from './types.js';

/** What a slice of a table's stream says of its bounds (see `createPostgresStream`). */
interface Bounds {
  readonly runStart: string;
  readonly from?: string;
  readonly below?: string;
  readonly range?: Range;
  readonly notes?: readonly Note[];
}

export interface OpenTable extends SlicedRows {
  /** Nothing is left out: there is no earlier run whose rows need not be read. */
  readonly everything: boolean;
  /**
   * Key and cursor of rows that have changed too late for this load, and may be of others too: they are there, and come with the next one. `undefined`: none is too late.
   * @param reached the latest cursor of the rows
   */
  later(reached: string | undefined): SlicedRows | undefined;
  readonly notes: readonly Note[];
}

export interface TableReading extends Pick<LoadOptions, 'signal' | 'logger' | 'reading'> {
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** Begins to read what the plan says: nothing comes before it is asked for. Lost connections are made up for. */
export async function openTable(entity: BronzeTable, slice: Slice, reading: TableReading): Promise<OpenTable> {
  const { patiently, readSlices, readTable } = await import('./postgres-parts.js');
  const bounds = slice.bounds as unknown as Bounds;
  const { signal, logger, reading: meter, clock, random } = reading;
  const { table, below, notes } = await patiently(() => prepare(entity, bounds, reading), {
    signal,
    logger,
    meter,
    clock,
    random,
    table: slice.name,
  });
  const { from, range } = bounds;
  const bounded: Partial<Bounds> = cursorOf(entity) === undefined ? { range } : { from, below, range };
  const read = { ...readOf(entity, table), ...defined(bounded) };
  const rowReading = { ...entity.source, signal, logger, meter, clock, random };
  const { slices, sliceRows } = entity;
  const later: OpenTable['later'] = (reached) => {
    const since = laterThan(entity, bounded.below, reached);
    return since && readTable({ ...keysOf(read), ...since }, rowReading);
  };
  const rows = readSlices(read, { ...rowReading, ...defined({ slices, sliceRows }) });
  return { ...rows, everything: bounded.from === undefined, later, notes: [...(bounds.notes ?? []), ...notes] };
}

function readOf(entity: BronzeTable, table: Table): TableRead {
  const { key, columns, lookBack, timeZone } = entity;
  return { table, key, ...defined({ cursor: cursorOf(entity), columns, lookBack, timeZone }) };
}

const DAY_MS = 86_400_000;

/** Those that the cursor can't place too: a row may have lost its time, or its number, meanwhile. */
const keysOf = ({ table, key = [], cursor, timeZone }: TableRead): TableRead => ({
  ...{ table, key, columns: [...new Set([...key, ...(cursor === undefined ? [] : [cursor])])] },
  ...defined({ cursor, timeZone }),
});

/**
 * From where on. An upper bound is an instant, and `from` is as the cursor is written: a day or a time of some zone may be earlier by a day. Numbers have no such bound; a row whose slice has lost the
 * state that it began with may have gone on to behind the last slice, which has not.
 */
function laterThan(
  { cursorKind, slices = 1, lookBack = 0 }: BronzeTable,
  below: string | undefined,
  reached: string | undefined,
): Required<Pick<TableRead, 'from' | 'lookBack'>> | undefined {
  if (below !== undefined) return { from: below, lookBack: DAY_MS };
  return cursorKind === 'number' && slices > 1 && reached !== undefined ? { from: reached, lookBack } : undefined;
}

interface Prepared {
  readonly table: Table;
  readonly below?: string;
  readonly notes: readonly Note[];
}

/** Looks at the catalogue, and for the upper bound where the plan does not have it; by a session that ends before the one that reads begins: so the bound is true. */
async function prepare(entity: BronzeTable, { runStart, below }: Bounds, { signal, reading }: TableReading): Promise<Prepared> {
  const { describeTable, openSession, readUpperBound, rowsAhead } = await import('./postgres-parts.js');
  signal.throwIfAborted();
  reading.add('requests', 1);
  const session = await openSession(entity.source, { signal });
  try {
    const table = await describeTable(session, entity.table);
    requireColumns(entity, table);
    if (cursorOf(entity) === undefined || entity.cursorKind === 'number') return { table, below, notes: [] };
    const bound = below === undefined ? await readUpperBound(session, { runStart, lookBackMs: entity.lookBack }) : { below, notes: [] };
    const notes = bound.notes.map(({ kind, message }): Note => ({ kind: kind === 'not-visible' ? 'capability' : 'skipped', message }));
    // The last question: it may fail, and the session with it.
    const ahead = await rowsAhead(session, readOf(entity, table));
    return { table, below: bound.below, notes: [...notes, ...(ahead === undefined ? [] : [leftToTheFuture(entity, ahead)])] };
  } finally {
    await session.end();
  }
}

const leftToTheFuture = ({ cursor }: BronzeTable, rows: string): Note => ({
  kind: 'skipped',
  message: `${rows === '1' ? '1 row is' : `${rows} rows are`} left out: ${cursor} lies in the future. Each comes with a run after that time, or with the next one once it is corrected`,
});

const TEN_MINUTES_MS = 600_000;
const HOUR_MS = 3_600_000;

/** How far a read of changes goes back: what `TableRead.lookBack` says, or its default. */
export function lookBackOf({ cursor, lookBack, cursorKind, timeZone = 'UTC' }: BronzeTable, columns: readonly Column[]): number {
  const isLocal = timeZone !== 'UTC' && columns.some(({ name, type }) => name === cursor && type.tag === 'timestamp');
  return lookBack ?? (cursorKind === 'number' ? 0 : TEN_MINUTES_MS + (isLocal ? HOUR_MS : 0));
}
