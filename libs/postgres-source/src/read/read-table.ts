import { beginSpan, silentMeter, type Meter, type OpenSpan } from '@loadin/observability';
import type { Column } from '../catalogue/types.js';
import { createPatience, type PatienceOptions } from '../connection/patience.js';
import { openSession, type Session } from '../connection/session.js';
import type { PostgresOptions } from '../connection/types.js';
import { decodeRow } from '../copy/decode.js';
import type { RowBlock } from '../copy/types.js';
import { recordOf, type RecordValue } from '../types/values.js';
import { nullKeyCheck } from './null-keys.js';
import { orderOf, resolveRead, type ResolvedRead } from './resolve.js';
import { checkNotRewritten } from './rewritten.js';
import { selectOf } from './select.js';
import { identifier } from './sql-text.js';
import type { Phase, Position, TableRead } from './types.js';

export interface ReadTableOptions extends PostgresOptions, PatienceOptions {
  readonly signal: AbortSignal;
  /** Goes on after this row. Default: from the beginning. */
  readonly after?: Position;
  /** Reads the state of the session that exported this (`Session.exportSnapshot`); that session must stay open. Then a lost connection ends the read. */
  readonly snapshot?: string;
  readonly meter?: Meter;
}

/** Rows, and where they lie. */
export interface PlacedBlock extends RowBlock {
  /** The position of a row of this block, for `after`; `undefined` when the read can't be gone on with (no key, or not in order). */
  position(index: number): Position | undefined;
}

export interface TableRows {
  /** In the order of the fields. */
  readonly columns: readonly Column[];
  readonly blocks: AsyncIterable<PlacedBlock>;
}

/**
 * Reads a table as COPY text. All rows are of one state of the table, unless the connection is lost: then reading goes on after the last row that was handed over, of the
 * table's state of then; no row comes twice or is missing for it, unless its key or cursor changes in between to one that the read's bounds include.
 * Memory stays at a few blocks however slowly rows are taken. Throws `FatalError` for columns that aren't there (at once), and while reading
 * `FatalError`, `RetryableError` or the signal's reason.
 */
export function readTable(read: TableRead, options: ReadTableOptions): TableRows {
  const resolved = resolveRead(read);
  const { signal, snapshot } = options;
  const open = (): Promise<Session> => openSession(options, { signal, snapshot });
  return { columns: resolved.columns, blocks: readBlocks(resolved, options, { open, canReopen: snapshot === undefined }) };
}

/** The same as records (`recordOf`). */
export async function* readRecords(read: TableRead, options: ReadTableOptions): AsyncGenerator<Record<string, RecordValue>, void, undefined> {
  const { columns, blocks } = readTable(read, options);
  for await (const block of blocks) for (let i = 0; i < block.count; i += 1) yield recordOf(columns, decodeRow(block, i));
}

/** Where the sessions of a read come from. */
export interface Sessions {
  /** The first one, and one after each that was lost. */
  open(): Promise<Session>;
  /** Whether there can be another one after the first. */
  readonly canReopen: boolean;
  /** What the log calls the read. Default: the table's name. */
  readonly name?: string;
}

export async function* readBlocks(
  resolved: ResolvedRead,
  options: ReadTableOptions,
  sessions: Sessions,
): AsyncGenerator<PlacedBlock, void, undefined> {
  const table = sessions.name ?? nameOf(resolved);
  const span = beginSpan('loadin.request', { 'db.system.name': 'postgresql', 'db.collection.name': table }, { kind: 'client' });
  try {
    yield* readPatiently(resolved, options, sessions, table, span);
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

async function* readPatiently(
  resolved: ResolvedRead,
  options: ReadTableOptions,
  sessions: Sessions,
  table: string,
  span: OpenSpan,
): AsyncGenerator<PlacedBlock, void, undefined> {
  const patience = createPatience(options, { ...options, table });
  let position: Position = options.after ?? { phase: resolved.phases[0] ?? 'placed', last: null };
  for (;;) {
    let lastBlock: PlacedBlock | undefined;
    try {
      for await (const block of readOnce(resolved, position, options, sessions)) {
        lastBlock = block;
        patience.answered();
        yield block;
      }
      return;
    } catch (error) {
      const canGoOn = resolved.resumable || lastBlock === undefined;
      if (!canGoOn || !sessions.canReopen) throw error;
      span.event('retry', { 'loadin.reason': error instanceof Error ? error.message : String(error) });
      await patience.wait(error);
      // Behind the last row that was taken.
      position = lastBlock?.position(lastBlock.count - 1) ?? position;
    }
  }
}

/** The phases from a position on, in one transaction. */
async function* readOnce(
  resolved: ResolvedRead,
  from: Position,
  { signal, meter = silentMeter }: ReadTableOptions,
  sessions: Sessions,
): AsyncGenerator<PlacedBlock, void, undefined> {
  meter.add('requests', 1);
  const session = await sessions.open();
  try {
    await searchOperators(session, resolved);
    const checkKeys = nullKeyCheck(resolved);
    for (const phase of resolved.phases.slice(resolved.phases.indexOf(from.phase))) {
      const last = phase === from.phase ? from.last : null;
      const copying = { signal, onBytes: (bytes: number) => meter.add('bytes_read', bytes), doing: `reading ${nameOf(resolved)}` };
      const select = selectOf(resolved, phase, last);
      await checkNotRewritten(session, select, nameOf(resolved));
      for await (const block of session.copy(select, copying)) {
        checkKeys?.(block);
        yield placed(block, resolved, phase);
      }
    }
  } finally {
    await session.end();
  }
}

/**
 * The order of a key is that of its type (citext: without regard to case), and the comparison that goes on in it must be the same one: without the type's own operators
 * Postgres would compare as text.
 */
async function searchOperators(session: Session, { key }: ResolvedRead): Promise<void> {
  const schemas = new Set(key.flatMap(({ type }) => type.schema ?? []));
  if (schemas.size === 0) return;
  await session.query("SELECT set_config('search_path', $1, true)", [['pg_catalog', ...[...schemas].map(identifier)].join(', ')]);
}

function placed(block: RowBlock, resolved: ResolvedRead, phase: Phase): PlacedBlock {
  const position = (index: number): Position | undefined => {
    if (!resolved.resumable) return undefined;
    const fields = decodeRow(block, index);
    return { phase, last: orderOf(resolved, phase).map((column) => fields[resolved.columns.indexOf(column)] ?? '') };
  };
  return { ...block, position };
}

export const nameOf = ({ read: { table } }: ResolvedRead): string => `${table.schema}.${table.name}`;
