import { silentLogger } from '@loadin/observability';
import { systemClock } from '@loadin/resilience';
import { runJobWhenDue } from './job-loop.js';
import type { SchedulerOptions, SchedulerResult } from './types.js';

/**
 * Starts each job when it is due, until the signal is aborted. Jobs don't wait for each other; of one job never two runs are under way. Resolves when all that was
 * under way has ended; rejects at the start when what is remembered can't be read, after the other jobs have been stopped.
 */
export async function runScheduler(options: SchedulerOptions): Promise<SchedulerResult> {
  const { jobs, run, state, clock = systemClock, logger = silentLogger, signal: stopped } = options;
  const broken = new AbortController();
  const signal = AbortSignal.any([stopped, broken.signal]);
  const loops = jobs.map(async (job) => {
    try {
      return await runJobWhenDue(job, { run, state, clock, logger, signal });
    } catch (error) {
      broken.abort(error);
      throw error;
    }
  });
  const unfinished = await Promise.allSettled(loops);
  const failed = unfinished.find((loop) => loop.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return { unfinished: unfinished.flatMap((loop) => (loop.status === 'fulfilled' && loop.value !== undefined ? [loop.value] : [])) };
}
