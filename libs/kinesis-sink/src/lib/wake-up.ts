import type { Clock } from '@loadin/resilience';

export interface WakeUpOptions {
  readonly clock: Clock;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** After so many milliseconds. */
  readonly woken: (waitedMs: number) => void;
}

/** One alarm that can be moved. */
export interface WakeUp {
  /** By the time of `now`. */
  at(time: number): void;
  cancel(): void;
}

export function createWakeUp({ clock, now, woken }: WakeUpOptions): WakeUp {
  let alarm: { readonly time: number; readonly controller: AbortController } | undefined;

  const cancel = (): void => {
    alarm?.controller.abort();
    alarm = undefined;
  };
  return {
    cancel,
    at(time) {
      if (alarm?.time === time) return;
      cancel();
      const mine = { time, controller: new AbortController() };
      const ms = Math.max(1, time - now());
      alarm = mine;
      const ring = (): void => {
        if (alarm !== mine) return;
        alarm = undefined;
        woken(ms);
      };
      clock.sleep(ms, mine.controller.signal).then(ring, ring); // it rejects when it was moved: then it is not the alarm any more
    },
  };
}
