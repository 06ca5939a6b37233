import type { Clock } from '@loadin/pipeline';

/** A pace: `burst` calls at once when nothing was called for a while, then `perSecond` evenly. */
export interface Pace {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Bucket {
  /** Milliseconds until a token is there. */
  waitMs(): number;
  /** Takes one; call it only when `waitMs` was 0. */
  take(): void;
}

/**
 * A token bucket on the Clock port. The packages that have one read the process's own time besides, and a process that paused got more tokens than
 * its clock had seen. When the clock is set back, what passes from then on counts.
 */
export function createBucket({ perSecond, burst }: Pace, clock: Clock): Bucket {
  let tokens = burst;
  let seen = clock.now();
  const fill = (): void => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + (Math.max(0, now - seen) * perSecond) / 1000);
    seen = now;
  };
  return {
    waitMs() {
      fill();
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond);
    },
    take() {
      fill();
      tokens -= 1;
    },
  };
}
