import type { Clock } from '@loadin/resilience';

export interface ManualClockOptions {
  /**
   * `true`: time moves by itself. Whenever somebody sleeps, the event loop gets one turn and then time jumps to the earliest wake-up,
   * so that code with waits runs at once and in the order in which it would have run. `false`: only `advance` moves time. Default: `true`.
   * Background sleeps (`SleepOptions`) move nothing: they wake up when something else has moved time past them.
   */
  readonly auto?: boolean;
}

export interface ManualClock extends Clock {
  /** Milliseconds of every `sleep` so far that was not in the background, in the order of the calls. */
  readonly sleeps: readonly number[];
  /** How many sleepers wait now. */
  readonly waiting: number;
  /** Moves time by `ms` milliseconds and wakes, in order of time, everybody whose time has come; sleeps that begin meanwhile count too. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly background: boolean;
  readonly wake: () => void;
}

/** A clock that never waits for real time. `startMs` is epoch milliseconds, e.g. `Date.UTC(2024, 10, 8, 12)`. */
export function createManualClock(startMs: number, { auto = true }: ManualClockOptions = {}): ManualClock {
  let now = startMs;
  let turnPlanned = false;
  const sleepers = new Set<Sleeper>();
  const sleeps: number[] = [];

  const earliest = (): Sleeper | undefined => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) if (!first || sleeper.at < first.at) first = sleeper;
    return first;
  };
  /** Whether anybody waits for time to move. */
  const isAwaited = (): boolean => [...sleepers].some(({ background }) => !background);
  const wake = (sleeper: Sleeper): void => {
    now = Math.max(now, sleeper.at);
    sleepers.delete(sleeper);
    sleeper.wake();
  };
  const planTurn = (): void => {
    if (!auto || turnPlanned || !isAwaited()) return;
    turnPlanned = true;
    setImmediate(() => {
      turnPlanned = false;
      const next = isAwaited() ? earliest() : undefined;
      if (next) wake(next);
      planTurn();
    });
  };

  return {
    sleeps,
    get waiting() {
      return sleepers.size;
    },
    now: () => now,
    sleep: (ms, signal, { background = false } = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (!background) sleeps.push(ms);
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at: now + ms,
          background,
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.add(sleeper);
        planTurn();
      }),
    async advance(ms) {
      const until = now + ms;
      for (let next = earliest(); next && next.at <= until; next = earliest()) {
        wake(next);
        await eventLoopTurn(); // what woke up may sleep again before `until`
      }
      now = Math.max(now, until);
    },
  };
}

const eventLoopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
