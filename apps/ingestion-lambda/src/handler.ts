import { loadEnvironment, readSettings } from '@loadin/config';
import { loggerFrom } from '@loadin/observability';
import { finishNamedJob, planNamedJob, runNamedJob, runNamedSlice, type NamedJobOptions } from '@loadin/jobs';
import { earlyStop } from '@loadin/pipeline';
import { FatalError, LoadinError, StopError } from '@loadin/resilience';
import { createTracedWork } from '@loadin/tracing';
import { answerOf, planAnswer, sliceAnswer, stoppedAnswer, type IngestionAnswer, type PlanAnswer, type SliceAnswer } from './answer.js';
import { parseEvent, type IngestionEvent } from './event.js';
import { createLambdaLogger, printMetrics } from './logging.js';

/** Kept free for the batch under way, the report and the log: then the run stops resumably. Of a short time a third, so that a run gets somewhere. */
const RESERVE_MS = 20_000;
const RESERVE_SHARE = 1 / 3;

/** With so much memory a function has more than one processor (1,769 MB are one: docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const TWO_THREADS_MB = 2_048;

/** Bundled beside this module. */
const threadFile = new URL('./encoder-thread.mjs', import.meta.url);

/** The part of Lambda's context that is used. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
  readonly memoryLimitInMB: string;
  readonly awsRequestId?: string;
}

/** Hardly ever used: made when it is. */
const lateLogger = loggerFrom((severity, message, fields) => createLambdaLogger('warn')[severity](message, fields));
const traced = createTracedWork({ env: process.env, serviceName: 'loadin-ingestion', logger: lateLogger });

/** Runs a job, or a phase of it. What goes wrong before the first page is the function's error; a stop at any time, and what happens later, is in the answer. */
export async function handler(event: unknown, context: InvocationContext): Promise<IngestionAnswer | PlanAnswer | SliceAnswer> {
  const time = timeOf(context);
  const work = {
    name: 'loadin.invocation',
    attributes: { 'faas.invocation_id': context.awsRequestId },
    calledBy: process.env['_X_AMZN_TRACE_ID'],
    leftMs: () => context.getRemainingTimeInMillis(),
  };
  try {
    return await traced(work, async (span) => {
      const answered = await invoke(event, context, time);
      span.set({ 'loadin.job': answered.job, 'loadin.run_id': answered.run_id ?? undefined, 'loadin.status': answered.status });
      if (answered.status === 'failed') span.fail(new FatalError(answered.problems.join(' · ') || 'failed'));
      return answered;
    });
  } catch (error) {
    throw functionError(error);
  } finally {
    time.clear();
  }
}

async function invoke(event: unknown, context: InvocationContext, time: InvocationTime): Promise<IngestionAnswer | PlanAnswer | SliceAnswer> {
  const wanted = parseEvent(event);
  const environment = loadEnvironment({ cwd: process.cwd(), env: process.env });
  const settings = readSettings(environment, []);
  const job = wanted.job_type ?? settings.job;
  if (job === undefined)
    throw new FatalError('Which job? Neither job_type in the event nor LOADIN_JOB names one', { hint: 'Send {"job_type": "daily"}.' });
  const encoder = { threadFile, ...(Number(context.memoryLimitInMB) < TWO_THREADS_MB && { threads: 0 }) };
  const logger = createLambdaLogger(settings.logLevel);
  const shared = { job, environment, logger, metrics: printMetrics, signal: time.signal, encoder };
  return answer(wanted, shared, time.left).catch((error: unknown) => stopped(wanted, shared, error));
}

async function answer(wanted: IngestionEvent, shared: NamedJobOptions, left: () => number): Promise<IngestionAnswer | PlanAnswer | SliceAnswer> {
  const { job } = shared;
  const { phase = 'run', run_id: runId = '', stream = '', slice = 0 } = wanted;
  if (phase === 'slice') return sliceAnswer(job, await runNamedSlice({ ...shared, runId, stream, slice }));
  if (phase === 'finish') return answerOf(await finishNamedJob({ ...shared, runId }));
  const run = {
    ...shared,
    at: wanted.scheduled_time ?? wanted.time,
    streams: wanted.entity === undefined ? undefined : [wanted.entity],
    // Unsaid, the setting LOAD_TYPE counts.
    fullRefresh: wanted.load_type === undefined ? undefined : wanted.load_type === 'full',
  };
  if (phase === 'run') return answerOf(await runNamedJob({ ...run, deadline: left }));
  return planAnswer(await planNamedJob({ ...run, eventOf: (one) => ({ job_type: job, phase: 'slice', ...one }) }));
}

/** What is no stop is thrown again. */
function stopped(wanted: IngestionEvent, { job, logger }: NamedJobOptions, error: unknown): IngestionAnswer | PlanAnswer | SliceAnswer {
  const stop = earlyStop(error);
  if (stop === undefined) throw error;
  logger?.info(`Stopped before it began: ${job}`, { reason: stop.reason, problems: stop.problems });
  return stoppedAnswer(wanted, job, stop);
}

interface InvocationTime {
  /** Aborted when what is left is needed to end in order. */
  readonly signal: AbortSignal;
  /** Milliseconds until then. */
  readonly left: () => number;
  readonly clear: () => void;
}

function timeOf(context: InvocationContext): InvocationTime {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new StopError("the invocation's time was nearly over", { reason: 'deadline' }));
  const remaining = context.getRemainingTimeInMillis();
  const reserve = Math.min(RESERVE_MS, remaining * RESERVE_SHARE);
  const timer = setTimeout(stop, remaining - reserve);
  return { signal: controller.signal, left: () => context.getRemainingTimeInMillis() - reserve, clear: () => clearTimeout(timer) };
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
