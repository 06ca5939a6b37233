import type { Load } from '@loadin/pipeline';
import type { LastSets } from './last-sets.js';
import { isLate, isOvertaken } from './late-load.js';
import { isKeySetOf } from './set-names.js';
import type { BronzeTable } from './types.js';

type PlannedLoad = Pick<Load, 'fullRefresh' | 'second' | 'after'>;

/** What a load compares its rows with, and what it keeps for the next one. */
export interface SetPlan {
  /** Key in the lake of a set whose rows were delivered: those that come again unchanged are left out. */
  readonly delivered: string | null;
  /** Keys in the lake of sets that together are all keys that were delivered: those that do not come any more are gone. */
  readonly earlier: readonly string[];
  /** Rows that are gone since then are looked for. */
  readonly findsGone: boolean;
  /** What the next load reads again is kept. */
  readonly keepRecent: boolean;
  /** `all`: this load has seen all keys · `more`: these come on top of the earlier ones */
  readonly keepKeys: 'all' | 'more' | 'none';
  /** A run of a later time has committed, and this one has nothing to bring. What that one has kept stays what the next load is compared with. */
  readonly nothingLeft: boolean;
  /** Key in the lake of what the next load reads again, where this one keeps none. */
  readonly recent: string | null;
}

/** Of a load that is late. */
const keepsNothing = (base: LastSets | null) =>
  ({ earlier: [], findsGone: false, keepRecent: false, keepKeys: 'none', recent: base?.recent ?? null }) satisfies Partial<SetPlan>;

/** Where nothing is compared all is delivered; but not what a run that came before, and was planned after, has read from the same beginning. */
const isBrought = (base: LastSets | null, delivered: string | null, load: PlannedLoad): boolean =>
  delivered !== null || (isOvertaken(base, load) && !load.fullRefresh);

/** Whether every load brings all rows, whatever was delivered. Without a key rows can't be compared, nor gone on with. */
const isWhole = ({ mode, key }: BronzeTable): boolean => mode === 'full' || key.length === 0;

/** The column that tells changes; an entity that is always loaded whole needs none. */
export const cursorOf = (entity: BronzeTable): string | undefined => (isWhole(entity) ? undefined : entity.cursor);

/** Whether all its keys are known in the lake. */
const keepsKeys = ({ hardDeletes = false, keepKeys = false, key }: BronzeTable): boolean => (hardDeletes || keepKeys) && key.length > 0;

const findsGone = ({ hardDeletes = false, key }: BronzeTable): boolean => hardDeletes && key.length > 0;

/** The keys of the very last load: with older ones a row that has become again what it was would be taken for one that was delivered last. */
const lastKeys = (base: LastSets | null): string | null => base?.keys.find((path) => isKeySetOf(path, base.ingestion_id)) ?? null;

/** @param everything nothing was left to earlier runs: all rows that there are come */
export function planTable(entity: BronzeTable, base: LastSets | null, everything: boolean, load: PlannedLoad): SetPlan {
  const hardDeletes = findsGone(entity);
  const hasCursor = cursorOf(entity) !== undefined;
  const compares = !hasCursor && !isWhole(entity);
  const delivered = hasCursor ? (everything ? null : (base?.recent ?? null)) : compares && !load.fullRefresh ? lastKeys(base) : null;
  if (isLate(base, load)) return { delivered, ...keepsNothing(base), nothingLeft: hasCursor ? isBrought(base, delivered, load) : delivered !== null };
  return {
    delivered,
    earlier: hardDeletes && everything ? (base?.keys ?? []) : [],
    findsGone: hardDeletes && everything,
    keepRecent: hasCursor,
    keepKeys: everything ? (keepsKeys(entity) || compares ? 'all' : 'none') : keepsKeys(entity) ? 'more' : 'none',
    nothingLeft: false,
    recent: null,
  };
}

export function planList(base: LastSets | null, everything: boolean, load: PlannedLoad): SetPlan {
  const delivered = everything ? null : (base?.recent ?? null);
  if (isLate(base, load)) return { delivered, ...keepsNothing(base), nothingLeft: isBrought(base, delivered, load) };
  return { delivered, earlier: [], findsGone: false, keepRecent: true, keepKeys: 'none', nothingLeft: false, recent: null };
}
