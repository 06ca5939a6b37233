export interface RetryBudgetOptions {
  /** Retries that may be made before any success, and the most that can be saved up. Default: 100. */
  readonly tokens?: number;
  /** What a success gives back. Default: 0.1, so that a long run may retry every tenth call and no more. */
  readonly refund?: number;
}

/**
 * One allowance of retries for everything that shares it. Without it every call of a run retries on its own, and a service that
 * is down gets several times its usual load.
 */
export interface RetryBudget {
  /** Takes one retry out of the budget; `false` when there is none left. */
  take(): boolean;
  /** Tells that a call succeeded. */
  succeeded(): void;
  /** Retries that are left now. */
  readonly remaining: number;
}

export function createRetryBudget({ tokens = 100, refund = 0.1 }: RetryBudgetOptions = {}): RetryBudget {
  let left = tokens;
  return {
    take() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
    succeeded() {
      left = Math.min(tokens, left + refund);
    },
    get remaining() {
      return Math.floor(left);
    },
  };
}
