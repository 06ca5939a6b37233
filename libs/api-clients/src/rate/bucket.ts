import { TokenBucket } from 'limiter';
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
 * limiter's token bucket on the Clock port. limiter reads `performance.now()`; what it does with it is the difference to `lastDrip`, so
 * setting that back by the time that passed on our clock makes the bucket live in our time, manual clocks included.
 */
export function createBucket({ perSecond, burst }: Pace, clock: Clock): Bucket {
  const bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: perSecond, interval: 'second' });
  bucket.content = burst;
  let seen = clock.now();
  const keepTime = (): void => {
    const now = clock.now();
    bucket.lastDrip = performance.now() - Math.max(0, now - seen);
    seen = now;
  };
  return {
    waitMs() {
      keepTime();
      return bucket.getWaitTime(1);
    },
    take() {
      keepTime();
      bucket.tryRemoveTokens(1);
    },
  };
}
