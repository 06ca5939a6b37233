import { nextDueTime } from '../times/due-times.js';
import { afterAttempt } from './after-attempt.js';
import { iso, LONGEST_SLEEP_MS, sleepUntil, type LoopContext } from './loop-context.js';
import { openMemory, type Memory } from './memory.js';
import { takeDue } from './take-due.js';
import type { Attempt, Remembered, RunningRun, ScheduledJob } from './types.js';

/** One job until the signal is aborted: waits, starts, goes on. Answers the run that was stopped with it. */
export async function runJobWhenDue(job: ScheduledJob, context: LoopContext): Promise<{ job: string; at: string } | undefined> {
  const { logger, signal } = context;
  const { name } = job;
  const memory = await openMemory({ ...context, job: name });
  // What is remembered as under way was so in a process that is gone; whoever still works at it holds a lease, and is waited for.
  let running = memory.value.running ?? undefined;
  if (running !== undefined) logger.info(`${name}: goes on with the run of ${running.at}`, { job: name, at: running.at });
  if (running === undefined) sayNext(job, memory, context);
  while (!signal.aborted) {
    try {
      if (running === undefined) {
        running = await takeDue(job, memory, context);
        continue;
      }
      await sleepUntil(running.resume_after === null ? 0 : Date.parse(running.resume_after), context);
      running = await attempt(job, running, memory, context);
      if (running === undefined) sayNext(job, memory, context);
    } catch (error) {
      // A sleep or a write ends so when the scheduler does.
      if (!signal.aborted) throw error;
    }
  }
  return running === undefined ? undefined : { job: name, at: running.at };
}

function sayNext({ name, schedule }: ScheduledJob, { value: { settled } }: Memory, { clock, logger }: LoopContext): void {
  const next = nextDueTime(schedule, Math.max(Date.parse(settled), clock.now()));
  logger.info(next === undefined ? `${name}: is never due again` : `${name}: next run at ${iso(next)}`, { job: name });
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
  await note(job, running, after, memory, context);
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
async function note(
  { name }: ScheduledJob,
  { at }: RunningRun,
  after: Partial<Remembered>,
  memory: Memory,
  { logger, signal }: LoopContext,
): Promise<void> {
  try {
    while (!(await memory.write({ ...memory.value, ...after }))) {
      // Another scheduler that waits for the same run is told how it has ended.
      if (after.running === null && memory.value.running?.at === at) continue;
      return logger.warn(`${name}: another scheduler is at work with this job`, { job: name });
    }
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
