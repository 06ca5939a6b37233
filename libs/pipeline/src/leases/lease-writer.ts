import type { StopError } from '@loadin/resilience';
import { RevisionConflictError } from '../errors.js';
import type { JsonObject } from '../ports/json.js';
import { lostError } from './lease-errors.js';
import { isFree, isSameHold, itemOf, leaseOf, ownValueOf } from './lease-item.js';
import type { Lease, LeaseOptions } from './types.js';

/** The item as it is stored, once it is taken. */
export interface TakenItem {
  readonly own: JsonObject | undefined;
  readonly lease: Lease;
  readonly revision: string;
  /** When the write began that took it, by the holder's clock. */
  readonly at: number;
}

/** Writes an item that is held. One write at a time: each needs the revision that the one before it made. */
export interface LeaseWriter {
  readonly own: JsonObject | undefined;
  readonly lease: Lease;
  /** Aborted as soon as it is known that somebody else has the item. */
  readonly lost: AbortSignal;
  /** Milliseconds since the last write that succeeded; endless when the clock was set back since. */
  age(): number;
  /** Changes the lease, and the value to what `value` gives. Throws `StopError` when the item is lost, and what the store throws. */
  write(change: (lease: Lease) => Lease, value?: JsonObject): Promise<void>;
  /** The same with a lease that is given back by it; when an earlier call has done so, and its answer was lost, nothing more is written. */
  giveBack(change: (lease: Lease) => Lease): Promise<void>;
}

export function createLeaseWriter({ state, clock }: LeaseOptions, key: string, taken: TakenItem): LeaseWriter {
  let { own, lease, revision, at } = taken;
  const lost = new AbortController();
  const lose = (by: Lease | undefined): StopError => {
    const error = lostError(state, key, by);
    lost.abort(error);
    return error;
  };
  /**
   * After a conflict. It is no loss as long as what is stored is our own: then an earlier write of ours, whose answer never came, was carried out after all.
   * Its value counts from now on, or a renewal would take back what it saved.
   */
  const readAgain = async (): Promise<void> => {
    const stored = await state.get(key);
    const by = leaseOf(stored?.value);
    if (stored === undefined || by === undefined || !isSameHold(by, lease)) throw lose(by);
    [own, lease, revision] = [ownValueOf(stored.value), by, stored.revision];
  };
  const write = async (change: (lease: Lease) => Lease, value?: JsonObject, isDone: () => boolean = () => false): Promise<void> => {
    for (;;) {
      lost.signal.throwIfAborted();
      const [began, changed, written] = [clock.now(), change(lease), value ?? own];
      try {
        revision = await state.put(key, itemOf(written, changed), revision);
        [own, lease, at] = [written, changed, began];
        return;
      } catch (error) {
        if (!(error instanceof RevisionConflictError)) throw error;
        await readAgain();
        if (isDone()) return;
      }
    }
  };
  return {
    get own() {
      return own;
    },
    get lease() {
      return lease;
    },
    lost: lost.signal,
    age: () => (clock.now() < at ? Infinity : clock.now() - at),
    write: (change, value) => write(change, value),
    giveBack: (change) => write(change, undefined, () => isFree(lease)),
  };
}
