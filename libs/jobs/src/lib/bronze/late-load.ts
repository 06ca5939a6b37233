import type { BronzeReport } from '@loadin/bronze-writer';
import type { Cursor, CursorKind, Load } from '@loadin/pipeline';
import type { LastSets } from './last-sets.js';
import type { Work, Written } from './work.js';

/**
 * Whether a run of a later time has committed: this one had failed, and is tried again. What it read now would carry its own, earlier time, and would look older than
 * what that one has brought.
 */
export const isLate = (base: LastSets | null, { second }: Pick<Load, 'second'>): boolean =>
  base !== null && Date.parse(base.second ?? base.scheduled_time) > Date.parse(second);

/**
 * Where the checkpoint may move to; tables that are late follow no cursor. What a late load reads by a number has no bound in time: rows that have changed since the later run are among it, with a time by which they look older than what that one
 * has brought. The next run brings them again, with its own.
 */
export const placeReached = ({ base, load }: Pick<Work, 'base' | 'load'>, kind: CursorKind, reached: Cursor | null): Cursor | null =>
  kind === 'number' && isLate(base, load) ? null : reached;

/** Whether another run has committed since this one was planned. */
export const isOvertaken = (base: LastSets | null, { after }: Pick<Load, 'after'>): boolean =>
  after !== undefined && (base?.run_id ?? null) !== after;

/** The later run has begun where this one does, or before, and each after it goes on from there. */
export function nothingLeft({ base, isBrought }: Work, report: BronzeReport, named: Pick<Written, 'key' | 'cursor'>): Written {
  const message = `${isBrought ? 'Another run' : 'A run of a later time'} (${base?.scheduled_time ?? ''}) has brought this already: nothing is left to read`;
  const sets = {
    recent: base?.recent ?? null,
    keys: base?.keys ?? [],
    ...(base?.keys_whole && { keys_whole: base.keys_whole }),
    profiles: base?.profiles ?? { full: null, incremental: null, last: null },
  };
  const counts = { read: 0, deduplicated: 0, tombstones: 0 };
  return { report, ...named, loadType: 'incremental', ...counts, notes: [{ kind: 'skipped', message }], reached: null, sets };
}
