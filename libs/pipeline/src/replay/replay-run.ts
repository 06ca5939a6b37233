import { createMeter, type Logger } from '@loadin/observability';
import { actionOf, type Clock, StopError } from '@loadin/resilience';
import { createClaims } from '../claims.js';
import type { RunObserver } from '../events.js';
import type { JobStream } from '../job.js';
import { mapLimit } from '../map-limit.js';
import { LandingGoneError } from '../page-groups.js';
import type { Plan, StreamPlan } from '../plan.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { StateStore } from '../ports/state-store.js';
import type { Slice } from '../ports/stream.js';
import { readReport, type RunReport } from '../report.js';
import { addLedgers } from '../ledger.js';
import { datasets, emptyStreamReport, problemsOf, reportedError } from '../stream-report.js';
import { runStream } from '../stream-run.js';
import { openStreamReplay, type ReplayRecord } from './replay-record.js';
import { objectChanges, readReplayedRun, recordChanges, type ReplayedRun, type ReplayedStream } from './replay-report.js';
import { sliceReplay } from './slice-replay.js';
import { surveySlice, type SliceSurvey } from './survey.js';
import { earlierSurveys, keepSurvey } from './survey-store.js';

export interface ReplayRunContext {
  readonly replayId: string;
  readonly lake: ObjectStore;
  readonly state: StateStore;
  readonly dryRun: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observe: RunObserver;
  readonly signal: AbortSignal;
  readonly concurrency: number;
}

/** A stream of a run that is to be replayed. */
export interface StreamToReplay {
  readonly jobStream: JobStream;
  readonly streamPlan: StreamPlan;
}

export type RunOutcome = Pick<ReplayedRun, 'status' | 'skipped_because' | 'reason' | 'already_complete' | 'problems' | 'streams'>;

interface SurveyedStream extends StreamToReplay {
  readonly record: ReplayRecord;
  readonly surveys: ReadonlyMap<number, SliceSurvey>;
  /** An earlier attempt made the same of the landed pages. */
  readonly known: boolean;
}

/**
 * Delivers a complete run again from its landed pages. All of its slices are looked at first, so that a run whose pages are gone is left alone as a
 * whole. What goes wrong is in the outcome.
 */
export async function replayRun(plan: Plan, streams: readonly StreamToReplay[], context: ReplayRunContext): Promise<RunOutcome> {
  const { state, lake, replayId, dryRun } = context;
  try {
    const report = await readReport(lake, plan.job, plan.run_id);
    const surveyed: SurveyedStream[] = [];
    for (const one of streams) {
      const record = await openStreamReplay(state, plan.run_id, one.streamPlan.id, replayId);
      surveyed.push({ ...one, record, ...(await surveyStream(plan, one, record.number, report, context)) });
    }
    const done = surveyed.every(({ record, known }) => record.status === 'complete' && known);
    const stored = done ? await readReplayedRun(lake, plan.job, plan.run_id, replayId) : undefined;
    if (stored !== undefined) return { ...stored, already_complete: true };
    const replayed: { report: ReplayedStream; problems: readonly string[]; error?: unknown }[] = [];
    for (const one of surveyed) replayed.push(dryRun ? wouldBe(one, lake) : await deliver(plan, one, context));
    return {
      ...statusOf(replayed.map(({ report: { status } }) => status)),
      ...reasonOf(replayed.map(({ error }) => error)),
      already_complete: false,
      problems: replayed.flatMap(({ problems }) => problems),
      streams: replayed.map(({ report: stream }) => stream),
    };
  } catch (error) {
    return { already_complete: false, streams: [], ...outcomeOf(error, context.signal) };
  }
}

/** What became of a run that failed before anything was delivered. */
function outcomeOf(thrown: unknown, signal: AbortSignal): Pick<RunOutcome, 'status' | 'skipped_because' | 'reason' | 'problems'> {
  const error = signal.aborted && signal.reason instanceof StopError ? signal.reason : thrown;
  const { message, where } = reportedError(error);
  const text = where === undefined || message.includes(where) ? message : `${message} (${where})`;
  if (error instanceof LandingGoneError) return { status: 'skipped', skipped_because: text, problems: [] };
  if (actionOf(error) !== 'stop') return { status: 'failed', problems: [text] };
  return { status: 'stopped', ...reasonOf([error]), problems: isCancelled(error) ? [] : [text] };
}

const isCancelled = (error: unknown): boolean => error instanceof StopError && error.reason === 'cancelled';

/** What stops and is no StopError is a conflict with another copy. */
const reasonOf = (errors: readonly unknown[]): Pick<RunOutcome, 'reason'> => {
  const stop = errors.find((error) => error !== undefined && actionOf(error) === 'stop');
  return stop === undefined ? {} : { reason: stop instanceof StopError ? stop.reason : 'lease' };
};

function statusOf(statuses: readonly ReplayedStream['status'][]): Pick<RunOutcome, 'status'> {
  if (statuses.includes('failed')) return { status: 'failed' };
  return { status: statuses.includes('stopped') ? 'stopped' : 'complete' };
}

async function surveyStream(
  plan: Plan,
  { jobStream, streamPlan }: StreamToReplay,
  number: number,
  report: RunReport | undefined,
  { lake, state, dryRun, signal, logger, concurrency }: ReplayRunContext,
): Promise<Pick<SurveyedStream, 'surveys' | 'known'>> {
  const objects = report?.streams.find(({ stream }) => stream === streamPlan.id)?.objects ?? [];
  const checksums = new Set(objects.flatMap(({ checksum }) => checksum ?? []));
  const claims = createClaims(state, plan.run_id, streamPlan.id);
  const of = { lake, plan, streamId: streamPlan.id, number };
  let known = true;
  const survey = async (slice: Slice): Promise<[number, SliceSurvey]> => {
    const earlier = await earlierSurveys(of, slice);
    const found = await surveySlice(slice, { plan, streamPlan, jobStream, lake, claims, signal, meter: createMeter(), logger, checksums, earlier });
    known &&= earlier.some(({ fingerprint }) => fingerprint === found.fingerprint);
    return [slice.ordinal, dryRun ? found : await keepSurvey(of, slice, found)];
  };
  const surveys = new Map(await mapLimit(streamPlan.slices, concurrency, survey));
  return { surveys, known };
}

async function deliver(plan: Plan, { jobStream, streamPlan, record, surveys }: SurveyedStream, context: ReplayRunContext) {
  const { lake, state, clock, signal, logger, observe, concurrency } = context;
  const all = [...surveys.values()];
  await record.begin();
  const replay = (slice: Slice) => sliceReplay(plan, streamPlan.id, record.number, slice, surveys.get(slice.ordinal) as SliceSurvey);
  const outcome = await runStream(jobStream, streamPlan, { plan, lake, state, clock, signal, logger, observe, concurrency, replay });
  if (outcome.report.status === 'complete') await record.complete();
  const report: ReplayedStream = {
    ...outcome.report,
    replay: { number: record.number, records: recordChanges(all), objects: objectChanges(all) },
  };
  return { report, problems: [...outcome.problems, ...changesToSay(report)], error: outcome.error };
}

/** The same report as after a delivery, of what would be. */
function wouldBe({ jobStream, streamPlan, record, surveys }: SurveyedStream, lake: ObjectStore) {
  const all = [...surveys.values()];
  const ledger = addLedgers(
    all.map((survey) => {
      const arrived = { delivered: survey.ledger.accepted, dead_lettered: 0, pending: 0 };
      return { ...survey.ledger, sinks: Object.fromEntries(jobStream.sinks.map(({ name }) => [name, arrived])) };
    }),
    jobStream.sinks.map(({ name }) => name),
  );
  const report: ReplayedStream = {
    ...emptyStreamReport(jobStream, streamPlan, 'complete'),
    ledger,
    slices: { planned: streamPlan.slices.length, finished: streamPlan.slices.length },
    ...datasets(jobStream, streamPlan, lake),
    replay: { number: record.number, records: recordChanges(all), objects: objectChanges(all) },
  };
  return { report, problems: problemsOf(jobStream, report, ledger) };
}

/** Lost races are no failure, but whoever writes the same objects should know. */
function changesToSay({ stream, objects }: ReplayedStream): string[] {
  const races = objects.reduce((sum, object) => sum + (object.races ?? 0), 0);
  return races === 0
    ? []
    : [`${stream}: somebody else wrote raw objects while they were replaced (${races} times); they were compared and replaced again`];
}
