import type { Logger } from '@loadin/observability';
import type { Attempt, Remembered, RunningRun } from './types.js';

/** Where nobody says when a run can go on. */
const PAUSE_MS = 60_000;
/** A run that gets lost again and again is not worth more: a person has to look. */
const MOST_LOST = 2;

type After = Pick<Remembered, 'running' | 'last'> | Pick<Remembered, 'running'>;

/** Says how an attempt ended, and what comes of it: `running` is the run when it is to be gone on with. */
export function afterAttempt(job: string, run: RunningRun, ended: Attempt, now: number, logger: Logger): After {
  const fields = { job, at: run.at };
  const over = (status: 'complete' | 'failed' | 'cancelled'): After => ({
    running: null,
    last: { at: run.at, status, ended: new Date(now).toISOString() },
  });
  const later = (resumeAfter: string | undefined, lost: number): RunningRun => {
    const earliest = now + PAUSE_MS * 2 ** Math.max(0, lost - 1);
    const known = resumeAfter === undefined ? Number.NaN : Date.parse(resumeAfter);
    return { at: run.at, resume_after: new Date(Number.isNaN(known) ? earliest : Math.max(known, now + 1_000)).toISOString(), lost };
  };
  if (ended.status === 'complete') {
    logger.info(`${job}: the run of ${run.at} is complete`, fields);
    return over('complete');
  }
  if (ended.status === 'failed') {
    logger.error(`${job}: the run of ${run.at} has failed: ${ended.problem}`, fields);
    return over('failed');
  }
  if (ended.status === 'lost') {
    if (run.lost >= MOST_LOST) {
      logger.error(`${job}: the run of ${run.at} was lost ${run.lost + 1} times and is given up: ${ended.problem}`, fields);
      return over('failed');
    }
    const running = later(undefined, run.lost + 1);
    logger.warn(`${job}: the run of ${run.at} was lost, and is started again at ${running.resume_after}: ${ended.problem}`, fields);
    return { running };
  }
  if (ended.reason === 'cancelled') {
    logger.warn(`${job}: the run of ${run.at} was cancelled, and is left as it is; to go on with it: loadin run ${job} --at ${run.at}`, fields);
    return over('cancelled');
  }
  const running = later(ended.resumeAfter, 0);
  logger.info(`${job}: the run of ${run.at} has stopped (${ended.reason}), and goes on at ${running.resume_after}`, fields);
  return { running };
}
