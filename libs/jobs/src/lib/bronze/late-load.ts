import type { BronzeReport } from '@loadin/bronze-writer';
import type { Load } from '@loadin/pipeline';
import type { LastSets } from './last-sets.js';
import type { SetPlan } from './set-plan.js';
import type { Work, Written } from './work.js';

/**
 * Whether a run of a later time has committed: this one had failed, and is tried again. What it read now would carry its own, earlier time, and would look older than
 * what that one has brought.
 */
export const isLate = (base: LastSets | null, { scheduledTime }: Pick<Load, 'scheduledTime'>): boolean =>
  base !== null && Date.parse(base.scheduled_time) > Date.parse(scheduledTime);

/** Of a load that asks for everything there is something left: nothing is compared. */
export const hasNothingLeft = ({ isLate: late, delivered }: SetPlan): boolean => late && delivered !== null;

/** The later run has begun where this one does, or before, and each after it goes on from there. */
export function nothingLeft({ base }: Work, report: BronzeReport, { plan, key }: { plan: SetPlan; key: readonly string[] }): Written {
  const message = `A run of a later time (${base?.scheduled_time ?? ''}) has brought this already: nothing is left to read`;
  const sets = { recent: plan.recent, keys: base?.keys ?? [], profiles: base?.profiles ?? { full: null, incremental: null, last: null } };
  const counts = { read: 0, deduplicated: 0, tombstones: 0 };
  return { report, key, loadType: 'incremental', ...counts, notes: [{ kind: 'skipped', message }], reached: null, sets };
}
