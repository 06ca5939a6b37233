import { FatalError, oneLine, type Clock } from '@loadin/resilience';
import type { Logger } from '@loadin/observability';
import type { Remembered, RunningRun, SchedulerState } from './types.js';

/** What is remembered of one job. */
export interface Memory {
  readonly value: Remembered;
  /**
   * Writes it, and tries again for as long as that fails. `false`: somebody else has written, and `value` is theirs now. Rejects with the signal's reason.
   */
  write(value: Remembered): Promise<boolean>;
  /** Reads what others have written since, and tries again for as long as that fails. Rejects with the signal's reason. */
  read(): Promise<void>;
}

export interface MemoryOptions {
  readonly job: string;
  readonly state: SchedulerState;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export const keyOf = (job: string): string => `schedule/${job}`;

/**
 * Reads what is remembered; of a job that is seen for the first time everything until now is settled: a new schedule has missed nothing.
 * What keeps the state from being read at all is thrown; from then on only the signal ends the attempts.
 */
export async function openMemory(options: MemoryOptions): Promise<Memory> {
  const { job, state, clock } = options;
  const found = await state.get(keyOf(job));
  let value = found === undefined ? firstSeen(clock.now()) : check(found.value, job);
  let revision = found?.revision ?? null;
  const read = async (): Promise<void> => {
    const theirs = await insist(options, () => state.get(keyOf(job)));
    value = theirs === undefined ? { ...value, running: null } : check(theirs.value, job);
    revision = theirs?.revision ?? null;
  };
  const memory: Memory = {
    get value() {
      return value;
    },
    read,
    async write(next) {
      const written = await insist(options, () => tryPut(state, keyOf(job), next, revision));
      if (written === undefined) {
        await read();
        return false;
      }
      [value, revision] = [next, written];
      return true;
    },
  };
  if (found === undefined) await memory.write(value);
  return memory;
}

const firstSeen = (now: number): Remembered => ({ version: 1, settled: new Date(now).toISOString(), running: null, last: null });

/** `undefined`: somebody else has written. */
async function tryPut(state: SchedulerState, key: string, value: Remembered, revision: string | null): Promise<string | undefined> {
  try {
    return await state.put(key, value, revision);
  } catch (error) {
    if (error instanceof Error && error.name === 'RevisionConflictError') return undefined;
    throw error;
  }
}

/** A scheduler outlives an hour in which the state can't be reached. */
async function insist<Result>({ job, clock, logger, signal }: MemoryOptions, action: () => Promise<Result>): Promise<Result> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      logger.warn(`${job}: what is scheduled could not be noted, another try in ${pause / 1000} s: ${oneLine(error)}`, { job });
      await clock.sleep(pause, signal);
    }
  }
}

function check(value: unknown, job: string): Remembered {
  const { version, settled, running = null, last = null } = (value ?? {}) as Partial<Remembered>;
  if (version === 1 && isTime(settled) && (running === null || isRunning(running))) return { version, settled, running, last };
  throw new FatalError(`What is remembered of the schedule of ${job} can't be read`, {
    where: keyOf(job),
    hint: 'Delete the item; then the schedule begins now.',
  });
}

const isTime = (value: unknown): value is string => typeof value === 'string' && Number.isFinite(Date.parse(value));

const isRunning = ({ at, resume_after: after, lost }: Partial<RunningRun>): boolean =>
  isTime(at) && (after === null || isTime(after)) && Number.isInteger(lost);
