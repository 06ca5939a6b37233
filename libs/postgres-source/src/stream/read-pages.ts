import { FatalError, type JsonObject, type Note, type Page, type ReadOptions, type Slice } from '@loadin/pipeline';
import { describeTable } from '../catalogue/describe.js';
import type { Table } from '../catalogue/types.js';
import { patiently } from '../connection/patience.js';
import { openSession } from '../connection/session.js';
import type { PostgresOptions } from '../connection/types.js';
import { decodeRow } from '../copy/decode.js';
import { readTable } from '../read/read-table.js';
import { isTime, resolveRead, type ResolvedRead } from '../read/resolve.js';
import type { Position, Range, TableRead } from '../read/types.js';
import { readUpperBound } from '../read/upper-bound.js';
import { recordOf } from '../types/values.js';
import type { PostgresStreamOptions } from './postgres-stream.js';
import { noteOf } from './survey.js';

/** What a slice's bounds say. */
export interface Bounds {
  readonly runStart: string;
  readonly from?: string;
  readonly below?: string;
  readonly range?: Range;
  readonly notes?: readonly Note[];
}

/** A page's position: the row after which reading goes on, and the upper bound that was found when the first page was read. */
interface PagePosition {
  readonly row: Position;
  readonly below: string | null;
}

/**
 * A slice in pages of records. The first one's reading begins with a look at the catalogue and, unless the plan has it, at the upper bound, by a session
 * that is closed before the one that reads is opened: that order makes the bound true.
 */
export async function* readPages(
  read: Omit<TableRead, 'table'>,
  slice: Slice,
  reading: ReadOptions,
  options: PostgresStreamOptions,
): AsyncGenerator<Page, void, undefined> {
  const { signal, meter, logger } = reading;
  const after = reading.after as unknown as PagePosition | null;
  const bounds = slice.bounds as unknown as Bounds;
  const known = after?.below ?? bounds.below;
  const { table, below, notes } = await patiently(() => prepare(read, bounds.runStart, known, { ...options, logger }, reading), {
    ...options,
    ...{ signal, meter, logger, table: slice.name },
  });
  const whole: TableRead = { ...read, table, ...(below === null ? {} : { below }) };
  const { columns, blocks } = readTable(whole, { ...options, ...{ signal, meter, logger }, ...(after === null ? {} : { after: after.row }) });
  const request = requestOf(whole);
  const { pageRows = 1_000, pageBytes = 4 << 20 } = options;
  let firstNotes: readonly Note[] = after === null ? [...(slice.ordinal === 0 ? (bounds.notes ?? []) : []), ...notes] : [];
  let records: JsonObject[] = [];
  let bytes = 0;
  let last: Position | undefined;
  const page = (position: PagePosition | null): Page => {
    const full = { records, position: position as unknown as JsonObject | null, request, ...(firstNotes.length === 0 ? {} : { notes: firstNotes }) };
    [records, bytes, firstNotes] = [[], 0, []];
    return full;
  };
  for await (const block of blocks) {
    for (let i = 0; i < block.count; i += 1) {
      // A page is given when there is a row behind it, so that the last one is known to be the last.
      if (last !== undefined && (records.length >= pageRows || bytes >= pageBytes)) yield page({ row: last, below });
      records.push(recordOf(columns, decodeRow(block, i)) as JsonObject);
      bytes += (block.ends[i] ?? 0) - (block.starts[i] ?? 0);
      if (records.length >= pageRows || bytes >= pageBytes) last = block.position(i);
    }
  }
  yield page(null);
}

interface Prepared {
  readonly table: Table;
  readonly below: string | null;
  readonly notes: readonly Note[];
}

async function prepare(
  read: Omit<TableRead, 'table'>,
  runStart: string,
  known: string | undefined,
  options: PostgresStreamOptions & PostgresOptions,
  { signal, meter }: ReadOptions,
): Promise<Prepared> {
  signal.throwIfAborted();
  meter.add('requests', 1);
  const session = await openSession(options, { signal });
  try {
    const table = await describeTable(session, options.table);
    const resolved = resolveRead({ ...read, table });
    checkKind(resolved, options);
    if (known !== undefined || resolved.cursor === undefined || !isTime(resolved.cursor)) return { table, below: known ?? null, notes: [] };
    const { below, notes } = await readUpperBound(session, { runStart, lookBackMs: read.lookBack });
    return { table, below, notes: notes.map(noteOf) };
  } finally {
    await session.end();
  }
}

function checkKind({ cursor, read: { table } }: ResolvedRead, { cursorKind = 'time' }: PostgresStreamOptions): void {
  if (cursor === undefined || isTime(cursor) === (cursorKind === 'time')) return;
  const where = `${table.schema}.${table.name}`;
  throw new FatalError(`${where}: the cursor ${cursor.name} is ${cursor.type.sql}, and is said to be a ${cursorKind}`, {
    where,
    hint: `Say cursorKind: ${isTime(cursor) ? 'time' : 'number'}.`,
  });
}

/** What was asked, for people: values of keys are data, and stay out of it. */
function requestOf({ table, cursor, from, below }: TableRead): string {
  const bounds = [...(from === undefined ? [] : [`since ${from}`]), ...(below === undefined ? [] : [`before ${below}`])].join(' ');
  return `COPY ${table.schema}.${table.name}${cursor === undefined ? '' : ` by ${cursor}${bounds === '' ? '' : ` ${bounds}`}`}`;
}
