import { RevisionConflictError } from '../errors.js';
import type { StateItem } from '../ports/state-store.js';
import { DEFAULT_LENGTH_MS, keepHeld } from './held-item.js';
import { isFree, isSameHold, itemOf, leaseOf, newLeaseId, ownValueOf, taken } from './lease-item.js';
import type { BusyItem, HeldItem, LeaseOptions } from './types.js';

/** Takes an item that nobody holds. One that is held is left alone, also when its owner is dead: `hold` waits for it. Throws what the store throws. */
export async function tryHold(options: LeaseOptions, key: string): Promise<HeldItem | BusyItem> {
  for (;;) {
    const item = await options.state.get(key);
    const busy = busyIn(item);
    if (busy !== undefined) return busy;
    const held = await take(options, key, item);
    if (held !== undefined) return held;
  }
}

export const isHeld = (one: HeldItem | BusyItem): one is HeldItem => 'lost' in one;

/** `undefined` when nobody holds it. */
function busyIn(item: StateItem | undefined): BusyItem | undefined {
  const lease = leaseOf(item?.value);
  return lease === undefined || isFree(lease) ? undefined : { lease, current: ownValueOf(item?.value) };
}

/** Takes the item as it was seen, whoever holds it; `undefined` when it has changed since. */
export async function take(options: LeaseOptions, key: string, seen: StateItem | undefined): Promise<HeldItem | undefined> {
  const { state, clock, owner, lengthMs = DEFAULT_LENGTH_MS } = options;
  const at = clock.now();
  const own = ownValueOf(seen?.value);
  const lease = taken(leaseOf(seen?.value), newLeaseId(), { owner, now: at, lengthMs });
  try {
    const revision = await state.put(key, itemOf(own, lease), seen?.revision ?? null);
    return keepHeld(options, key, { own, lease, revision, at });
  } catch (error) {
    if (error instanceof RevisionConflictError) return undefined;
    // It may have been carried out all the same: then the item is held by us, and others would wait for nobody.
    const stored = await state.get(key).catch(() => undefined); // when that can't be read either, the first error is the one to tell
    if (stored === undefined || !isSameHold(leaseOf(stored.value), lease)) throw error;
    return keepHeld(options, key, { own, lease, revision: stored.revision, at });
  }
}
