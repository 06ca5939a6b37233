import { StopError } from '@loadin/resilience';
import { RevisionConflictError } from '../errors.js';
import { runId, type RunIdentity } from '../identity.js';
import type { JsonObject } from '../ports/json.js';
import type { StateStore } from '../ports/state-store.js';
import { isoSecond } from '../time.js';

/** What the state store knows of a run. */
export interface RunRecord {
  readonly run_id: string;
  readonly job: string;
  readonly scheduled_time: string;
  readonly repetition: number;
  readonly status: 'running' | 'complete' | 'failed' | 'stopped';
  /** How many processes have tried it so far. */
  readonly attempts: number;
  /** When the first attempt began, ISO 8601 UTC. */
  readonly started_at: string;
  /** When the last one began, ISO 8601 UTC with milliseconds, and how long it planned. Runs of earlier versions lack it. */
  readonly attempt_at?: string;
  readonly planning_ms?: number;
}

export interface RunRequest {
  readonly job: string;
  readonly only?: readonly string[];
  /** The scheduled time; without it the job's unfinished manual run is continued, or a new one begins now. */
  readonly at?: string;
  /** Make a new run although this one is complete. */
  readonly again?: boolean;
}

export interface FoundRun {
  readonly record: RunRecord;
  readonly revision: string | null;
}

/** An unfinished manual run that is older than this is left for good: its sources have moved on. */
const CONTINUE_WITHIN_MS = 24 * 60 * 60 * 1000;

/** Where the records of all runs lie. */
export const RUNS = 'run/';

const runKey = (id: string): string => `${RUNS}${id}`;
const manualKey = (request: RunRequest): string =>
  `manual/${request.job}${request.only === undefined ? '' : `/${[...request.only].sort().join(',')}`}`;

export async function readRunRecord(state: StateStore, id: string): Promise<RunRecord | undefined> {
  return (await readRun(state, id))?.record;
}

export async function readRun(state: StateStore, id: string): Promise<FoundRun | undefined> {
  const item = await state.get(runKey(id));
  return item && { record: item.value as unknown as RunRecord, revision: item.revision };
}

/** Which run this is: the same answer for a retry, whoever asks. Writes nothing. */
export async function findRun(state: StateStore, request: RunRequest, now: number): Promise<FoundRun> {
  if (request.at === undefined) return findManualRun(state, request, now);
  for (let repetition = 1; ; repetition += 1) {
    const found = await lookUp(state, { job: request.job, only: request.only, scheduledTime: request.at, repetition }, now);
    if (found.record.status !== 'complete' || !request.again) return found;
  }
}

async function findManualRun(state: StateStore, request: RunRequest, now: number): Promise<FoundRun> {
  const pointer = (await state.get(manualKey(request)))?.value as unknown as Pick<RunRecord, 'run_id'> | undefined;
  const item = pointer === undefined ? undefined : await state.get(runKey(pointer.run_id));
  const last = item?.value as unknown as RunRecord | undefined;
  const unfinished = last !== undefined && last.status !== 'complete' && now - Date.parse(last.started_at) < CONTINUE_WITHIN_MS;
  if (unfinished && !request.again) return { record: last, revision: item?.revision ?? null };
  const scheduledTime = isoSecond(now);
  // Two manual runs within one second are two runs.
  for (let repetition = 1; ; repetition += 1) {
    const found = await lookUp(state, { job: request.job, only: request.only, scheduledTime, repetition }, now);
    if (found.revision === null) return found;
  }
}

async function lookUp(state: StateStore, identity: RunIdentity, now: number): Promise<FoundRun> {
  const id = runId(identity);
  const item = await state.get(runKey(id));
  if (item !== undefined) return { record: item.value as unknown as RunRecord, revision: item.revision };
  const { job, scheduledTime, repetition } = identity;
  return {
    record: { run_id: id, job, scheduled_time: scheduledTime, repetition, status: 'running', attempts: 0, started_at: isoSecond(now) },
    revision: null,
  };
}

/** Counts a new attempt. A manual run is remembered, so that the next call without a time continues it. */
export async function beginAttempt(state: StateStore, request: RunRequest, found: FoundRun, began: number, now: number): Promise<FoundRun> {
  const record: RunRecord = {
    ...found.record,
    status: 'running',
    attempts: found.record.attempts + 1,
    attempt_at: new Date(began).toISOString(),
    planning_ms: Math.max(0, now - began),
  };
  const revision = await state.put(runKey(record.run_id), record as unknown as JsonObject, found.revision).catch((error: unknown) => {
    if (!(error instanceof RevisionConflictError)) throw error;
    const hint = 'Wait until it has ended; the same command then goes on, or shows its report.';
    throw new StopError('another copy of this run has begun at the same moment', {
      reason: 'lease',
      where: `run ${record.run_id}`,
      hint,
      cause: error,
    });
  });
  if (request.at === undefined) await point(state, manualKey(request), { run_id: record.run_id });
  return { record, revision };
}

/**
 * Notes how the attempt ended. `false`: another copy of the run has begun meanwhile, and what it says counts; only that the run is complete is
 * noted in any case, because nothing takes that back.
 */
export async function endAttempt(state: StateStore, running: FoundRun, status: RunRecord['status']): Promise<boolean> {
  const key = runKey(running.record.run_id);
  let { record, revision } = running;
  for (;;) {
    try {
      await state.put(key, { ...record, status } as unknown as JsonObject, revision);
      return true;
    } catch (error) {
      if (!(error instanceof RevisionConflictError)) throw error;
      if (status !== 'complete') return false;
      const item = await state.get(key);
      if (item === undefined) throw error;
      record = item.value as unknown as RunRecord;
      revision = item.revision;
    }
  }
}

async function point(state: StateStore, key: string, value: JsonObject): Promise<void> {
  for (;;) {
    const item = await state.get(key);
    try {
      await state.put(key, value, item?.revision ?? null);
      return;
    } catch (error) {
      if (!(error instanceof RevisionConflictError)) throw error;
    }
  }
}
