import type { TicketmasterLimits } from '../types.js';

const dayMs = 86_400_000;

/** The daily quota of the one apikey. */
export interface Quota {
  /** Counts a call. `over`: how many calls beyond the quota this day has seen. */
  take(now: number): { readonly over: number };
  /** `Rate-Limit…` of an answer; the reset is in epoch milliseconds. */
  headers(now: number): Readonly<Record<string, string>>;
  reset(): void;
}

export function createQuota(limits: TicketmasterLimits): Quota {
  let used = 0;
  let resetAt = 0;
  const roll = (now: number): void => {
    if (now < resetAt) return;
    used = 0;
    resetAt = now + dayMs;
  };
  return {
    take(now) {
      roll(now);
      used++;
      return { over: Math.max(0, used - limits.perDay) };
    },
    headers(now) {
      roll(now);
      return {
        'rate-limit': String(limits.perDay),
        'rate-limit-available': String(Math.max(0, limits.perDay - used)),
        'rate-limit-over': String(Math.max(0, used - limits.perDay)),
        'rate-limit-reset': String(resetAt),
      };
    },
    reset() {
      used = 0;
      resetAt = 0;
    },
  };
}
