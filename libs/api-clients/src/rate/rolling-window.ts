/** At most `limit` calls in any `windowMs` milliseconds, as the server counts them. */
export interface Window {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * A call holds a slot from before it is sent until one window after its answer. When exactly the server counted it is not known, only
 * that it was before the answer: counted from there, no jitter of the network can make it see one call too many.
 */
export interface RollingWindow {
  /** Milliseconds until a slot is free; `Infinity` while only answers that are still awaited can free one. */
  waitMs(now: number): number;
  /** Takes a slot. */
  sent(): void;
  /** The answer of a call (or its failure) is there. */
  answered(now: number): void;
}

export function createRollingWindow({ limit, windowMs }: Window): RollingWindow {
  let inFlight = 0;
  let answers: number[] = []; // ascending
  let gone = 0; // how many of them are out of the window
  const forget = (now: number): void => {
    while (gone < answers.length && (answers[gone] ?? 0) + windowMs <= now) gone += 1;
    if (gone > 1024 && gone * 2 > answers.length) {
      answers = answers.slice(gone);
      gone = 0;
    }
  };
  return {
    waitMs(now) {
      forget(now);
      if (inFlight + answers.length - gone < limit) return 0;
      // The slots above the limit have to become free first, when the limit is that far exceeded.
      const oldest = answers[gone];
      return oldest === undefined ? Infinity : Math.max(1, oldest + windowMs - now);
    },
    sent() {
      inFlight += 1;
    },
    answered(now) {
      inFlight -= 1;
      answers.push(Math.max(now, answers.at(-1) ?? now));
    },
  };
}
