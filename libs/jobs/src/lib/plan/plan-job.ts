import { readSettings, type Environment, type JobDefinition, type JobsFile, type JobStream, type Settings } from '@loadin/config';
import { isoSecond, parseScheduledTime, systemClock, type Clock, type Stream } from '@loadin/pipeline';
import { runsPerMonth } from '@loadin/schedules';
import { changedDaysFor } from '../changes/open-changes.js';
import { connect } from '../connect.js';
import { sourceOf } from '../expected-calls.js';
import { findJob, loadJobsFile } from '../load-jobs-file.js';
import { openStreams } from '../sources.js';
import { folderOf, isEntity, type RecordStream } from '../stream-facts.js';
import { costOf } from './cost.js';
import { coverageOf } from './coverage.js';
import { lookUpEarlierRuns, type EarlierRuns } from './earlier-runs.js';
import { estimate, type Estimate } from './estimate.js';
import { addQuantities, bytesOf, quantitiesOf, RUN_ITSELF, type QuantityContext } from './quantities.js';
import { plannedSlices, type SlicesWanted } from './planned-slices.js';
import { entityStream } from './entity-stream.js';
import { exactly, longest, range, sum, times } from './range.js';
import { refreshPlan } from './refresh-plan.js';
import { limitsOf } from './source-limits.js';
import type { Bytes, JobPlan, Range, RefreshPlan, SourceNeed, StreamNeed } from './types.js';

export interface PlanJobOptions {
  /** A job of the jobs file. */
  readonly job: string;
  readonly environment: Environment;
  /** The scheduled time, ISO 8601 with a zone. Default: now. */
  readonly at?: string;
  /** As of a run with `fullRefresh`: incremental streams from the beginning. Default false. */
  readonly fullRefresh?: boolean;
  readonly clock?: Clock;
}

/** Reading, writing and starting up, besides the calls themselves. */
const OVERHEAD_SECONDS = 5;
const DAYS_PER_MONTH = 365 / 12;

/**
 * What a run of a job will need: calls, share of the quota, time, bytes, money. No source is called; of AWS only the last run's report and the index
 * of changes are read, if the settings name a bucket. Throws `ConfigurationError`, `JobsFileError` and `FatalError` (unknown job, wrong time).
 */
export async function planJob({ job: name, environment, at, fullRefresh = false, clock = systemClock }: PlanJobOptions): Promise<JobPlan> {
  const scheduledTime = at === undefined ? isoSecond(clock.now()) : parseScheduledTime(at);
  const settings: Settings = readSettings(environment, []);
  const aws = connect(environment);
  const file = await loadJobsFile(settings, aws).finally(() => aws.close());
  const job = findJob(file, name);
  const earlier = await lookUpEarlierRuns(job, settings, environment, scheduledTime);
  const planned: PlannedStream[] = [];
  for (const stream of job.streams) planned.push(await planStream(stream, job, earlier, { scheduledTime, fullRefresh }));
  const runs = monthly(job);
  const others = await callsOfOthers(file, job, scheduledTime);
  const names = [...new Set(planned.map(({ need }) => need.source))].filter((source) => source !== 'postgres'); // which counts no calls
  const sources = names.map((source) => sourceNeed(source, planned, { settings, runs, others: others.get(source) ?? 0 }));
  const seconds = longest([...sources.map((source) => source.seconds), secondsOfTables(planned)]);
  return {
    plan_version: 1,
    job: job.name,
    jobs_file: file.path,
    scheduled_time: scheduledTime,
    full_refresh: fullRefresh,
    schedule: job.schedule ?? null,
    runs_per_month: runs,
    sources,
    streams: planned.map(({ need }) => need),
    seconds,
    bytes: addBytes(planned.map(({ need }) => need.bytes)),
    cost: costOf({
      quantities: addQuantities([RUN_ITSELF, ...planned.map((stream) => quantitiesOf(stream.estimate, stream.context))]),
      seconds: seconds.expected + OVERHEAD_SECONDS,
      runsPerMonth: runs,
      shards: job.sinks.includes('kinesis') ? settings.stream.shardCount : 0,
      stateInDynamo: settings.state.kind === 'dynamodb',
    }),
    coverage: job.streams.flatMap((stream) => coverageOf(stream, job)),
    notes: [...file.warnings, ...settings.warnings, ...earlier.notes, ...planned.flatMap(({ notes }) => notes)],
  };
}

interface PlannedStream {
  readonly need: StreamNeed;
  readonly estimate: Estimate;
  readonly context: QuantityContext;
  readonly notes: readonly string[];
}

type PlannedTime = Pick<SlicesWanted, 'scheduledTime' | 'fullRefresh'>;

async function planStream(stream: JobStream, job: JobDefinition, earlier: EarlierRuns, run: PlannedTime): Promise<PlannedStream> {
  const at = run.scheduledTime;
  const changedDays = changedDaysFor(stream, earlier.changes, at);
  const { checkpoints, eventsByDay } = earlier;
  const { slices, notes, readsAnother } = await slicesOf(stream, changedDays, { ...run, job: job.name, ...(checkpoints && { checkpoints }) });
  const refresh: RefreshPlan | null = await refreshPlan(stream, changedDays, at);
  // What was new then says little of all.
  const last = readsAnother ? new Map([...earlier.last].filter(([id]) => id !== stream.id)) : earlier.last;
  const found = estimate(stream, job, { last, eventsByDay, ...(refresh && { reads: refresh }) });
  const before = last.get(stream.id);
  const context = { dataType: folderOf(stream.id), slices: slices.length, sinks: job.sinks, ...(before && { before }) };
  const { calls, records, basis } = found;
  return {
    need: {
      stream: stream.id,
      source: sourceOf(stream.id),
      slices,
      calls,
      records,
      bytes: bytesOf(found, context),
      basis,
      last: earlier.last.get(stream.id) ?? null,
      refresh,
    },
    estimate: found,
    context,
    notes,
  };
}

/** Slices follow from configuration and checkpoints alone, so they are what the run itself will make of them. `readsAnother`: other records than its last run did. */
async function slicesOf(stream: JobStream, changedDays: readonly string[], wanted: SlicesWanted) {
  const plan = async (opened: Stream) => ({
    ...(await plannedSlices(opened, wanted)),
    readsAnother: wanted.fullRefresh && opened.cursor !== undefined,
  });
  return isEntity(stream) ? plan(await entityStream(stream)) : withRecordStream(stream, changedDays, plan);
}

async function withRecordStream<Found>(
  stream: RecordStream,
  changedDays: readonly string[],
  use: (opened: Stream) => Promise<Found>,
): Promise<Found> {
  const { createSpotifyClient, createTicketmasterClient } = await import('@loadin/api-clients');
  // Never called, and so without credentials.
  const spotify = createSpotifyClient({ clientId: 'none', clientSecret: 'none' });
  const ticketmaster = createTicketmasterClient({ apiKey: 'none' });
  try {
    const open = openStreams({ spotify: async () => spotify, ticketmaster: async () => ticketmaster });
    return await use(await open(stream, changedDays));
  } finally {
    await Promise.all([spotify.close(), ticketmaster.close()]);
  }
}

/** Of tables only the last run says how long they take, one after the other at most. */
function secondsOfTables(planned: readonly PlannedStream[]): Range {
  const tables = planned.flatMap(({ need }) => (need.source === 'postgres' ? [(need.last?.duration_ms ?? 0) / 1000] : []));
  return tables.length === 0 ? exactly(0) : range(0, sumOf(tables), null);
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** `null`: on request, or by an expression that can't be read. */
const monthly = ({ schedule }: JobDefinition): number | null => (schedule === undefined ? null : (runsPerMonth(schedule) ?? null));

/** Calls a day that the other scheduled jobs of the file are expected to take, by source: they share the quota. */
async function callsOfOthers({ jobs }: JobsFile, { name }: JobDefinition, at: string): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const job of jobs.values()) {
    if (job.name === name) continue;
    for (const stream of job.streams) {
      const reads = await refreshPlan(stream, [], at);
      const { calls } = estimate(stream, job, { last: new Map(), ...(reads && { reads }) });
      const source = sourceOf(stream.id);
      found.set(source, (found.get(source) ?? 0) + (calls.expected * (monthly(job) ?? 0)) / DAYS_PER_MONTH);
    }
  }
  return found;
}

interface SourceContext {
  readonly settings: Settings;
  readonly runs: number | null;
  /** Calls a day of the other jobs. */
  readonly others: number;
}

function sourceNeed(source: string, planned: readonly PlannedStream[], { settings, runs, others }: SourceContext): SourceNeed {
  const { perSecond, perDay } = limitsOf(source, settings.http);
  const calls = sum(planned.filter(({ need }) => need.source === source).map(({ need }) => need.calls));
  const share = perDay === null ? null : times(calls, 1 / perDay);
  return {
    source,
    calls,
    calls_per_second: perSecond,
    calls_allowed_per_day: perDay,
    share_of_run: share,
    share_of_day: share === null || runs === null ? null : times(share, runs / DAYS_PER_MONTH),
    share_of_day_of_all_jobs: perDay === null ? null : (others + (calls.expected * (runs ?? 0)) / DAYS_PER_MONTH) / perDay,
    seconds: times(calls, 1 / perSecond),
  };
}

const addBytes = (all: readonly Bytes[]): Bytes => ({
  landing: sumOf(all.map(({ landing }) => landing)),
  raw: sumOf(all.map(({ raw }) => raw)),
  stream: sumOf(all.map(({ stream }) => stream)),
  bronze: sumOf(all.map(({ bronze }) => bronze)),
});
