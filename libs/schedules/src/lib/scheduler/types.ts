import type { Clock } from '@loadin/resilience';
import type { Logger } from '@loadin/observability';
import type { Schedule } from '../types.js';

/** A job with the times at which it is due. */
export interface ScheduledJob {
  /** Small letters, digits and `_`: part of keys and file names. */
  readonly name: string;
  readonly schedule: Schedule;
}

/** How an attempt at a run ended. */
export type Attempt =
  | { readonly status: 'complete' }
  /** Another attempt would not help, or is for a person to decide. */
  | { readonly status: 'failed'; readonly problem: string }
  /** It goes on when it is started again. `cancelled`: somebody has stopped it, this scheduler or a person. */
  | {
      readonly status: 'stopped';
      readonly reason: 'deadline' | 'quota' | 'lease' | 'cancelled';
      /** ISO 8601, if that is known. */
      readonly resumeAfter?: string;
    }
  /** Nobody knows: its process was killed, or said nothing that can be read. */
  | { readonly status: 'lost'; readonly problem: string };

/** Works at the run of a job for a scheduled time (ISO 8601 UTC); when the signal is aborted it ends as soon as it can in order. */
export type StartRun = (job: string, at: string, signal: AbortSignal) => Promise<Attempt>;

/** What the scheduler remembers, in small items, changed by compare-and-set. The `StateStore` of `@loadin/pipeline` is one. */
export interface SchedulerState {
  get(key: string): Promise<{ readonly value: unknown; readonly revision: string } | undefined>;
  /** `expected`: the revision that is to be replaced, `null` when there is to be none. Throws an error named `RevisionConflictError` when there is another. */
  put(key: string, value: Remembered, expected: string | null): Promise<string>;
}

/** The item `schedule/{job}`. */
export type Remembered = {
  readonly version: 1;
  /** The latest time that was due and is dealt with: begun, done or left out. ISO 8601 UTC. */
  readonly settled: string;
  /** The run that is under way, or waits to be gone on with; null: none. */
  readonly running: RunningRun | null;
  /** How the latest run ended; null: none has yet. */
  readonly last: { readonly at: string; readonly status: 'complete' | 'failed' | 'cancelled'; readonly ended: string } | null;
};

export type RunningRun = {
  readonly at: string;
  /** Not before this time. ISO 8601 UTC; null: at once. */
  readonly resume_after: string | null;
  /** How often it was lost, one time after the other. */
  readonly lost: number;
};

export interface SchedulerOptions {
  readonly jobs: readonly ScheduledJob[];
  readonly run: StartRun;
  readonly state: SchedulerState;
  /** Aborted: runs are told to stop, and nothing is begun any more. */
  readonly signal: AbortSignal;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** One line for each thing that happens. Default: silent. */
  readonly logger?: Logger;
}

export interface SchedulerResult {
  /** Runs that were stopped with the scheduler; the next one goes on with them. */
  readonly unfinished: readonly { readonly job: string; readonly at: string }[];
}
