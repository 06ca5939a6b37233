import { RetryableError } from '@loadin/resilience';
import type { Session } from '../connection/session.js';

/**
 * A table that was written anew by ALTER TABLE looks empty to whoever sees a state from before its end (PostgreSQL documentation, caveats of MVCC); and a session that waits for the lock of such a command
 * sees one. Takes the locks of the query, and throws `RetryableError` when that has happened to one of its tables: another session sees the rows.
 */
export async function checkNotRewritten(session: Session, sql: string, where: string): Promise<void> {
  await session.query(`EXPLAIN (COSTS off) ${sql}`);
  const found = await session.query(REWRITTEN);
  if (found.length === 0) return;
  throw new RetryableError(`${where} was written anew since its state was taken, as by ALTER TABLE: it is read in the state of now`, {
    where,
    hint: 'If it happens again and again: read it when no migration runs.',
  });
}

/** What this session sees in the catalogue is of its state; the function tells which file it is now. */
const REWRITTEN = `
SELECT c.oid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND c.relkind IN ('r', 'm') AND c.relfilenode <> 0 AND c.relfilenode <> pg_relation_filenode(c.oid) LIMIT 1`;
