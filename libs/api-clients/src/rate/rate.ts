import { StopError, type Clock, type Meter } from '@loadin/pipeline';
import type { QuotaOfAccount } from './quota-types.js';
import { createBucket, type Pace } from './bucket.js';
import { createRollingWindow, type Window } from './rolling-window.js';

export interface RateOptions {
  /** For messages: `Ticketmaster`. */
  readonly service: string;
  /** Never exceeded. */
  readonly windows: readonly Window[];
  readonly pace: Pace;
  /** Calls that may wait for their answers at the same time. */
  readonly maxInFlight: number;
  /** A slot that is further away than this, in milliseconds, stops the run resumably (a day's quota is used up). Default 300,000. */
  readonly maxWaitMs?: number;
  readonly clock: Clock;
  /** The windows are shared with other processes over a StateStore. Default: this process counts alone. */
  readonly quota?: QuotaOfAccount;
}

export interface Slot {
  /** The answer, or the failure, is there. Once for each slot. */
  release(): void;
}

/**
 * When the next call may be sent. Rolling windows of our own are the promise; limiter's token bucket spreads the calls within them, so
 * that they come evenly and not as a burst and a pause. Callers are served in the order in which they came.
 */
export interface Rate {
  /** Waits for a slot. Throws `StopError` when there is none within `maxWaitMs`, and the signal's reason when it is aborted. */
  take(options?: { readonly signal?: AbortSignal; readonly meter?: Meter }): Promise<Slot>;
  /** Nobody is served for so many milliseconds: the service asked for it. */
  pause(ms: number): void;
}

export function createRate(options: RateOptions): Rate {
  const { service, clock, maxInFlight, maxWaitMs = 300_000 } = options;
  const windows = options.windows.map(createRollingWindow);
  const bucket = createBucket(options.pace, clock);
  let inFlight = 0;
  let pausedUntil = 0;
  let queue: Promise<unknown> = Promise.resolve();
  let wake: (() => void)[] = [];

  const waitMs = (now: number): number =>
    Math.max(pausedUntil - now, bucket.waitMs(), inFlight >= maxInFlight ? Infinity : 0, ...windows.map((window) => window.waitMs(now)));
  const nextAnswer = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const onAbort = (): void => reject(signal?.reason);
      wake.push(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });

  const serve = async (signal?: AbortSignal, meter?: Meter): Promise<Slot> => {
    const began = clock.now();
    let waited = false;
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      const wait = waitMs(now);
      if (wait <= 0) break;
      waited = true;
      if (wait === Infinity) await nextAnswer(signal);
      else if (wait > maxWaitMs) throw outOfQuota(service, now + wait);
      else await clock.sleep(wait, signal);
    }
    if (waited) {
      meter?.add('waits', 1);
      meter?.add('wait_ms', clock.now() - began);
    }
    bucket.take();
    inFlight += 1;
    windows.forEach((window) => window.sent());
    return { release };
  };
  const release = (): void => {
    inFlight -= 1;
    const now = clock.now();
    windows.forEach((window) => window.answered(now));
    const waiting = wake;
    wake = [];
    waiting.forEach((resume) => resume());
  };

  return {
    take({ signal, meter } = {}) {
      const served = queue.then(() => serve(signal, meter));
      queue = served.catch(() => undefined); // whoever asked hears of it; the next in line goes on
      return served;
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
  };
}

function outOfQuota(service: string, at: number): StopError {
  const resumeAfter = new Date(Math.ceil(at / 1000) * 1000).toISOString();
  return new StopError(`${service} allows no more calls for now: the quota of this period is used up`, {
    reason: 'quota',
    resumeAfter,
    hint: `Run it again after ${resumeAfter}: it goes on where it stopped.`,
  });
}
