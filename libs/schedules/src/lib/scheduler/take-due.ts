import type { Logger } from '@loadin/observability';
import { nextDueTime } from '../times/due-times.js';
import { iso, sleepUntil, type LoopContext } from './loop-context.js';
import type { Memory } from './memory.js';
import { missedTimes, type Missed } from './missed.js';
import type { RunningRun, ScheduledJob } from './types.js';

/** A clock that was set back by less is waited for: what was dealt with stays so. */
const FAR_AHEAD_MS = 3_600_000;
/** A machine that has just started may be without the right time for some minutes. */
const PATIENCE_MS = 600_000;

/**
 * Waits until something is due and takes the newest time of it, or the run that another scheduler has begun and nobody has ended; `undefined` when it has to be asked
 * again, for example because another scheduler was faster.
 */
export async function takeDue(job: ScheduledJob, memory: Memory, context: LoopContext): Promise<RunningRun | undefined> {
  const { clock, logger } = context;
  const { name, schedule } = job;
  // Not of this scheduler, which ends a run before it takes the next one.
  if (memory.value.running !== null) await memory.read();
  const { running: theirs, settled } = memory.value;
  const now = clock.now();
  if (Date.parse(settled) - now > FAR_AHEAD_MS) return goBack(job, memory, context);
  const missed = missedTimes(schedule, Date.parse(settled), now);
  if (missed === undefined) {
    await sleepUntil(nextDueTime(schedule, Math.max(Date.parse(settled), now)) ?? Number.POSITIVE_INFINITY, context);
    return undefined;
  }
  if (theirs !== null) {
    logger.warn(`${name}: goes on with the run of ${theirs.at}, which another scheduler has begun and not ended`, { job: name, at: theirs.at });
    return theirs;
  }
  const running: RunningRun = { at: iso(missed.newest), resume_after: null, lost: 0 };
  if (!(await memory.write({ ...memory.value, settled: running.at, running }))) {
    logger.warn(`${name}: another scheduler is at work with this job; ${running.at} is left to it`, { job: name, at: running.at });
    return undefined;
  }
  sayLeftOut(name, missed, logger);
  return running;
}

/**
 * Times are dealt with that are far from due: the clock was wrong then, or is now. When it stays so, it was then, and the job would not run until that time. A run that
 * was complete is found complete, so nothing is done twice.
 */
async function goBack({ name }: ScheduledJob, memory: Memory, context: LoopContext): Promise<undefined> {
  const { clock, logger } = context;
  const { settled } = memory.value;
  const isFar = (): boolean => Date.parse(settled) - clock.now() > FAR_AHEAD_MS;
  logger.warn(`${name}: it is ${iso(clock.now())} by the clock of this machine, and times until ${settled} are dealt with: one of them is wrong`, {
    job: name,
  });
  await sleepUntil(clock.now() + PATIENCE_MS, context);
  if (!isFar()) return;
  const from = new Date(clock.now()).toISOString();
  if (await memory.write({ ...memory.value, settled: from })) logger.warn(`${name}: what is due from ${from} on is run`, { job: name });
}

function sayLeftOut(job: string, { leftOut, newest }: Missed, logger: Logger): void {
  if (leftOut === undefined) return;
  const { count, first, last, more } = leftOut;
  const times = count === 1 ? iso(first) : `${more ? 'more than ' : ''}${count} times from ${iso(first)} to ${iso(last)}`;
  logger.warn(`${job}: ${times} passed without a run and ${count === 1 ? 'is' : 'are'} left out; the run of ${iso(newest)} is made up for`, {
    job,
    left_out: count,
  });
}
