import { moveCheckpoint, readCheckpoint, type Checkpoint } from '../checkpoint.js';
import { addLedgers, type Ledger } from '../ledger.js';
import type { Plan } from '../plan.js';
import type { StreamReport } from '../report.js';
import { detailsOf, sliceErrorOf, worstOf, type SliceError } from '../slice-error.js';
import { emptyStreamReport, problemsOf, sinkNamesOf, streamReport, type ReportedSlice } from '../stream-report.js';
import { isoSecond } from '../time.js';
import type { Phase } from './phase-options.js';
import { plannedStreams, type PlannedStream } from './planned-streams.js';
import { reportedSlices } from './unfinished.js';

export interface FinishedStream {
  readonly report: StreamReport;
  readonly problems: readonly string[];
  readonly errors: readonly SliceError[];
}

export interface FinishOptions {
  /** When the last attempt began, epoch milliseconds. */
  readonly since: number;
  /** Whether checkpoints may be moved: the job is held. */
  readonly moves: boolean;
  /** What this process knows of slices itself, by stream. */
  readonly own: ReadonlyMap<string, readonly ReportedSlice[]>;
}

/** Reports the streams of a run from the progress of their slices; the checkpoint of each that is finished moves. */
export async function finishStreams(phase: Phase, plan: Plan, options: FinishOptions): Promise<FinishedStream[]> {
  const planned = plannedStreams(phase.job, plan);
  const known = new Map<string, ReportedSlice[]>();
  for (const { jobStream, streamPlan } of planned) {
    const slices = await reportedSlices(phase.state, plan.run_id, streamPlan, sinkNamesOf(jobStream), options.own.get(streamPlan.id));
    known.set(streamPlan.id, slices);
  }
  const finished: FinishedStream[] = [];
  for (const stream of planned) {
    const blocker = stream.after.find((id) => known.get(id)?.some(({ error }) => error !== undefined));
    const slices = known.get(stream.streamPlan.id) ?? [];
    const untouched = slices.every(({ progress }) => progress.began_at === undefined);
    finished.push(blocker !== undefined && untouched ? notStarted(stream, blocker) : await finishStream(phase, plan, stream, slices, options));
  }
  return finished;
}

async function finishStream(
  phase: Phase,
  plan: Plan,
  { jobStream, streamPlan }: PlannedStream,
  slices: readonly ReportedSlice[],
  { since, moves }: FinishOptions,
): Promise<FinishedStream> {
  const errors = slices.flatMap(({ error }) => error ?? []);
  const ledger = addLedgers(
    slices.flatMap(({ progress }) => progress.ledger ?? []),
    sinkNamesOf(jobStream),
  );
  const { checkpoint, error } = await settle(phase, plan, streamPlan.id, ledger, moves && errors.length === 0);
  const report = streamReport(jobStream, streamPlan, slices, { lake: phase.lake, since, checkpoint, ...(error && { error }) });
  const cancelled = worstOf(errors)?.reason === 'cancelled';
  // A stop on purpose is no problem.
  const problems = problemsOf(jobStream, cancelled ? { ...report, error: undefined } : report, ledger);
  return { report, problems, errors: [...errors, ...(error ? [error] : [])] };
}

/** Moves the checkpoint of a stream that is finished, reads that of another. What goes wrong with it is the stream's error. */
async function settle(
  { state, clock, logger }: Phase,
  plan: Plan,
  streamId: string,
  ledger: Ledger,
  moves: boolean,
): Promise<{ checkpoint: Checkpoint | null; error?: SliceError }> {
  try {
    if (!moves) return { checkpoint: (await readCheckpoint(state, plan.job, streamId)) ?? null };
    const next = {
      last_sync_timestamp: plan.scheduled_time,
      record_count: deliveredToAll(ledger),
      updated_at: isoSecond(clock.now()),
      run_id: plan.run_id,
    };
    return { checkpoint: await moveCheckpoint(state, plan.job, streamId, next) };
  } catch (thrown) {
    const error = sliceErrorOf(thrown);
    logger.error(`${streamId}: the checkpoint: ${error.message}`, detailsOf(thrown));
    return { checkpoint: null, error };
  }
}

const deliveredToAll = ({ accepted, sinks }: Ledger): number => Math.min(accepted, ...Object.values(sinks).map((sink) => sink.delivered));

function notStarted({ jobStream, streamPlan }: PlannedStream, blocker: string): FinishedStream {
  const problem = `${streamPlan.id}: not started, because it reads what ${blocker} lands and ${blocker} is not complete`;
  return { problems: [problem], errors: [], report: emptyStreamReport(jobStream, streamPlan, 'not_started') };
}
