import { loadEnvironment, readSettings } from '@loadin/config';
import { runNamedJob } from '@loadin/jobs';
import { FatalError, LoadinError, StopError } from '@loadin/resilience';
import { answerOf, type IngestionAnswer } from './answer.js';
import { parseEvent } from './event.js';
import { createLambdaLogger } from './logging.js';

/** Kept free for the batch under way, the report and the log: then the run stops resumably. Of a short time a third, so that a run gets somewhere. */
const RESERVE_MS = 20_000;
const RESERVE_SHARE = 1 / 3;

/** The part of Lambda's context that is used. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Runs a job. What goes wrong before the first page is the function's error; what happens later is in the answer. */
export async function handler(event: unknown, context: InvocationContext): Promise<IngestionAnswer> {
  const deadline = deadlineOf(context);
  try {
    const wanted = parseEvent(event);
    const environment = loadEnvironment({ cwd: process.cwd(), env: process.env });
    const settings = readSettings(environment, []);
    const job = wanted.job_type ?? settings.job;
    if (job === undefined)
      throw new FatalError('Which job? Neither job_type in the event nor LOADIN_JOB names one', { hint: 'Send {"job_type": "daily"}.' });
    const report = await runNamedJob({
      job,
      environment,
      at: wanted.scheduled_time ?? wanted.time,
      streams: wanted.entity === undefined ? undefined : [wanted.entity],
      logger: createLambdaLogger(settings.logLevel),
      signal: deadline.signal,
    });
    return answerOf(report);
  } catch (error) {
    throw functionError(error);
  } finally {
    deadline.clear();
  }
}

function deadlineOf(context: InvocationContext): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new StopError("the invocation's time is nearly over", { reason: 'deadline' }));
  const remaining = context.getRemainingTimeInMillis();
  const timer = setTimeout(stop, remaining - Math.min(RESERVE_MS, remaining * RESERVE_SHARE));
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** One line that says what, where and what to do; Lambda shows name and message of what is thrown. The stack of a user's mistake helps nobody. */
function functionError(error: unknown): unknown {
  if (!(error instanceof LoadinError)) return error;
  const parts = [error.message, error.where, error.hint].filter((part) => part !== undefined);
  const shown = new Error(parts.join(' · ').replaceAll(/\s*\n\s*/g, ' '));
  shown.name = error.name;
  shown.stack = `${shown.name}: ${shown.message}`;
  return shown;
}
