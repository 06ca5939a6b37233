import fc from 'fast-check';
import { createBackoff } from './backoff.js';
import type { Clock } from './clock.js';
import { FatalError, RetryableError } from './errors.js';
import { createRetryBudget } from './retry-budget.js';
import { retry, type RetryEvent } from './retry.js';

/** Never waits; remembers for how long it should have. */
function createClock(): Clock & { readonly sleeps: number[] } {
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => 0,
    sleep: async (ms, signal) => {
      sleeps.push(ms);
      signal?.throwIfAborted();
    },
  };
}

const failing = (failures: number, error: unknown = new RetryableError('busy')) => {
  const calls: number[] = [];
  const operation = async (attempt: number): Promise<string> => {
    calls.push(attempt);
    if (calls.length <= failures) throw error;
    return 'done';
  };
  return { calls, operation };
};

describe('retry', () => {
  it('calls again until it succeeds, waiting in between', async () => {
    const { calls, operation } = failing(3);
    const clock = createClock();
    expect(await retry(operation, { clock, random: () => 0.999_999 })).toBe('done');
    expect(calls).toEqual([1, 2, 3, 4]);
    expect(clock.sleeps).toEqual([100, 200, 400]);
  });

  it('throws the last error as it is after the last attempt', async () => {
    const error = new RetryableError('busy');
    const { calls, operation } = failing(9, error);
    await expect(retry(operation, { clock: createClock(), attempts: 3 })).rejects.toBe(error);
    expect(calls).toHaveLength(3);
  });

  it.each([new FatalError('wrong key'), new Error('a bug'), 'text'])('does not repeat what no repetition helps: %s', async (error) => {
    const { calls, operation } = failing(1, error);
    await expect(retry(operation, { clock: createClock() })).rejects.toBe(error);
    expect(calls).toHaveLength(1);
  });

  it('waits at least as long as the failure asks for', async () => {
    const clock = createClock();
    await retry(failing(2).operation, { clock, random: () => 0, classify: () => ({ retry: true, afterMs: 7_000 }) });
    expect(clock.sleeps).toEqual([7_000, 7_000]);
  });

  it('tells about each retry before it waits', async () => {
    const events: RetryEvent[] = [];
    const error = new RetryableError('busy');
    await retry(failing(2, error).operation, { clock: createClock(), random: () => 0.5, onRetry: (event) => events.push(event) });
    expect(events).toEqual([
      { error, attempt: 2, waitMs: 50 },
      { error, attempt: 3, waitMs: 100 },
    ]);
  });

  it('makes no call once it is cancelled, and no further one after it was cancelled in the middle', async () => {
    const { calls, operation } = failing(0);
    await expect(retry(operation, { clock: createClock(), signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(calls).toHaveLength(0);

    const controller = new AbortController();
    const cancelling = async (): Promise<never> => {
      controller.abort(new Error('enough'));
      throw new RetryableError('busy');
    };
    const clock = createClock();
    await expect(retry(cancelling, { clock, signal: controller.signal })).rejects.toThrow('enough');
    expect(clock.sleeps).toEqual([]);
  });

  it('ends a wait when it is cancelled', async () => {
    const controller = new AbortController();
    const { calls, operation } = failing(5);
    await expect(
      retry(operation, { random: () => 0.99, signal: controller.signal, onRetry: () => controller.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
    expect(calls).toHaveLength(1);
  });

  it('shares a budget with others, and gives up when it is spent', async () => {
    const budget = createRetryBudget({ tokens: 3, refund: 0 });
    const clock = createClock();
    expect(await retry(failing(2).operation, { clock, budget })).toBe('done');
    const other = failing(2);
    await expect(retry(other.operation, { clock, budget })).rejects.toThrow('busy');
    expect(other.calls).toHaveLength(2);
    expect(budget.remaining).toBe(0);
  });

  it('never calls more often than allowed, whatever fails (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 6 }),
        async (attempts, failures, tokens) => {
          const { calls, operation } = failing(failures);
          const budget = createRetryBudget({ tokens, refund: 0 });
          const clock = createClock();
          const result = await retry(operation, { attempts, clock, budget }).catch(() => 'failed');
          const allowed = Math.min(attempts, tokens + 1);
          expect(calls).toHaveLength(Math.min(allowed, failures + 1));
          expect(result).toBe(failures < allowed ? 'done' : 'failed');
          expect(clock.sleeps).toHaveLength(calls.length - 1);
        },
      ),
      { seed: 42 },
    );
  });
});

describe('createBackoff', () => {
  it('stays between zero and the exponential ceiling, in whole milliseconds (property)', () => {
    const options = fc.record({ baseMs: fc.integer({ min: 1, max: 5_000 }), maxMs: fc.integer({ min: 1, max: 600_000 }) });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(options, random, fc.integer({ min: 1, max: 5_000 }), ({ baseMs, maxMs }, drawn, attempt) => {
        const wait = createBackoff({ baseMs, maxMs, random: () => drawn })(attempt);
        return Number.isInteger(wait) && wait >= 0 && wait <= maxMs && wait <= baseMs * 2 ** Math.min(attempt - 1, 60);
      }),
      { seed: 42 },
    );
  });

  it('reaches its whole range: no wait at all, and the cap', () => {
    expect(createBackoff({ baseMs: 100, maxMs: 1_000, random: () => 0 })(9)).toBe(0);
    expect(createBackoff({ baseMs: 100, maxMs: 1_000, random: () => 1 - Number.EPSILON })(9)).toBe(1_000);
  });
});

describe('createRetryBudget', () => {
  it('never allows more retries than tokens and refunds together (property)', () => {
    const step = fc.constantFrom('take', 'succeeded');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 0, max: 10 }), (steps, tokens) => {
        const budget = createRetryBudget({ tokens, refund: 0.5 });
        let taken = 0;
        let successes = 0;
        for (const what of steps) {
          if (what === 'take') taken += budget.take() ? 1 : 0;
          else {
            budget.succeeded();
            successes += 1;
          }
        }
        return taken <= tokens + successes * 0.5 && budget.remaining >= 0 && budget.remaining <= tokens;
      }),
      { seed: 42 },
    );
  });

  it('lets retries happen again after successes', () => {
    const budget = createRetryBudget({ tokens: 1, refund: 0.5 });
    expect([budget.take(), budget.take()]).toEqual([true, false]);
    budget.succeeded();
    expect(budget.take()).toBe(false);
    budget.succeeded();
    expect(budget.take()).toBe(true);
  });
});
