import { readCheckpoint, type Checkpoint } from '../checkpoint.js';
import { settleCheckpoint } from '../cursors/settle-checkpoint.js';
import type { SliceEnd } from '../cursors/types.js';
import { sinkNamesOf } from '../job.js';
import { loadsOf } from '../loads/earlier-load.js';
import { addLedgers, type Ledger } from '../report/ledger.js';
import { mapLimit } from '../map-limit.js';
import type { Plan } from '../plan/plan.js';
import { ledgerFor, reachedFor } from '../slices/progress.js';
import type { StreamReport } from '../report/report.js';
import { detailsOf, sliceErrorOf, worstOf, type SliceError } from '../slices/slice-error.js';
import { emptyStreamReport, problemsOf, streamReport, type ReportedSlice } from '../report/stream-report.js';
import { isoSecond } from '../time.js';
import type { Phase } from './phase-options.js';
import { plannedStreams, type PlannedStream } from './planned-streams.js';
import { reportedSlices } from './unfinished.js';

export interface FinishedStream {
  readonly report: StreamReport;
  readonly problems: readonly string[];
  readonly errors: readonly SliceError[];
}

/** Each takes some calls of the state store. */
const STREAMS_AT_ONCE = 4;

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
  const read = async ({ jobStream, streamPlan }: PlannedStream) =>
    [streamPlan.id, await reportedSlices(phase, plan.run_id, streamPlan, sinkNamesOf(jobStream), options.own.get(streamPlan.id))] as const;
  const known = new Map(await mapLimit(planned, STREAMS_AT_ONCE, read));
  return mapLimit(planned, STREAMS_AT_ONCE, async (stream) => {
    const blocker = stream.after.find((id) => known.get(id)?.some(({ error }) => error !== undefined));
    const slices = known.get(stream.streamPlan.id) ?? [];
    const untouched = slices.every(({ progress }) => progress.began_at === undefined);
    return blocker !== undefined && untouched ? notStarted(stream, blocker) : finishStream(phase, plan, stream, slices, options);
  });
}

async function finishStream(
  phase: Phase,
  plan: Plan,
  stream: PlannedStream,
  slices: readonly ReportedSlice[],
  options: FinishOptions,
): Promise<FinishedStream> {
  const { jobStream, streamPlan } = stream;
  const { checkpoint, error } = await settle(phase, plan, stream, slices, options.moves);
  const facts = { lake: phase.lake, since: options.since, checkpoint, ...(error && { error }) };
  const report = streamReport(jobStream, streamPlan, slices, facts);
  const errors = [...slices.flatMap((slice) => slice.error ?? []), ...(error ? [error] : [])];
  const cancelled = worstOf(errors)?.reason === 'cancelled';
  // A stop on purpose is no problem.
  const problems = problemsOf(jobStream, cancelled ? { ...report, error: undefined } : report, report.ledger);
  return { report, problems, errors };
}

/** Moves the checkpoint as far as the slices have come; only reads it when another process has the job. What goes wrong with it is the stream's error. */
async function settle(
  { state, clock, logger }: Phase,
  plan: Plan,
  { jobStream, streamPlan }: PlannedStream,
  slices: readonly ReportedSlice[],
  moves: boolean,
): Promise<{ checkpoint: Checkpoint | null; error?: SliceError }> {
  try {
    if (!moves) return { checkpoint: (await readCheckpoint(state, plan.job, streamPlan.id)) ?? null };
    const names = sinkNamesOf(jobStream);
    const ends = streamPlan.slices.map((slice, index): SliceEnd => {
      const { progress, error } = slices[index] ?? {};
      const reached = progress && reachedFor(progress, names);
      return { slice, finished: progress !== undefined && error === undefined, ...(reached && { reached }) };
    });
    const ledgers = slices.flatMap(({ progress }) => ledgerFor(progress, names) ?? []);
    const recordCount = deliveredToAll(addLedgers(ledgers, names));
    const complete = ends.every(({ finished }) => finished);
    const settling = { plan, streamPlan, stream: jobStream.stream, slices: ends, complete, recordCount, now: isoSecond(clock.now()) };
    const checkpoint = await settleCheckpoint(state, settling);
    if (complete) await jobStream.loader?.history?.settled(loadsOf(plan.job, jobStream), plan.run_id);
    return { checkpoint };
  } catch (thrown) {
    const error = sliceErrorOf(thrown);
    logger.error(`${streamPlan.id}: the checkpoint: ${error.message}`, detailsOf(thrown));
    return { checkpoint: null, error };
  }
}

const deliveredToAll = ({ accepted, sinks }: Ledger): number => Math.min(accepted, ...Object.values(sinks).map((sink) => sink.delivered));

function notStarted({ jobStream, streamPlan }: PlannedStream, blocker: string): FinishedStream {
  const problem = `${streamPlan.id}: not started, because it reads what ${blocker} lands and ${blocker} is not complete`;
  return { problems: [problem], errors: [], report: emptyStreamReport(jobStream, streamPlan, 'not_started') };
}
