import { FatalError, StopError, type Clock, type Meter } from '@loadin/pipeline';
import { unlessAborted } from '../http/abort.js';
import { createBucket, type Pace } from './bucket.js';
import { createLanes } from './lanes.js';
import { createSharedQuota } from './quota.js';
import type { QuotaOfAccount } from './quota-types.js';
import { createRollingWindow, type Window } from './rolling-window.js';
import { createSlowDown } from './slow-down.js';

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
  /** The answer, or the failure, is there. Once for each slot. `answered`: whether the service said anything at all. Default: it did. */
  release(answered?: boolean): void;
}

export interface TakeOptions {
  readonly signal?: AbortSignal;
  readonly meter?: Meter;
  /** Who waits: lanes are served in turn, so that a stream with many calls at once doesn't hold up the others. Default: one lane. */
  readonly lane?: string;
}

/**
 * When the next call may be sent. Rolling windows of our own are the promise; a token bucket spreads the calls within them, so
 * that they come evenly and not as a burst and a pause. Lanes are served in turn, the callers of a lane in the order in which they came.
 */
export interface Rate {
  /**
   * Waits for a slot. Throws `StopError` when there is none within `maxWaitMs`, the signal's reason when it is aborted, and what the
   * store of a shared quota throws when it can't be read or written.
   */
  take(options?: TakeOptions): Promise<Slot>;
  /** Nobody is served for so many milliseconds: the service asked for it. */
  pause(ms: number): void;
  /** The service answered 429: the pace is halved, down to a sixteenth, and comes back step by step with answered calls. */
  throttled(): void;
  /** Gives back what it has of a shared quota and does not use. A later `take` gets some anew. Never rejects. */
  close(): Promise<void>;
}

interface Caller {
  readonly since: number;
  readonly meter?: Meter;
  serve(slot: Slot): void;
  refuse(error: unknown): void;
}

/** Throws `FatalError` for limits under which no call would ever be made. */
export function createRate(options: RateOptions): Rate {
  checkLimits(options);
  const { service, clock, maxInFlight, maxWaitMs = 300_000 } = options;
  const windows = options.windows.map(createRollingWindow);
  const bucket = createBucket(options.pace, clock);
  const slowDown = createSlowDown(options.pace.perSecond);
  const lanes = createLanes<Caller>();
  let inFlight = 0;
  let pausedUntil = 0;
  let serving = false;
  /** Ends the wait before the next call early. */
  let wake = (): void => undefined;
  let answered = (): void => undefined;

  const refuseAll = (error: unknown): void => {
    for (const caller of lanes.clear()) caller.refuse(error);
    wake();
  };
  const quota =
    options.quota &&
    createSharedQuota({
      quota: options.quota,
      windows: options.windows,
      clock,
      listener: { waiting: () => lanes.size, changed: () => wake(), failed: refuseAll },
    });

  const waitMs = (now: number): number =>
    Math.max(
      pausedUntil - now,
      bucket.waitMs(),
      slowDown.waitMs(now),
      inFlight >= maxInFlight ? Infinity : 0,
      ...windows.map((window) => window.waitMs(now)),
      ...(quota?.gates() ?? []).map((gate) => gate.waitMs(now)),
    );
  const wait = (ms: number): Promise<void> => {
    const sleeper = new AbortController();
    wake = () => sleeper.abort();
    if (ms !== Infinity) return clock.sleep(ms, sleeper.signal).catch(() => undefined); // woken early: look again
    return new Promise((resolve) => (answered = wake = resolve));
  };

  const taken = (): Slot => {
    const now = clock.now();
    bucket.take();
    inFlight += 1;
    windows.forEach((window) => window.sent());
    const leases = (quota?.gates() ?? []).map((gate) => gate.sent(now));
    const call = slowDown.sent(now);
    return {
      release(said = true) {
        inFlight -= 1;
        const end = clock.now();
        windows.forEach((window) => window.answered(end));
        leases.forEach((ended) => ended(end));
        slowDown.ended(call, said);
        answered();
      },
    };
  };
  const waitOnce = async (now: number, ms: number): Promise<void> => {
    if (ms !== Infinity && ms > maxWaitMs) throw outOfQuota(service, now + ms);
    for (const gate of quota?.gates() ?? []) if (gate.waitMs(now) > 0) gate.want();
    await wait(ms);
    wake = answered = () => undefined;
  };
  const serveAll = async (): Promise<void> => {
    let began = clock.now();
    let waited = false;
    while (lanes.size > 0) {
      const now = clock.now();
      const ms = waitMs(now);
      if (ms > 0) {
        waited = true;
        await waitOnce(now, ms);
        continue;
      }
      const caller = lanes.next();
      if (waited) countWait(now - Math.max(began, caller?.since ?? now), caller?.meter);
      caller?.serve(taken());
      began = now;
      waited = false;
    }
  };
  const startServing = async (): Promise<void> => {
    if (serving) return;
    serving = true;
    while (lanes.size > 0) await serveAll().catch(refuseAll); // somebody may come between its end and here
    serving = false;
  };

  const queued = ({ signal, meter, lane = '' }: TakeOptions): Promise<Slot> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const onAbort = (): void => {
        lanes.remove(lane, caller);
        reject(signal?.reason);
        if (lanes.size === 0) wake();
      };
      const heard = (): void => signal?.removeEventListener('abort', onAbort);
      const caller: Caller = {
        since: clock.now(),
        meter,
        serve: (slot) => (heard(), resolve(slot)),
        refuse: (error) => (heard(), reject(error)),
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      lanes.add(lane, caller);
      void startServing();
    });

  return {
    take: (taker = {}) => (quota === undefined ? queued(taker) : unlessAborted(quota.identify(), taker.signal).then(() => queued(taker))),
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
    throttled: () => slowDown.throttled(),
    close: () => quota?.close() ?? Promise.resolve(),
  };
}

function checkLimits({ service, windows, pace, maxInFlight }: RateOptions): void {
  const limits: [name: string, value: number, least: number][] = [
    ...windows.flatMap(({ limit, windowMs }): [string, number, number][] => [
      ['the limit of a window', limit, 1],
      ['the length of a window', windowMs, 1],
    ]),
    ['the pace', pace.perSecond, Number.MIN_VALUE],
    ['the burst of the pace', pace.burst, 1],
    ['maxInFlight', maxInFlight, 1],
  ];
  const wrong = limits.find(([, value, least]) => !(value >= least));
  if (wrong === undefined) return;
  throw new FatalError(`${service}: ${wrong[0]} is ${wrong[1]}, so that no call could ever be made`, { hint: 'Check what is declared as its rate.' });
}

function countWait(ms: number, meter?: Meter): void {
  meter?.add('waits', 1);
  meter?.add('wait_ms', ms);
}

function outOfQuota(service: string, at: number): StopError {
  const resumeAfter = new Date(Math.ceil(at / 1000) * 1000).toISOString();
  return new StopError(`${service} allows no more calls for now: the quota of this period is used up`, {
    reason: 'quota',
    resumeAfter,
    hint: `Run it again after ${resumeAfter}: it goes on where it stopped.`,
  });
}
