import type { Session } from '../connection/session.js';
import { orderOf, resolveRead } from './resolve.js';
import { placeOf } from './select.js';
import { identifier, qualified } from './sql-text.js';
import type { Range, TableRead } from './types.js';

export interface KeyRangesOptions {
  /** At most so many ranges. */
  readonly count: number;
  /** A range has at least about so many rows. Default 100,000: less is read faster than it is cut. */
  readonly minRows?: number;
  /** About how many rows are looked at. Default 20,000: the sizes of 16 ranges then differ by a few percent. */
  readonly sampleRows?: number;
  /**
   * Whether a range of the cursor may begin and end between rows that have the same one, by their keys: so a value that most rows have, as after a migration, makes no slice of
   * its own. Default `false`: a range is one of the cursor's values.
   */
  readonly withinCursor?: boolean;
}

/**
 * Cuts a read into ranges of about equal size that have no row in common and leave none out, by a sample of the table's pages: for a full read ranges of the key, else of
 * the cursor. One range where the table is small or can't be sampled (views, foreign tables).
 */
export async function keyRanges(session: Session, read: TableRead, options: KeyRangesOptions): Promise<Range[]> {
  const { count, minRows = 100_000, sampleRows = 20_000, withinCursor = false } = options;
  const resolved = resolveRead(read);
  const { table } = read;
  const whole: Range[] = [{ from: null, below: null }];
  const order = resolved.cursor === undefined || withinCursor ? orderOf(resolved, 'placed') : [resolved.cursor];
  if (count < 2 || order.length === 0 || table.rowEstimate < 2 * minRows || !(table.kind === 'table' || table.kind === 'partitioned table'))
    return whole;
  const percent = Math.min(100, (100 * sampleRows) / table.rowEstimate);
  const names = order.map(({ name }) => identifier(name)).join(', ');
  const conditions = placeOf(resolved, 'placed');
  const values = order.map(({ name }, index) => `${identifier(name)} AS v${index}`).join(', ');
  const sample = `SELECT ${values}, row_number() OVER (ORDER BY ${names}) AS n, count(*) OVER () AS total FROM ${qualified(table)} TABLESAMPLE SYSTEM (${percent}) REPEATABLE (0)${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
  const steps = `GREATEST(1, LEAST(${count}, floor(total * ${100 / percent} / ${minRows})::int))`;
  const rows = await session.query(
    `SELECT * FROM (${sample}) s WHERE EXISTS (SELECT FROM generate_series(1, ${count}) i WHERE i < ${steps} AND n = total * i / ${steps} + 1) ORDER BY n`,
  );
  const bounds = rows.map((row) => order.map((_, index) => row[`v${index}`] ?? ''));
  const distinct = bounds.filter((bound, index) => index === 0 || JSON.stringify(bound) !== JSON.stringify(bounds[index - 1]));
  return [null, ...distinct].map((from, index) => ({ from, below: distinct[index] ?? null }));
}
