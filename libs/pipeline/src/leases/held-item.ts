import { silentLogger } from '@loadin/observability';
import { oneLine, type StopError } from '@loadin/resilience';
import { RevisionConflictError } from '../errors.js';
import type { JsonObject } from '../ports/json.js';
import { givenBackError, lostError } from './lease-errors.js';
import { givenBack, isSameHold, itemOf, leaseOf, ownValueOf, renewed } from './lease-item.js';
import type { HeldItem, Lease, LeaseOptions } from './types.js';

/** 30 s: a holder that dies is replaced within a minute, and one renewal in ten seconds costs nothing. */
export const DEFAULT_LENGTH_MS = 30_000;

/** The item as it is stored, once it is taken. */
export interface TakenItem {
  readonly own: JsonObject | undefined;
  readonly lease: Lease;
  readonly revision: string;
  /** When the write began that took it. */
  readonly at: number;
}

/** Keeps a lease that was just taken, renewing it until it is given back or lost. */
export function keepHeld(options: LeaseOptions, key: string, taken: TakenItem): HeldItem {
  const { state, clock, owner, lengthMs = DEFAULT_LENGTH_MS, logger = silentLogger } = options;
  let { own, lease, revision, at: renewedAt } = taken;
  const lost = new AbortController();
  /** Ends the renewals. */
  const over = new AbortController();
  let returned = false;

  const lose = (by: Lease | undefined): StopError => {
    const error = lostError(state, key, by);
    lost.abort(error);
    over.abort(error);
    return error;
  };
  const refuseWhenOver = (): void => {
    lost.signal.throwIfAborted();
    if (returned) throw givenBackError(state, key);
  };
  /**
   * A conflict is no loss as long as what is stored is our own: an earlier write of ours, whose answer never came, was carried out after all. Its value counts
   * then, or a renewal would take back what it saved.
   */
  const write = async (next: (lease: Lease) => Lease, value: () => JsonObject | undefined): Promise<void> => {
    for (;;) {
      const [began, newLease, written] = [clock.now(), next(lease), value()];
      try {
        revision = await state.put(key, itemOf(written, newLease), revision);
        [own, lease, renewedAt] = [written, newLease, began];
        return;
      } catch (error) {
        if (!(error instanceof RevisionConflictError)) throw error;
        const stored = await state.get(key);
        const by = leaseOf(stored?.value);
        if (stored === undefined || by === undefined || !isSameHold(by, lease)) throw lose(by);
        [own, lease, revision] = [ownValueOf(stored.value), by, stored.revision];
      }
    }
  };

  // Writes take turns: each needs the revision that the one before it made.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined); // whoever asked hears of it; the next in line goes on
    return done;
  };
  const renew = (before: Lease): Lease => renewed(before, { owner, now: clock.now(), lengthMs });
  /** Milliseconds since the last renewal; endless when the clock was set back since. */
  const age = (): number => (clock.now() < renewedAt ? Infinity : clock.now() - renewedAt);
  const renewWhenOlderThan = (ms: number): Promise<void> =>
    inTurn(async () => {
      refuseWhenOver();
      if (age() >= ms) await write(renew, () => own);
    });

  const third = Math.ceil(lengthMs / 3);
  const keepRenewing = async (): Promise<void> => {
    for (let failed = false; !over.signal.aborted;) {
      // After a failure soon again: a lease has two further chances before anybody may take it.
      const pause = failed ? third / 4 : age() < third ? third - age() : third / 4;
      await clock.sleep(pause, over.signal, { background: true });
      failed = await renewWhenOlderThan(third).then(
        () => false,
        (error: unknown) => {
          if (!over.signal.aborted) logger.warn('A lease could not be renewed; it is tried again', { item: key, error: oneLine(String(error)) });
          return true;
        },
      );
    }
  };
  keepRenewing().catch((error: unknown) => {
    // That a sleep was ended is how the renewals end.
    if (!over.signal.aborted) logger.warn('A lease is not renewed any more', { item: key, error: oneLine(String(error)) });
  });

  return {
    get current() {
      return own;
    },
    generation: lease.generation,
    lost: lost.signal,
    async check() {
      refuseWhenOver();
      if (age() >= lengthMs) await renewWhenOlderThan(lengthMs);
    },
    save: (value) =>
      inTurn(async () => {
        refuseWhenOver();
        await write(renew, () => value);
      }),
    async release() {
      over.abort(givenBackError(state, key));
      await inTurn(async () => {
        if (returned || lost.signal.aborted) return;
        returned = true;
        await write(
          (before) => givenBack(before, clock.now()),
          () => own,
        );
      }).catch((error: unknown) => {
        if (!lost.signal.aborted) logger.warn('A lease could not be given back; it ends by itself', { item: key, error: oneLine(String(error)) });
      });
    },
  };
}
