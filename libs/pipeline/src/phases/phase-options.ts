import { silentLogger, type Logger } from '@loadin/observability';
import { type Clock, systemClock } from '@loadin/resilience';
import type { RunObserver } from '../events.js';
import { checkJob } from './check-job.js';
import type { Job } from '../job.js';
import { ownerName } from '../leases/owner-name.js';
import type { LeaseOptions } from '../leases/types.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { StateStore } from '../ports/state-store.js';

/** What every phase of a run needs. */
export interface PhaseOptions {
  readonly job: Job;
  readonly lake: ObjectStore;
  readonly state: StateStore;
  /** Where the job's lease is held. Default `state`; a dry run, whose `state` keeps nothing, gives the real one. */
  readonly leases?: StateStore;
  /** Milliseconds that a lease lasts. Default 30,000. */
  readonly leaseMs?: number;
  /** Nothing durable is behind `lake`, `state` and the sinks; the report says so. Default false. */
  readonly dryRun?: boolean;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly observe?: RunObserver;
  /** Ends the work at a batch boundary; abort with a `StopError` as reason to have it named in the report. */
  readonly signal?: AbortSignal;
}

/** The options with their defaults, and who this process is. */
export interface Phase {
  readonly job: Job;
  readonly lake: ObjectStore;
  readonly state: StateStore;
  readonly dryRun: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observe: RunObserver;
  readonly signal: AbortSignal;
  /** How it holds the job, and how its slices. */
  readonly jobLeases: LeaseOptions;
  readonly sliceLeases: LeaseOptions;
}

/** Throws `FatalError` for a job that can't be run. */
export function openPhase(options: PhaseOptions): Phase {
  const { job, lake, state, dryRun = false, clock = systemClock, logger = silentLogger, observe = () => undefined } = options;
  checkJob(job);
  const leases = { owner: ownerName(), clock, logger, ...(options.leaseMs !== undefined && { lengthMs: options.leaseMs }) };
  return {
    job,
    lake,
    state,
    dryRun,
    clock,
    logger,
    observe,
    signal: options.signal ?? new AbortController().signal,
    jobLeases: { ...leases, state: options.leases ?? state },
    sliceLeases: { ...leases, state },
  };
}

/** Held while a run of the job is planned, and while one is finished. */
export const jobLeaseKey = ({ name }: Job): string => `lease/job/${name}`;
