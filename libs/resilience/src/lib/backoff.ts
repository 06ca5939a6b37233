export interface BackoffOptions {
  /** The first wait is below this, in milliseconds. Default: 100 (a few round trips to a service in the same region). */
  readonly baseMs?: number;
  /** No wait is longer, in milliseconds. Default: 20,000 (longer waits outlive most throttling windows for nothing). */
  readonly maxMs?: number;
  /** Numbers in [0, 1). Default: `Math.random`; tests pass a seeded one. */
  readonly random?: () => number;
}

/** How long to wait before a retry, in whole milliseconds; `retry` counts from 1. */
export type Backoff = (retry: number) => number;

/**
 * Exponential back-off with full jitter: a random time in [0, min(maxMs, baseMs × 2^(retry − 1))]. Many callers that failed together
 * then don't come back together. (The scheme with the fewest calls in AWS Architecture Blog, "Exponential Backoff And Jitter".)
 */
export function createBackoff({ baseMs = 100, maxMs = 20_000, random = Math.random }: BackoffOptions = {}): Backoff {
  return (retry) => {
    const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(retry - 1, 52)); // beyond 2^52 no cap is reached any more, only infinity
    return Math.floor(random() * (ceiling + 1));
  };
}
