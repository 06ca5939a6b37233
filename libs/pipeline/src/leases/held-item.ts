import { silentLogger } from '@loadin/observability';
import { actionOf, oneLine, retry } from '@loadin/resilience';
import { givenBackError } from './lease-errors.js';
import { givenBack, renewed } from './lease-item.js';
import { createLeaseWriter, type LeaseWriter, type TakenItem } from './lease-writer.js';
import { RENEWALS } from './watch.js';
import type { HeldItem, Lease, LeaseOptions } from './types.js';

/** 30 s: a holder that dies is replaced within a minute, and one renewal in ten seconds costs nothing. */
export const DEFAULT_LENGTH_MS = 30_000;
/** Writes at most to give an item back: others wait for a whole length otherwise. They take less than two seconds. */
const GIVES_BACK = 5;

/** Keeps an item that was just taken, renewing its lease until it is given back or lost. */
export function keepHeld(options: LeaseOptions, key: string, taken: TakenItem): HeldItem {
  const { state, clock, owner, lengthMs = DEFAULT_LENGTH_MS, logger = silentLogger } = options;
  const writer = createLeaseWriter(options, key, taken);
  const inTurn = createTurns();
  const returned = new AbortController();
  const renew = (before: Lease): Lease => renewed(before, { owner, now: clock.now(), lengthMs });
  const over = AbortSignal.any([writer.lost, returned.signal]);
  const renewWhenOlderThan = (ms: number): Promise<void> =>
    inTurn(async () => {
      over.throwIfAborted();
      if (writer.age() >= ms) await writer.write(renew);
    });
  const warn = (message: string, error: unknown): void => logger.warn(message, { item: key, error: oneLine(error) });
  const free = (before: Lease): Lease => givenBack(before, clock.now());
  const freeAgain = (): Promise<void> =>
    retry(() => writer.giveBack(free), {
      attempts: GIVES_BACK,
      clock,
      onRetry: ({ error }) => warn('A lease could not be given back; it is tried again', error),
    });
  const giveBack = (): Promise<void> =>
    inTurn(async () => {
      if (over.aborted) return;
      returned.abort(givenBackError(state, key));
      await freeAgain();
    });
  const warnUnlessLost = (error: unknown): void => {
    if (!writer.lost.aborted) warn('A lease could not be given back; it ends by itself', error);
  };
  void keepRenewing({ options, over, age: writer.age, renewWhenOlderThan, warn });

  return {
    get current() {
      return writer.own;
    },
    generation: taken.lease.generation,
    lost: writer.lost,
    async check() {
      over.throwIfAborted();
      if (writer.age() >= lengthMs) await renewWhenOlderThan(lengthMs);
    },
    save: (value) =>
      inTurn(async () => {
        over.throwIfAborted();
        await writer.write(renew, value);
      }),
    async release(last) {
      if (last === undefined) return giveBack().catch(warnUnlessLost);
      await inTurn(async () => {
        over.throwIfAborted();
        await writer.write(free, last);
        returned.abort(givenBackError(state, key));
      });
    },
  };
}

/** One thing after the other, in the order in which they were asked for. */
function createTurns(): (work: () => Promise<void>) => Promise<void> {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = turn.then(work);
    turn = done.catch(() => undefined); // whoever asked hears of it; the next in line goes on
    return done;
  };
}

interface Renewals {
  readonly options: LeaseOptions;
  /** Ends them. */
  readonly over: AbortSignal;
  readonly age: LeaseWriter['age'];
  readonly renewWhenOlderThan: (ms: number) => Promise<void>;
  readonly warn: (message: string, error: unknown) => void;
}

/** Never rejects. A renewal that fails is tried again soon: there is time for several before anybody may take the item. */
async function keepRenewing({ options, over, age, renewWhenOlderThan, warn }: Renewals): Promise<void> {
  const { clock, lengthMs = DEFAULT_LENGTH_MS } = options;
  const third = Math.ceil(lengthMs / RENEWALS);
  const soon = Math.ceil(third / 4);
  for (let pause = third; !over.aborted;) {
    try {
      await clock.sleep(pause, over, { background: true });
      await renewWhenOlderThan(third);
      pause = age() < third ? third - age() : soon;
    } catch (error) {
      if (!over.aborted) warn('A lease could not be renewed; it is tried again', error);
      // What is not transient will not be over soon.
      pause = actionOf(error) === 'retry' ? soon : third;
    }
  }
}
