import { RetryableError, type Clock } from '@loadin/resilience';

const firstWaitMs = 200;
const longestWaitMs = 3_000;

export interface WaitOptions {
  /** Default five minutes: a stream or table usually takes half a minute. */
  readonly limitMs?: number;
  /** What to do when it took longer. */
  readonly hint?: string;
}

/** Asks again and again, less and less often, until `done` says so. @throws RetryableError after `limitMs` */
export async function waitUntil(what: string, where: string, clock: Clock, done: () => Promise<boolean>, options: WaitOptions = {}): Promise<void> {
  const { limitMs = 5 * 60_000, hint = 'Look at it in the AWS console, then run loadin-setup create again: it goes on from there.' } = options;
  const started = clock.now();
  for (let waitMs = firstWaitMs; !(await done()); waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    if (clock.now() - started >= limitMs) throw new RetryableError(`${what} for more than ${limitMs / 60_000} minutes`, { where, hint });
    await clock.sleep(waitMs);
  }
}
