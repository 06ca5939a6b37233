import type { Lease } from './types.js';

/** What somebody who waits for a lease has seen so far, by its own watch: times are sums of what it has slept, clocks are never compared. */
export interface Watch {
  readonly lease: Lease;
  /** Milliseconds since it began to wait. */
  readonly waited: number;
  /** Milliseconds since it last saw the lease move. */
  readonly unmoved: number;
}

export const beginWatch = (lease: Lease): Watch => ({ lease, waited: 0, unmoved: 0 });

/** After a sleep of `sleptMs`, `lease` is what is stored now. */
export function watchOn(watch: Watch, lease: Lease, sleptMs: number): Watch {
  const moved = lease.counter !== watch.lease.counter || lease.id !== watch.lease.id;
  return { lease, waited: watch.waited + sleptMs, unmoved: moved ? 0 : watch.unmoved + sleptMs };
}

/** An owner renews its lease so many times within a length. */
export const RENEWALS = 3;
/** The first look comes after this part of a length: planning and finishing take a moment, and who comes second should not wait much longer. */
const FIRST_LOOK = 1 / 60;

/** Milliseconds until the next look: it waits as long again as it has waited, at most until the next renewal is due, and looks after a whole length in any case. */
export function nextLook({ waited }: Watch, lengthMs: number): number {
  const step = Math.min(Math.max(waited, lengthMs * FIRST_LOOK), lengthMs / RENEWALS);
  return Math.ceil(waited < lengthMs ? Math.min(step, lengthMs - waited) : step);
}

/**
 * - `take`: its owner has not renewed it for a whole length
 * - `give-up`: after a whole length or more the owner has renewed it in time
 * - `wait`: it is too early to say, or the owner has missed a renewal and may be dead
 */
export function conclude({ waited, unmoved }: Watch, lengthMs: number): 'take' | 'wait' | 'give-up' {
  if (unmoved >= lengthMs) return 'take';
  return waited >= lengthMs && unmoved <= lengthMs / RENEWALS ? 'give-up' : 'wait';
}
