import { createBackoff, type Backoff } from './backoff.js';
import { systemClock, type Clock } from './clock.js';
import { actionOf } from './errors.js';
import type { RetryBudget } from './retry-budget.js';

/** What to do about one failure. */
export type RetryDecision =
  | { readonly retry: false }
  /** `afterMs`: not before so many milliseconds (what a `Retry-After` header asked for). */
  | { readonly retry: true; readonly afterMs?: number };

export interface RetryOptions {
  /** Calls at most, the first one included. Default: 5. */
  readonly attempts?: number;
  /** The wait before each retry. Default: `createBackoff({ random })`, below 100 ms first and 20 s at most. */
  readonly backoff?: Backoff;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** For the default back-off. Default: `Math.random`. */
  readonly random?: () => number;
  /** Cancels: no further call, and a wait ends at once. Default: never. */
  readonly signal?: AbortSignal;
  /** Shared with other callers; a retry that finds it empty is not made. Default: none. */
  readonly budget?: RetryBudget;
  /** Default: an error whose action is `retry` is retried, no other. */
  readonly classify?: (error: unknown) => RetryDecision;
  /** Told before each wait, for logs and meters. Default: nothing. */
  readonly onRetry?: (retry: RetryEvent) => void;
}

export interface RetryEvent {
  readonly error: unknown;
  /** The number of the call that comes next; the first retry is 2. */
  readonly attempt: number;
  readonly waitMs: number;
}

const byAction = (error: unknown): RetryDecision => ({ retry: actionOf(error) === 'retry' });

/**
 * Calls `operation` until it succeeds, its failure isn't worth a retry, `attempts` or the budget are spent: then the last error is
 * thrown as it is. Once the signal is aborted its reason is thrown. `operation` gets the number of the call, from 1.
 */
export async function retry<Result>(operation: (attempt: number) => Promise<Result>, options: RetryOptions = {}): Promise<Result> {
  const { attempts = 5, clock = systemClock, random, signal, budget, classify = byAction, onRetry } = options;
  const backoff = options.backoff ?? createBackoff({ random });
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      const result = await operation(attempt);
      budget?.succeeded();
      return result;
    } catch (error) {
      signal?.throwIfAborted();
      const decision = classify(error);
      if (!decision.retry || attempt >= attempts || budget?.take() === false) throw error;
      const waitMs = Math.max(decision.afterMs ?? 0, backoff(attempt));
      onRetry?.({ error, attempt: attempt + 1, waitMs });
      await clock.sleep(waitMs, signal);
    }
  }
}
