import { createRandom } from '@loadin/testing';
import type { Change, LoadScenario } from './scenario.js';

/** What the harness asks the database, as somebody at work on the shop does. */
export interface Database {
  query<Row extends object>(sql: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** One table whose changes a cursor tells, one whose rows have to be compared, and one without a key, which is read whole each time. */
export const jobsFile = (entities: readonly Entity[], lookBackMinutes: number): string => `version: 1
sinks:
  s3_bronze: {}
streams:
  postgres.orders: { table: orders, key: [id, line], cursor: updated_at, look_back_minutes: ${lookBackMinutes}, event_date: ordered_at, hard_deletes: true }
  postgres.items: { table: items, key: [id], event_date: ordered_at, hard_deletes: true }
  postgres.log: { table: log, mode: full }
jobs:
  bronze: { streams: [${entities.map((entity) => `postgres.${entity}`).join(', ')}], sinks: [s3_bronze] }
`;

export const ENTITIES = ['orders', 'items', 'log'] as const;
export type Entity = (typeof ENTITIES)[number];

/** Columns that tell a row from another: of the log, all of them. */
export const KEYS: Readonly<Record<Entity, readonly string[]>> = { orders: ['id', 'line'], items: ['id'], log: ['line'] };

const DAY_MS = 86_400_000;
const FIRST = Date.parse('2026-03-01T02:00:00Z');

/** When the run of a day is due, ISO 8601 UTC. */
export const scheduledAt = (day: number): string => `${new Date(FIRST + day * DAY_MS).toISOString().slice(0, 19)}Z`;

const COLUMNS = 'total numeric(30,4), note text, weight double precision, ordered_at timestamptz, noted_at timestamp';

const DDL = `
  CREATE TABLE orders (id bigint, line int, ${COLUMNS}, updated_at timestamptz NOT NULL, PRIMARY KEY (id, line));
  CREATE TABLE items (id text PRIMARY KEY, ${COLUMNS});
  CREATE TABLE log (line text, ${COLUMNS});`;

/**
 * 128 MB, more than rows may take of the memory, and of each of 125 dates less than a row group is worth: what does not fit is written to the disk until its date is
 * complete.
 */
const LARGE_ROWS = `INSERT INTO items
  SELECT 'large ' || n, n, repeat(md5(n::text), 3200), n, timestamptz '2025-06-01 12:00Z' + n % 125 * interval '1 day' FROM generate_series(1, 1250) n`;

/** The tables of a shop, and what happens to them. All of it follows from the seed. */
export function createTables(sql: Database, { seed, rows, dates, large }: Pick<LoadScenario, 'seed' | 'rows' | 'dates' | 'large'>) {
  const random = createRandom(seed * 3 + 2);
  let version = 0;
  /** So that no row ever comes to be what it was before. */
  const values = (): string =>
    `n * 1.0001 + ${version}, CASE WHEN n % 3 = 0 THEN NULL WHEN n % 3 = 1 THEN '' ELSE 'note ' || n || E' \\t v${version}' END, n / 7.0 + ${version},
     CASE WHEN n % 11 = 0 THEN NULL ELSE timestamptz '2026-02-01 12:00Z' + n % ${dates} * interval '1 day' END, timestamp '2026-02-01' + n * interval '1.000001 s'`;
  /** Before the run of the day, and after the one before it. */
  const changedAt = (day: number): string =>
    `timestamptz '${scheduledAt(day - 1)}' + interval '1 hour' + n % 3600 * interval '1.5 s' + ${version} * interval '1 ms'`;
  let last = 0;
  const insert = async (count: number, day: number): Promise<void> => {
    version += 1;
    const series = `generate_series(${last + 1}, ${last + count}) n`;
    last += count;
    await sql.query(`INSERT INTO orders SELECT n / 2, n % 2, ${values()}, ${changedAt(day)} FROM ${series}`);
    await sql.query(`INSERT INTO items SELECT 'item ' || n, ${values()} FROM ${series}`);
    await sql.query(`INSERT INTO log SELECT 'line ' || n / 3, ${values()} FROM ${series}`);
  };
  const update = async (share: number, day: number): Promise<void> => {
    version += 1;
    const set = `total = total + ${version}, note = 'changed ' || ${version}`;
    const some = (hash: string): string => `abs(hashtext(${hash} || '${seed} ${version}')) % 1000 < ${Math.floor(share * 1000)}`;
    await sql.query(
      `UPDATE orders SET ${set}, updated_at = ${changedAt(day).replaceAll('n % 3600', '(id * 2 + line) % 3600')} WHERE ${some("id || ' ' || line")}`,
    );
    await sql.query(`UPDATE items SET ${set} WHERE ${some('id')}`);
    await sql.query(`UPDATE log SET ${set} WHERE ${some('line')}`);
  };
  const remove = async (share: number): Promise<void> => {
    version += 1;
    for (const [table, hash] of [
      ['orders', "id || ' ' || line"],
      ['items', 'id'],
      ['log', 'line'],
    ])
      await sql.query(`DELETE FROM ${table} WHERE abs(hashtext(${hash} || '${seed} ${version}')) % 1000 < ${Math.floor(share * 1000)}`);
  };
  return {
    async create(): Promise<void> {
      await sql.query(DDL);
      await insert(rows, 0);
      if (large) await sql.query(LARGE_ROWS);
    },
    /** Between two runs. */
    async change(kind: Change, day: number): Promise<void> {
      if (kind === 'grows') await insert(Math.ceil(rows * random()), day);
      if (kind === 'changes') await update(0.05 + random() / 3, day);
      if (kind === 'shrinks') await remove(0.5 + random() / 3);
      if (kind === 'changes') await remove(0.05);
    },
    /** Of one who takes long: a row with the time at which his transaction began, and of somebody else one that is later by the clock and committed before. */
    async overlap(slow: Database): Promise<void> {
      const row = (id: number): string =>
        `INSERT INTO orders SELECT ${id}, 0, n, 'overlap', n, NULL, NULL, clock_timestamp() FROM generate_series(1, 1) n`;
      await slow.query('BEGIN');
      await slow.query(row(-1));
      await sql.query(row(-2));
    },
    /** While the run of a day is under way: by the cursor it is for the run of the next day. */
    async changeMeanwhile(day: number): Promise<void> {
      await update(0.1, day + 1);
      await insert(Math.ceil(rows / 20), day + 1);
      await remove(0.03);
    },
  };
}
