import { requireQuantity } from '../line.js';
import type { S3Prices, StorageClass } from '../prices/types.js';
import { DAYS_PER_MONTH } from '../units.js';
import type { S3Month, Stored } from './s3.js';

export interface Lifecycle {
  /** What comes in a day. */
  readonly bytesPerDay: number;
  readonly objectsPerDay: number;
  /** Days for which data has been coming; what is kept grows with it until the first objects expire. */
  readonly days: number;
  /** In the order of their days. */
  readonly transitions?: readonly { readonly afterDays: number; readonly to: StorageClass }[];
  /** Default: nothing is removed. */
  readonly expireAfterDays?: number;
}

/** What lies in which class after so many days of the same amount, and how many objects a month are moved. Rules leave small objects in Standard. */
export function afterLifecycle(life: Lifecycle, { leastBytesMoved }: Pick<S3Prices, 'leastBytesMoved'>): Pick<S3Month, 'stored' | 'moved'> {
  const { bytesPerDay, objectsPerDay, days, expireAfterDays = Infinity } = life;
  for (const [name, quantity] of Object.entries({ bytesPerDay, objectsPerDay, days })) requireQuantity(name, quantity);
  const small = objectsPerDay > 0 && bytesPerDay / objectsPerDay < leastBytesMoved;
  const transitions = small ? [] : (life.transitions ?? []);
  requireOrder(transitions.map(({ afterDays }) => afterDays));
  const oldest = Math.min(days, expireAfterDays);
  const stored: Partial<Record<StorageClass, Stored>> = {};
  const moved: Partial<Record<StorageClass, number>> = {};
  const stages: { readonly afterDays: number; readonly to: StorageClass }[] = [{ afterDays: 0, to: 'standard' }, ...transitions];
  for (const [i, { afterDays, to }] of stages.entries()) {
    const daysHere = Math.max(0, Math.min(oldest, stages[i + 1]?.afterDays ?? Infinity) - afterDays);
    const before = stored[to] ?? { bytes: 0, objects: 0 };
    stored[to] = { bytes: before.bytes + bytesPerDay * daysHere, objects: before.objects + objectsPerDay * daysHere };
    if (i > 0 && oldest > afterDays) moved[to] = (moved[to] ?? 0) + objectsPerDay * DAYS_PER_MONTH;
  }
  return { stored, moved };
}

function requireOrder(days: readonly number[]): void {
  if (days.some((day, i) => day < (days[i - 1] ?? 0)))
    throw new RangeError(`Transitions come in the order of their days; these are ${days.join(', ')}`);
}
