import type { GatewayLimits } from '../types.js';

/** What the calls with one key may be: a bucket of tokens for the rate, a number of calls for the day. Both APIs count on it together. */
export interface UsagePlan {
  take(now: number): 'ok' | 'throttled' | 'used up';
  reset(): void;
}

export function createUsagePlan(limits: GatewayLimits): UsagePlan {
  let tokens = Infinity; // full, however large the bucket is made
  let filledAt = 0;
  let used = 0;
  let day = -1;
  return {
    take(now) {
      const today = Math.floor(now / 86_400_000);
      if (today !== day) [day, used] = [today, 0];
      if (used >= limits.perDay) return 'used up';
      tokens = Math.min(limits.burst, tokens + (Math.max(0, now - filledAt) / 1000) * limits.perSecond);
      filledAt = now;
      if (tokens < 1) return 'throttled';
      tokens -= 1;
      used += 1;
      return 'ok';
    },
    reset() {
      [tokens, filledAt, used, day] = [Infinity, 0, 0, -1];
    },
  };
}
