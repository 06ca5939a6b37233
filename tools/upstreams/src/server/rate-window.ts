/** Calls within the last so many milliseconds. A refused call is not counted, so that a client that backs off gets through. */
export interface RateWindow {
  /** Counts the call when fewer than `limit` were made; otherwise answers the milliseconds until the next would be. */
  take(now: number, limit: number, windowMs: number): { readonly ok: true } | { readonly ok: false; readonly waitMs: number };
  reset(): void;
}

export function createRateWindow(): RateWindow {
  let calls: number[] = [];
  return {
    take(now, limit, windowMs) {
      calls = calls.filter((at) => at > now - windowMs);
      if (calls.length < limit) {
        calls.push(now);
        return { ok: true };
      }
      const free = calls[calls.length - Math.max(1, Math.floor(limit))] ?? now;
      return { ok: false, waitMs: Math.max(1, free + windowMs - now) };
    },
    reset() {
      calls = [];
    },
  };
}
