import type { JsonObject } from '../ports/json.js';
import { DEFAULT_LENGTH_MS } from './held-item.js';
import { busyError } from './lease-errors.js';
import { isFree, leaseOf, ownValueOf } from './lease-item.js';
import { take } from './try-hold.js';
import type { HeldItem, LeaseOptions } from './types.js';
import { beginWatch, conclude, nextLook, watchOn, type Watch } from './watch.js';

export interface HoldOptions<Settled> {
  /** Ends the wait; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Looked at before the item is taken, whenever it was read: a value other than `undefined` ends the wait and is the answer. */
  readonly settled?: (current: JsonObject | undefined) => Settled | undefined;
}

/**
 * Takes an item, and waits for one that somebody else holds: it is read again soon and then less and less often, and taken over when its owner has not renewed it for
 * a whole one. Throws `StopError` (reason `lease`) when its owner is at work, and what the store throws.
 */
export async function hold<Settled = never>(
  options: LeaseOptions,
  key: string,
  { signal, settled }: HoldOptions<Settled> = {},
): Promise<HeldItem | Settled> {
  const { state, clock, lengthMs = DEFAULT_LENGTH_MS } = options;
  let watch: Watch | undefined;
  let slept = 0;
  for (;;) {
    signal?.throwIfAborted();
    const item = await state.get(key);
    const answer = settled?.(ownValueOf(item?.value));
    if (answer !== undefined) return answer;
    const lease = leaseOf(item?.value);
    if (lease !== undefined && !isFree(lease)) {
      watch = watch === undefined ? beginWatch(lease) : watchOn(watch, lease, slept);
      const conclusion = conclude(watch, lengthMs);
      if (conclusion === 'give-up') throw busyError(state, key, lease);
      if (conclusion === 'wait') {
        slept = nextLook(watch, lengthMs);
        await clock.sleep(slept, signal);
        continue;
      }
    }
    const held = await take(options, key, item);
    if (held !== undefined) return held;
    slept = 0; // somebody else was faster: what is there now is looked at once
  }
}
