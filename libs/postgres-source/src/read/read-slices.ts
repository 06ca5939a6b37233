import { silentLogger } from '@loadin/observability';
import { defined } from '@loadin/resilience';
import type { Column } from '../catalogue/types.js';
import { patiently } from '../connection/patience.js';
import { openSession, type Session } from '../connection/session.js';
import type { RowBlock } from '../copy/types.js';
import { inTurns } from './in-turns.js';
import { keyRanges } from './key-ranges.js';
import { nameOf, readBlocks, type ReadTableOptions } from './read-table.js';
import { resolveRead, type ResolvedRead } from './resolve.js';
import { shareState, type SharedState } from './shared-state.js';
import type { Range, TableRead } from './types.js';

export interface ReadSlicesOptions extends Omit<ReadTableOptions, 'after' | 'snapshot'> {
  /** At most so many slices at once: a connection each, and one more that holds the state which they share. Default 1: one connection, and rows in their order. */
  readonly slices?: number;
  /** A slice has at least about so many rows. Default 100,000: less is read faster than it is cut. */
  readonly sliceRows?: number;
}

export interface SlicedRows {
  /** In the order of the fields. */
  readonly columns: readonly Column[];
  /** Each block has rows of one slice, in their order. */
  readonly blocks: AsyncIterable<RowBlock>;
}

/**
 * Reads what `readTable` does by several connections at once, which see one state of the table: ranges of the read's order, of about equal size by a sample, whose rows come in turns.
 * A slice that loses its connection goes on by itself in the same state, and when that is lost too in the table's state of then. Where the server has fewer connections to spare
 * there are fewer slices; one where there are too few rows, no order to cut, or a range already. Throws as `readTable` does.
 */
export function readSlices(read: TableRead, options: ReadSlicesOptions): SlicedRows {
  const resolved = resolveRead(read);
  return { columns: resolved.columns, blocks: blocksOf(resolved, options) };
}

async function* blocksOf(resolved: ResolvedRead, options: ReadSlicesOptions): AsyncGenerator<RowBlock, void, undefined> {
  const { slices = 1, sliceRows = 100_000 } = options;
  const { read, resumable } = resolved;
  const isWorthIt = slices > 1 && read.range === undefined && resumable && read.table.rowEstimate >= 2 * sliceRows;
  const stop = new AbortController();
  const own = { ...options, signal: AbortSignal.any([options.signal, stop.signal]) };
  const opened = isWorthIt ? await patiently(() => openLanes(resolved, own), { ...own, table: nameOf(resolved) }) : undefined;
  if (opened === undefined) {
    const { signal } = options;
    return yield* readBlocks(resolved, options, { open: () => openSession(options, { signal }), canReopen: true });
  }
  let isDone = false;
  try {
    yield* inTurns(opened.lanes);
    isDone = true;
  } finally {
    // Whoever still waits for rows ends at once. Otherwise the session that holds the state says goodbye, as a server writes a line for each that is cut off.
    if (!isDone) stop.abort(new Error('The rows are not taken any more'));
    await Promise.allSettled(opened.lanes.map((lane) => lane.return()));
    await opened.state.close();
  }
}

interface Lanes {
  readonly state: SharedState;
  readonly lanes: readonly AsyncGenerator<RowBlock, void, undefined>[];
}

/** A read of each slice, whose session is open; `undefined` when it is better read as one. */
async function openLanes(resolved: ResolvedRead, options: ReadSlicesOptions): Promise<Lanes | undefined> {
  const { slices: count = 1, sliceRows: minRows } = options;
  const state = await shareState(options);
  if (state === undefined) return undefined;
  try {
    const ranges = await keyRanges(state.holder, resolved.read, { count, withinCursor: true, ...defined({ minRows }) });
    const sessions = ranges.length > 1 ? await state.open(ranges.length) : [];
    if (sessions.length > 0) return { state, lanes: lanesOf(resolved, { state, sessions, ranges, options }) };
  } catch (error) {
    await state.close();
    throw error;
  }
  await state.close();
  return undefined;
}

interface Opened {
  readonly state: SharedState;
  readonly sessions: readonly Session[];
  readonly ranges: readonly Range[];
  readonly options: ReadSlicesOptions;
}

function lanesOf(resolved: ResolvedRead, { state, sessions, ranges, options }: Opened): Lanes['lanes'] {
  const { logger = silentLogger } = options;
  const [table, slices] = [nameOf(resolved), sessions.length];
  if (slices < ranges.length) logger.warn('The server has no connection to spare for more slices', { table, slices, wanted: ranges.length });
  logger.info('The table is read in slices', { table, slices, connections: slices + 1 });
  return joined(ranges, slices).map((range, n) => {
    const name = `${table} (slice ${n + 1} of ${slices})`;
    const onLost = (): void => logger.warn('The state that slices share is lost: the rest of this one is read as it is now', { table: name });
    return readBlocks(resolveRead({ ...resolved.read, range }), options, state.sessions(sessions[n] as Session, name, onLost));
  });
}

/** As many ranges as there are connections. */
function joined(ranges: readonly Range[], count: number): Range[] {
  const bounds = Array.from({ length: count }, (_, n) => ranges[Math.floor((n * ranges.length) / count)]?.from ?? null);
  return bounds.map((from, n) => ({ from, below: bounds[n + 1] ?? null }));
}
