import type { Session } from '../connection/session.js';
import { isTime, resolveRead } from './resolve.js';
import { aheadOf } from './select.js';
import { identifier, qualified } from './sql-text.js';
import type { TableRead } from './types.js';

/** More are not counted: without an index each costs a look at the table. */
const MOST = 10_000;

export interface RowsAheadOptions {
  /** Milliseconds that counting may take at the server. Default 2,000: it is for a note alone. */
  readonly timeoutMs?: number;
}

/**
 * How many rows have a cursor later than the server's clock: no read with an upper bound takes them. In words: `3`, `more than 10,000`; `undefined` without any,
 * for cursors that are no times, and whenever it can't be told: in time, or at all. The session can't be asked anything else afterwards.
 */
export async function rowsAhead(session: Session, read: TableRead, { timeoutMs = 2_000 }: RowsAheadOptions = {}): Promise<string | undefined> {
  const { cursor } = resolveRead(read);
  if (cursor === undefined || !isTime(cursor)) return undefined;
  try {
    await session.query("SELECT pg_catalog.set_config('statement_timeout', $1, true), pg_catalog.set_config('lock_timeout', $1, true)", [
      String(timeoutMs),
    ]);
    const ahead = `SELECT ${identifier(cursor.name)} FROM ${qualified(read.table)} WHERE ${aheadOf(cursor, read)} LIMIT ${MOST + 1}`;
    const [found] = await session.query(`SELECT count(*) AS rows FROM (${ahead}) ahead`);
    const rows = Number(found?.['rows'] ?? 0);
    return rows === 0 ? undefined : rows > MOST ? `more than ${MOST.toLocaleString('en-US')}` : String(rows);
  } catch {
    // What is read does not depend on it.
    return undefined;
  }
}
