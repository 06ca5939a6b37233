import { FatalError } from '@loadin/resilience';
import { sinkNamesOf } from '../job.js';
import { createDeadline } from '../slices/deadline.js';
import type { Ledger } from '../report/ledger.js';
import { addLedgers } from '../report/ledger.js';
import { isFinished, ledgerFor } from '../slices/progress.js';
import { reportedError, sliceErrorOf, type SliceError } from '../slices/slice-error.js';
import { createSlots } from '../slices/slots.js';
import { createStreamSlices } from '../slices/stream-slices.js';
import type { ReportedError, RunReport, RunStatus } from '../report/report.js';
import { checkLayouts } from '../plan/sink-layouts.js';
import { storedPlan } from './finish-run.js';
import { openPhase, type PhaseOptions } from './phase-options.js';
import { planOf } from './planned-streams.js';

export interface RunSliceOptions extends PhaseOptions {
  readonly runId: string;
  readonly stream: string;
  /** Its ordinal. */
  readonly slice: number;
}

/** What became of a slice. The same is durable with its progress: whoever finishes the run reads it there. */
export interface SliceReport {
  readonly run_id: string;
  readonly stream: string;
  readonly slice: number;
  readonly name: string;
  readonly status: RunStatus;
  /** Of a slice that stopped. */
  readonly reason?: RunReport['reason'];
  readonly resume_after?: string;
  readonly ledger: Ledger;
  readonly error?: ReportedError;
}

/**
 * The middle phase of a run: reads and delivers one slice of its plan while it holds it; waits for it when somebody else does, and answers what that one came to.
 * Throws `FatalError` (nothing was read) for a run without a plan, a stream or slice that it does not have, a sink with another layout than that of the plan; what happens later is in the report.
 */
export async function runPlannedSlice(options: RunSliceOptions): Promise<SliceReport> {
  const phase = openPhase(options);
  const { lake, state, clock, signal, observe } = phase;
  const plan = await storedPlan(phase, options.runId);
  const streamPlan = planOf(plan, options.stream);
  const jobStream = phase.job.streams.find(({ stream }) => stream.id === options.stream);
  const slice = streamPlan.slices.find(({ ordinal }) => ordinal === options.slice);
  if (jobStream === undefined) throw new FatalError(`the job ${phase.job.name} has no stream ${options.stream}`);
  if (slice === undefined) {
    throw new FatalError(`${options.stream} has no slice ${options.slice} in this run`, {
      hint: `It has: ${streamPlan.slices.map(({ ordinal }) => ordinal).join(', ')}.`,
    });
  }
  await checkLayouts(state, plan.run_id, jobStream, streamPlan);
  const logger = phase.logger.child({ run_id: plan.run_id, stream: streamPlan.id });
  const { progress, error } = await createStreamSlices(jobStream, streamPlan, {
    ...{ plan, lake, state, clock, signal, observe },
    logger,
    leases: phase.sliceLeases,
    slots: createSlots({ perStream: 1, overall: 1 }),
    deadline: createDeadline(undefined),
  }).one(slice);
  const done = error === undefined && isFinished(progress, sinkNamesOf(jobStream));
  const ledger = ledgerFor(progress, sinkNamesOf(jobStream)) ?? addLedgers([], sinkNamesOf(jobStream));
  if (done) logger.info(`Completed: ${streamPlan.id} slice ${slice.name}`, { slice: slice.ordinal, read: ledger.read, sinks: ledger.sinks });
  return {
    ...{ run_id: plan.run_id, stream: streamPlan.id, slice: slice.ordinal, name: slice.name },
    ...(done ? { status: 'complete' as const } : statusOf(sliceErrorOf(error))),
    ledger,
    ...(error !== undefined && { error: reportedError(sliceErrorOf(error)) }),
  };
}

const statusOf = ({ action, reason, resume_after }: SliceError): Pick<SliceReport, 'status' | 'reason' | 'resume_after'> =>
  action === 'stop' ? { status: 'stopped', reason, ...(resume_after !== undefined && { resume_after }) } : { status: 'failed' };
