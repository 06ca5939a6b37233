import { actionOf, createBackoff, systemClock, type Clock } from '@loadin/resilience';
import type { Logger, Meter } from '@loadin/observability';

/** How long a lost connection is waited for. */
export interface PatienceOptions {
  /** Milliseconds from the first failure, without a row or an answer between, within which it is tried again. Default 120,000: databases that fail over are away for one or two minutes. */
  readonly reconnectMs?: number;
  /** How often in a row at most, whatever time is left. Default: as often as the time allows, and five times where each try takes that long. */
  readonly reconnects?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
}

export interface Waiting {
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
  readonly meter?: Pick<Meter, 'add'>;
  /** What is said of it in the log: the table. */
  readonly table?: string;
}

/** Follows the failures of one connection. */
export interface Patience {
  /** Waits, and says so; throws the failure when it is none that time mends, or when patience is at its end, and the signal's reason once it is aborted. */
  wait(error: unknown): Promise<void>;
  /** There was an answer: the next failure is a first one. */
  answered(): void;
}

const RECONNECT_MS = 120_000;
/** Tries that each take as long as a time-out are made so often all the same. */
const SLOW_TRIES = 5;
/** Ten seconds at most between two tries: a server that is back is soon found. */
const BACKOFF = { baseMs: 200, maxMs: 10_000 };
/** Who is unlucky with the jitter does not hurry either. */
const SHORTEST_MS = 50;

export function createPatience({ reconnectMs = RECONNECT_MS, reconnects, clock = systemClock, random }: PatienceOptions, waiting: Waiting): Patience {
  const backoff = createBackoff({ ...BACKOFF, ...(random && { random }) });
  const { signal, logger, meter, table } = waiting;
  let failures = 0;
  let since = 0;
  return {
    async wait(error) {
      signal?.throwIfAborted();
      if (actionOf(error) !== 'retry') throw error;
      if (failures === 0) since = clock.now();
      const left = since + reconnectMs - clock.now();
      const most = reconnects ?? (left > 0 ? Infinity : SLOW_TRIES);
      if (failures >= most) throw error;
      failures += 1;
      // The last try is made when the time is over, not before.
      const waitMs = Math.max(SHORTEST_MS, Math.min(backoff(failures), Math.max(left, 0)));
      meter?.add('retries', 1);
      logger?.warn('The database is waited for', {
        ...(table !== undefined && { table }),
        error: error instanceof Error ? error.message : String(error),
        ...{ attempt: failures, wait_ms: waitMs, gives_up_in_ms: Math.max(left, 0) },
      });
      await clock.sleep(waitMs, signal);
    },
    answered() {
      failures = 0;
    },
  };
}

/** Asks until there is an answer. */
export async function patiently<Result>(ask: () => Promise<Result>, options: PatienceOptions & Waiting): Promise<Result> {
  const patience = createPatience(options, options);
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      await patience.wait(error);
    }
  }
}
