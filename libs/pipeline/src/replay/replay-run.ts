import { createHash } from 'node:crypto';
import { createMeter, type Logger } from '@loadin/observability';
import { actionOf, type Clock, StopError } from '@loadin/resilience';
import { createClaims } from '../slices/claims.js';
import type { RunObserver } from '../events.js';
import type { JobStream } from '../job.js';
import { mapLimit } from '../map-limit.js';
import { deliveryLeaseKey } from '../leases/delivery-lease.js';
import { hold } from '../leases/hold.js';
import type { HeldItem, LeaseOptions } from '../leases/types.js';
import { writeOpenRetries } from '../operations/letters/open-retries.js';
import { LandingGoneError } from '../landing/page-groups.js';
import type { Plan, StreamPlan } from '../plan/plan.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { StateStore } from '../ports/state-store.js';
import type { Slice } from '../ports/stream.js';
import type { RunReport } from '../report/report.js';
import { readRunReport } from './run-report.js';
import { addLedgers } from '../report/ledger.js';
import { createDeadline } from '../slices/deadline.js';
import { readCheckpoint } from '../checkpoint.js';
import { sliceErrorOf, type SliceError } from '../slices/slice-error.js';
import { createSlots } from '../slices/slots.js';
import { datasets, emptyStreamReport, problemsOf } from '../report/stream-report.js';
import { runStream } from '../slices/stream-run.js';
import { openStreamReplay, type StreamReplayRecord } from './replay-record.js';
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
  /** How this process holds the streams and slices that it replays. */
  readonly leases: LeaseOptions;
}

/** A stream of a run that is to be replayed. */
export interface StreamToReplay {
  readonly jobStream: JobStream;
  readonly streamPlan: StreamPlan;
}

export type RunOutcome = Pick<ReplayedRun, 'status' | 'skipped_because' | 'left_out' | 'reason' | 'already_complete' | 'problems' | 'streams'>;

interface SurveyedStream extends StreamToReplay {
  /** Its delivery lease, from before it was looked at; a dry run has none. */
  readonly held: HeldItem | undefined;
  readonly record: StreamReplayRecord;
  readonly surveys: ReadonlyMap<number, SliceSurvey>;
  /** Of what the transform makes of all slices. */
  readonly content: string;
  /** The last attempt made the same of the landed pages; if it was complete, all of it still stands there. */
  readonly goesOn: boolean;
}

/**
 * Delivers a complete run again from its landed pages. All of its slices are looked at first, so that a run whose pages are gone is left alone as a
 * whole. What goes wrong is in the outcome.
 */
export async function replayRun(plan: Plan, streams: readonly StreamToReplay[], context: ReplayRunContext): Promise<RunOutcome> {
  const leases: HeldItem[] = [];
  try {
    const { state, lake, replayId, dryRun } = context;
    const report = await readRunReport(lake, plan.job, plan.run_id);
    const surveyed: SurveyedStream[] = [];
    for (const one of streams) {
      const held = dryRun ? undefined : await hold(context.leases, deliveryLeaseKey(plan.run_id, one.streamPlan.id), { signal: context.signal });
      if (held !== undefined) {
        leases.push(held);
        await writeOpenRetries({ job: plan.job, runId: plan.run_id, stream: one.streamPlan.id }, one.jobStream.sinks, held, context);
      }
      const record = await openStreamReplay(state, plan.run_id, one.streamPlan.id, replayId);
      surveyed.push({ ...(await surveyStream(plan, one, record, report, context)), held });
    }
    return await replaySurveyed(plan, surveyed, context);
  } catch (error) {
    return outcomeOf(error, context.signal);
  } finally {
    await Promise.all(leases.map((held) => held.release()));
  }
}

async function replaySurveyed(plan: Plan, surveyed: readonly SurveyedStream[], context: ReplayRunContext): Promise<RunOutcome> {
  const done = surveyed.every(({ record, goesOn }) => record.item.status === 'complete' && goesOn);
  const stored = done ? await readReplayedRun(context.lake, plan.job, plan.run_id, context.replayId) : undefined;
  if (stored !== undefined) return { ...stored, already_complete: true };
  const replayed: { report: ReplayedStream; problems: readonly string[]; error?: SliceError }[] = [];
  for (const one of surveyed) replayed.push(one.held === undefined ? wouldBe(one, context.lake) : await deliver(plan, one, one.held, context));
  return {
    ...statusOf(replayed.map(({ report: { status } }) => status)),
    ...reasonOf(replayed.map(({ error }) => error)),
    already_complete: false,
    problems: replayed.flatMap(({ problems }) => problems),
    streams: replayed.map(({ report: stream }) => stream),
  };
}

/** What became of a run that failed before anything was delivered. */
export function outcomeOf(thrown: unknown, signal: AbortSignal): RunOutcome {
  const error = signal.aborted && signal.reason instanceof StopError ? signal.reason : thrown;
  const { message, where, hint, ...stop } = sliceErrorOf(error);
  const text = where === undefined || message.includes(where) ? message : `${message} (${where})`;
  const none = { already_complete: false, problems: [], streams: [] };
  if (error instanceof LandingGoneError) return { ...none, status: 'skipped', skipped_because: text };
  const problems = [hint === undefined ? text : `${text}: ${hint}`];
  if (actionOf(error) !== 'stop') return { ...none, status: 'failed', problems };
  return { ...none, status: 'stopped', ...reasonOf([stop]), problems: stop.reason === 'cancelled' ? [] : problems };
}

const reasonOf = (errors: readonly (Pick<SliceError, 'reason'> | undefined)[]): Pick<RunOutcome, 'reason'> => {
  const stop = errors.find((error) => error?.reason !== undefined);
  return stop === undefined ? {} : { reason: stop.reason };
};

function statusOf(statuses: readonly ReplayedStream['status'][]): Pick<RunOutcome, 'status'> {
  if (statuses.includes('failed')) return { status: 'failed' };
  return { status: statuses.includes('stopped') ? 'stopped' : 'complete' };
}

async function surveyStream(
  plan: Plan,
  one: StreamToReplay,
  record: StreamReplayRecord,
  report: RunReport | undefined,
  { lake, state, signal, logger, concurrency }: ReplayRunContext,
): Promise<Omit<SurveyedStream, 'held'>> {
  const { jobStream, streamPlan } = one;
  const objects = report?.streams.find(({ stream }) => stream === streamPlan.id)?.objects ?? [];
  const checksums = new Set(objects.flatMap(({ checksum }) => checksum ?? []));
  const claims = createClaims(state, plan.run_id, streamPlan.id);
  const of = { lake, plan, streamId: streamPlan.id, id: record.item.id };
  const survey = async (slice: Slice): Promise<[number, SliceSurvey]> => {
    const earlier = await earlierSurveys(of, slice);
    const shared = { plan, streamPlan, jobStream, lake, claims, signal, meter: createMeter(), logger, checksums, earlier };
    return [slice.ordinal, await surveySlice(slice, shared)];
  };
  const surveys = new Map(await mapLimit(streamPlan.slices, concurrency, survey));
  const content = contentOf([...surveys.values()]);
  const { status, content: before } = record.item;
  const goesOn = content === before && (status === 'running' || [...surveys.values()].every(isInPlace));
  return { ...one, record, surveys, content, goesOn };
}

/** Sinks that are compared belong to it: a survey of others does not know what stands in one that has joined. */
const contentOf = (surveys: readonly SliceSurvey[]): string =>
  createHash('md5')
    .update(surveys.map(({ fingerprint, standings }) => [fingerprint, ...Object.keys(standings).sort()].join(' ')).join())
    .digest('hex');

/** Nothing would have to be written into sinks that can be read back. */
const isInPlace = ({ standings }: SliceSurvey): boolean =>
  Object.values(standings)
    .flat()
    .every(({ state, needed }) => state === 'identical' || (state === 'missing' && !needed));

/** Notes that it begins before any survey is kept: one that was kept and not begun would be taken, in a later turn, for what stands there then. */
async function begin(plan: Plan, { streamPlan, record, surveys, content, goesOn }: SurveyedStream, { lake, concurrency }: ReplayRunContext) {
  const { id, turn, content: before } = record.item;
  await record.begin({ content, turn: goesOn || before === null ? turn : turn + 1 });
  const of = { lake, plan, streamId: streamPlan.id, id };
  const keep = async (slice: Slice): Promise<[number, SliceSurvey]> => [
    slice.ordinal,
    await keepSurvey(of, record.item.turn, slice, surveys.get(slice.ordinal) as SliceSurvey),
  ];
  return new Map(await mapLimit(streamPlan.slices, concurrency, keep));
}

async function deliver(plan: Plan, surveyed: SurveyedStream, held: HeldItem, context: ReplayRunContext) {
  const { jobStream, streamPlan, record } = surveyed;
  const { lake, state, clock, signal, logger, observe, concurrency } = context;
  const surveys = await begin(plan, surveyed, context);
  const all = [...surveys.values()];
  const of = { id: streamPlan.id, record, held };
  const replay = (slice: Slice) => sliceReplay(plan, of, slice, surveys.get(slice.ordinal) as SliceSurvey);
  const outcome = await runStream(jobStream, streamPlan, {
    ...{ plan, lake, state, clock, signal, logger, observe, replay },
    leases: context.leases,
    slots: createSlots({ perStream: concurrency, overall: concurrency }),
    deadline: createDeadline(undefined),
  });
  if (outcome.report.status === 'complete') await record.complete();
  const report: ReplayedStream = {
    ...outcome.report,
    checkpoint: (await readCheckpoint(state, plan.job, streamPlan.id)) ?? null,
    replay: { number: record.item.number, records: recordChanges(all), objects: objectChanges(all) },
  };
  const problems = problemsOf(jobStream, worthSaying(report, outcome.error), report.ledger);
  return { report, problems: [...problems, ...changesToSay(report)], error: outcome.error };
}

/** A stop on purpose is no problem, nor is what the source did not give the run that is replayed. */
const worthSaying = (report: ReplayedStream, error: SliceError | undefined): ReplayedStream => ({
  ...report,
  ...(error?.reason === 'cancelled' && { error: undefined }),
  notes: [],
});

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
    replay: { number: record.item.number, records: recordChanges(all), objects: objectChanges(all) },
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
