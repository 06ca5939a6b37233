import { createManualClock, createMemoryStateStore, createRecordingLogger, type MemoryStateStoreOptions } from '@loadin/testing';
import type { JsonObject } from '../index.js';
import { hold, type HoldOptions } from './hold.js';
import { leaseOf } from './lease-item.js';
import { isHeld, tryHold } from './try-hold.js';
import type { HeldItem, LeaseOptions } from './types.js';

export const KEY = 'progress/run/spotify.artists/0';
export const LENGTH = 30_000;
const START = Date.UTC(2024, 10, 8, 2);

/** One state item and the processes that want it. Time stands still but for `clock.advance`. */
export function createLeaseWorld(options: MemoryStateStoreOptions = {}) {
  const state = createMemoryStateStore(options);
  const clock = createManualClock(START, { auto: false });
  const logger = createRecordingLogger();
  const optionsOf = (owner: string, changes: Partial<LeaseOptions> = {}): LeaseOptions => ({
    state,
    clock,
    logger,
    owner,
    lengthMs: LENGTH,
    ...changes,
  });
  return {
    state,
    clock,
    logger,
    optionsOf,
    /** Takes the item, which must be free. */
    async held(owner: string, changes?: Partial<LeaseOptions>): Promise<HeldItem> {
      const one = await tryHold(optionsOf(owner, changes), KEY);
      if (!isHeld(one)) throw new Error(`${one.lease.owner} holds it`);
      return one;
    },
    /** What a wait for the item, which has begun, has come to so far. */
    async waiting<Settled = never>(owner: string, options?: HoldOptions<Settled>, changes?: Partial<LeaseOptions>) {
      const seen: { held?: HeldItem | Settled; error?: unknown } = {};
      hold(optionsOf(owner, changes), KEY, options).then(
        (held) => (seen.held = held),
        (error: unknown) => (seen.error = error),
      );
      await settled();
      return seen;
    },
    stored: async () => (await state.get(KEY))?.value,
    lease: async () => leaseOf((await state.get(KEY))?.value),
    /** Somebody who heeds no lease. */
    async overwrite(value: JsonObject): Promise<void> {
      await state.put(KEY, value, (await state.get(KEY))?.revision ?? null);
    },
  };
}

type LeaseWorld = ReturnType<typeof createLeaseWorld>;

/** A process that sleeps until `wake`: it renews nothing. */
export function paused(world: LeaseWorld) {
  const sleepers: (() => void)[] = [];
  const clock = { ...world.clock, sleep: () => new Promise<void>((resolve) => sleepers.push(resolve)) };
  return { clock, wake: () => sleepers.splice(0).forEach((wake) => wake()) };
}

/** Takes the item from an owner that does not renew. */
export async function takenOver(world: LeaseWorld, by = 'b'): Promise<HeldItem> {
  const wait = await world.waiting(by);
  await world.clock.advance(LENGTH);
  return wait.held as HeldItem;
}

/** Until everything that does not wait for the clock has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
