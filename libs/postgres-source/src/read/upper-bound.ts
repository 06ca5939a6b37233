import type { Session } from '../connection/session.js';

export interface UpperBound {
  /** Everything whose cursor is earlier is committed, and visible to every transaction that begins from now on. ISO 8601 UTC, microseconds. */
  readonly below: string;
  /** What keeps it before the run's start, or what could not be seen. One sentence each. */
  readonly notes: readonly { readonly kind: 'held-back' | 'not-visible'; readonly message: string }[];
}

export interface UpperBoundOptions {
  /** The run's start: ISO 8601 UTC. */
  readonly runStart: string;
  /** How far the next run reads back; when a prepared transaction began is not known, and taken to be less long before it was prepared. Default 600,000. */
  readonly lookBackMs?: number;
}

/**
 * Up to which time changes can be read without missing one that is still to be committed: a row is written with the time at which its transaction began (`now()`), and
 * seen only when that is over. It is the earliest of the run's start, the server's clock and the start of the oldest transaction that is open in this database.
 * What is read must be read by another session, opened afterwards: this one sees the state that it began with.
 */
export async function readUpperBound(session: Session, { runStart, lookBackMs = 600_000 }: UpperBoundOptions): Promise<UpperBound> {
  // The clock first: whatever begins after this has a later time than it.
  const [server] = await session.query(
    'SELECT clock_timestamp() AS now, pg_is_in_recovery() AS replica, pg_last_xact_replay_timestamp() AS replayed',
  );
  // A replica that was promoted keeps the time of its last replay for ever.
  const replayed = server?.['replica'] === 't' ? (server['replayed'] ?? null) : null;
  const [found] = await session.query(OPEN_TRANSACTIONS, [runStart, server?.['now'] ?? null, replayed, String(lookBackMs)]);
  const notes: { kind: 'held-back' | 'not-visible'; message: string }[] = [];
  if (server?.['replica'] === 't')
    notes.push({
      kind: 'not-visible',
      message: 'This is a replica: transactions that are open at its primary are not visible; only the look-back covers them',
    });
  const hidden = Number(found?.['hidden'] ?? 0);
  if (hidden > 0)
    notes.push({
      kind: 'not-visible',
      message: `The start of ${hidden} open transaction${hidden === 1 ? '' : 's'} is not visible to ${found?.['me']}; only the look-back covers rows that they commit later (GRANT pg_read_all_stats makes it visible)`,
    });
  if (found?.['held_back'] === 't')
    notes.push({
      kind: 'held-back',
      message: `Changes are read up to ${isoTime(found['below'] ?? '')}: ${found['holder']} has been open since then`,
    });
  return { below: isoTime(found?.['below'] ?? runStart), notes };
}

/**
 * $1 run's start, $2 the server's clock before, $3 up to where a replica is, $4 look-back in ms. A session whose start may not be seen (or isn't tracked) counts only while it is
 * in a transaction: each holds a lock on its virtual id, and locks are visible to everybody. Sessions of this very reader are read-only and don't count.
 */
const OPEN_TRANSACTIONS = `
WITH sessions AS (
  SELECT a.pid, a.xact_start, a.application_name,
         (a.backend_type IS NULL OR a.state = 'disabled') AND EXISTS (
           SELECT FROM pg_locks l WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.pid = a.pid) AS hidden
  FROM pg_stat_activity a
  WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type IS DISTINCT FROM 'autovacuum worker'
    AND NOT (a.usename = session_user AND a.application_name IS NOT DISTINCT FROM current_setting('application_name'))),
oldest AS (SELECT pid, xact_start, application_name FROM sessions WHERE xact_start IS NOT NULL ORDER BY xact_start, pid LIMIT 1),
prepared AS (SELECT gid, prepared - $4::numeric * interval '1 millisecond' AS since FROM pg_prepared_xacts WHERE database = current_database() ORDER BY 2 LIMIT 1),
bounds AS (
  SELECT least($1::timestamptz, $2::timestamptz, $3::timestamptz) AS own, (SELECT xact_start FROM oldest) AS open, (SELECT since FROM prepared) AS prepared)
SELECT least(own, open, prepared) AS below, least(open, prepared) < own AS held_back, current_user AS me,
       (SELECT count(*) FROM sessions WHERE hidden AND xact_start IS NULL) AS hidden,
       CASE WHEN prepared <= open OR open IS NULL THEN (SELECT 'the prepared transaction ' || gid FROM prepared)
            ELSE (SELECT 'the transaction of process ' || pid || coalesce(' (' || nullif(application_name, '') || ')', '') FROM oldest) END AS holder
FROM bounds`;

/** `2024-01-15 10:30:00.12+00` as ISO 8601. */
export const isoTime = (text: string): string => text.replace(' ', 'T').replace(/[+-]00(?::?00)?$/, 'Z');
