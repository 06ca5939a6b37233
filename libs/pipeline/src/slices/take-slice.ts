import { hold } from '../leases/hold.js';
import { isFree, leaseOf, ownValueOf } from '../leases/lease-item.js';
import { take } from '../leases/try-hold.js';
import type { HeldItem, LeaseOptions } from '../leases/types.js';
import type { JsonObject } from '../ports/json.js';
import { isFinished, progressIn, type SliceProgress } from './progress.js';

/** Which slice is to be taken, and when there is nothing left to do. */
export interface WantedSlice {
  readonly leases: LeaseOptions;
  readonly key: string;
  readonly sinkNames: readonly string[];
}

export type TakenSlice =
  /** This process works on it now. */
  | { readonly held: HeldItem }
  /** Every record of it is delivered or in the dead letters. */
  | { readonly finished: SliceProgress };

/**
 * Takes a slice that nobody holds; `busy` when somebody else does. `mayBegin` is asked just before it is taken, and throws when it is not to be. A `fresh` slice,
 * one that nobody can have begun, is not looked at first.
 */
export async function takeSlice(wanted: WantedSlice, mayBegin: () => void, fresh = false): Promise<TakenSlice | 'busy'> {
  const { leases, key } = wanted;
  for (let look = !fresh; ; look = true) {
    const item = look ? await leases.state.get(key) : undefined;
    const finished = finishedIn(wanted, ownValueOf(item?.value));
    if (finished !== undefined) return { finished };
    if (!isFree(leaseOf(item?.value))) return 'busy';
    mayBegin();
    const held = await take(leases, key, item);
    if (held !== undefined) return { held };
  }
}

/** Waits for a slice that somebody else holds: until it is finished, or its owner is found to be dead. Throws `StopError` (reason `lease`) when its owner is at work. */
export async function awaitSlice(wanted: WantedSlice, signal: AbortSignal): Promise<TakenSlice> {
  const settled = (value: JsonObject | undefined) => finishedIn(wanted, value);
  const result = await hold(wanted.leases, wanted.key, { signal, settled });
  return 'lost' in result ? { held: result } : { finished: result };
}

function finishedIn({ sinkNames }: WantedSlice, value: JsonObject | undefined): SliceProgress | undefined {
  const progress = progressIn(value);
  return isFinished(progress, sinkNames) ? progress : undefined;
}
