import type { Logger } from '@loadin/observability';
import type { Clock } from '@loadin/resilience';
import { nextDueTime } from '../times/due-times.js';
import { openMemory, type Memory } from './memory.js';
import { missedTimes, type Missed } from './missed.js';
import { afterAttempt } from './after-attempt.js';
import type { Attempt, Remembered, RunningRun, ScheduledJob, SchedulerState, StartRun } from './types.js';

export interface LoopContext {
  readonly run: StartRun;
  readonly state: SchedulerState;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The longest sleep: a machine that was suspended, or whose clock was set, finds out within a minute. */
const LONGEST_SLEEP_MS = 60_000;

export const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/** One job until the signal is aborted: waits, starts, goes on. Answers the run that was stopped with it. */
export async function runJobWhenDue(job: ScheduledJob, context: LoopContext): Promise<{ job: string; at: string } | undefined> {
  const { logger, signal } = context;
  const { name } = job;
  const memory = await openMemory({ ...context, job: name });
  // What is remembered as under way was so in a process that is gone; whoever still works at it holds a lease, and is waited for.
  let running = memory.value.running ?? undefined;
  if (running !== undefined) logger.info(`${name}: goes on with the run of ${running.at}`, { job: name, at: running.at });
  sayNext(job, context, running);
  while (!signal.aborted) {
    try {
      if (running === undefined) {
        running = await takeDue(job, memory, context);
        continue;
      }
      await sleepUntil(running.resume_after === null ? 0 : Date.parse(running.resume_after), context);
      running = await attempt(job, running, memory, context);
      if (running === undefined) sayNext(job, context);
    } catch (error) {
      // A sleep or a write ends so when the scheduler does.
      if (!signal.aborted) throw error;
    }
  }
  return running === undefined ? undefined : { job: name, at: running.at };
}

function sayNext({ name, schedule }: ScheduledJob, { clock, logger }: LoopContext, running?: RunningRun): void {
  if (running !== undefined) return;
  const next = nextDueTime(schedule, clock.now());
  logger.info(next === undefined ? `${name}: is never due again` : `${name}: next run at ${iso(next)}`, { job: name });
}

/** Waits until something is due and takes the newest time of it; `undefined` when another scheduler was faster. */
async function takeDue({ name, schedule }: ScheduledJob, memory: Memory, context: LoopContext): Promise<RunningRun | undefined> {
  const { clock, logger } = context;
  const settled = Date.parse(memory.value.settled);
  const missed = missedTimes(schedule, settled, clock.now());
  if (missed === undefined) {
    await sleepUntil(nextDueTime(schedule, Math.max(settled, clock.now())) ?? Number.POSITIVE_INFINITY, context);
    return undefined;
  }
  const running: RunningRun = { at: iso(missed.newest), resume_after: null, lost: 0 };
  if (!(await memory.write({ ...memory.value, settled: running.at, running }))) {
    logger.warn(`${name}: another scheduler is at work with this job; ${running.at} is left to it`, { job: name, at: running.at });
    return undefined;
  }
  sayLeftOut(name, missed, logger);
  return running;
}

function sayLeftOut(job: string, { leftOut, newest }: Missed, logger: Logger): void {
  if (leftOut === undefined) return;
  const { count, first, last } = leftOut;
  const times = count === 1 ? iso(first) : `${count} times from ${iso(first)} to ${iso(last)}`;
  logger.warn(`${job}: ${times} passed without a run and ${count === 1 ? 'is' : 'are'} left out; the run of ${iso(newest)} is made up for`, {
    job,
    left_out: count,
  });
}

/** One attempt at a run, and what is remembered of it. Answers the run when it is to be gone on with. */
async function attempt(job: ScheduledJob, running: RunningRun, memory: Memory, context: LoopContext): Promise<RunningRun | undefined> {
  const { clock, logger, signal } = context;
  logger.info(`${job.name}: starting the run of ${running.at}`, { job: job.name, at: running.at });
  const busy = new AbortController();
  void sayWaiting(job, running, context, busy.signal);
  const ended = await started(context, job.name, running.at).finally(() => busy.abort());
  if (signal.aborted && ended.status === 'stopped') {
    logger.info(`${job.name}: the run of ${running.at} has stopped; the next start goes on with it`, { job: job.name, at: running.at });
    return running;
  }
  const after = afterAttempt(job.name, running, ended, clock.now(), logger);
  await note(job, memory, { ...memory.value, ...after }, context);
  return after.running ?? undefined;
}

async function started({ run, signal }: LoopContext, job: string, at: string): Promise<Attempt> {
  try {
    return await run(job, at, signal);
  } catch (error) {
    return { status: 'lost', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** What happened is noted also by a scheduler that is about to end. */
async function note({ name }: ScheduledJob, memory: Memory, value: Remembered, { logger, signal }: LoopContext): Promise<void> {
  try {
    if (!(await memory.write(value))) logger.warn(`${name}: another scheduler is at work with this job`, { job: name });
  } catch (error) {
    if (!signal.aborted) throw error;
    logger.warn(`${name}: that its run has ended could not be noted; the next start finds the run complete`, { job: name });
  }
}

/** Says of each time that comes while a run is under way that it waits. */
async function sayWaiting({ name, schedule }: ScheduledJob, running: RunningRun, { clock, logger }: LoopContext, busy: AbortSignal): Promise<void> {
  try {
    for (let next = nextDueTime(schedule, clock.now()); next !== undefined; next = nextDueTime(schedule, next)) {
      while (clock.now() < next) await clock.sleep(Math.min(next - clock.now(), LONGEST_SLEEP_MS), busy, { background: true });
      logger.info(`${name}: ${iso(next)} is due and waits, since the run of ${running.at} is under way`, { job: name, at: iso(next) });
    }
  } catch (error) {
    if (!busy.aborted) throw error;
  }
}

async function sleepUntil(time: number, { clock, signal }: LoopContext): Promise<void> {
  for (let left = time - clock.now(); left > 0; left = time - clock.now()) await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal);
}
