import { inSpan } from '@loadin/observability';
import type { StreamOfJob } from '../job.js';
import type { StreamPlan } from '../plan/plan.js';
import { ENDED, type StreamReport } from '../report/report.js';
import { sliceErrorOf, worstOf, type SliceError } from './slice-error.js';
import type { SlicesContext } from './slices-context.js';
import { streamReport, type ReportedSlice } from '../report/stream-report.js';
import { createStreamSlices } from './stream-slices.js';

export interface StreamOutcome {
  /** Without a checkpoint: that moves when the run is finished. */
  readonly report: StreamReport;
  /** What each slice came to in this process, in the order of the plan. */
  readonly slices: readonly ReportedSlice[];
  /** The first error by importance: a fatal one before a stop. */
  readonly error?: SliceError;
}

/** Runs all slices of one stream. Never rejects: other streams go on meanwhile, and what this one came to is in its outcome. */
export async function runStream(jobStream: StreamOfJob, streamPlan: StreamPlan, context: SlicesContext): Promise<StreamOutcome> {
  return inSpan('loadin.stream', { 'loadin.stream': streamPlan.id, 'loadin.slices': streamPlan.slices.length }, async (span) => {
    const outcome = await run(jobStream, streamPlan, context);
    const { status, ledger } = outcome.report;
    span.set({ 'loadin.status': status, 'loadin.read': ledger.read, 'loadin.accepted': ledger.accepted, 'loadin.rejected': ledger.rejected });
    if (outcome.error !== undefined) span.fail(outcome.error);
    return outcome;
  });
}

async function run(jobStream: StreamOfJob, streamPlan: StreamPlan, context: SlicesContext): Promise<StreamOutcome> {
  const { observe, clock, lake } = context;
  const since = clock.now();
  const logger = context.logger.child({ stream: streamPlan.id });
  observe({ type: 'stream-started', stream: streamPlan.id, slices: streamPlan.slices.length });
  logger.info(`Starting: ${streamPlan.id}`);
  const outcomes = await createStreamSlices(jobStream, streamPlan, { ...context, logger }).all();
  const slices = outcomes.map(({ progress, error }): ReportedSlice => ({ progress, ...(error !== undefined && { error: sliceErrorOf(error) }) }));
  const report = streamReport(jobStream, streamPlan, slices, { lake, since, checkpoint: null });
  logger.info(`${ENDED[report.status]}: ${streamPlan.id}`, { status: report.status, ...report.ledger });
  observe({ type: 'stream-ended', stream: streamPlan.id, report });
  const error = worstOf(slices.flatMap((slice) => slice.error ?? []));
  return { report, slices, ...(error !== undefined && { error }) };
}
