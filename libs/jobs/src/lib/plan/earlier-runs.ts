import type { Environment, JobDefinition, Settings } from '@loadin/config';
import { checkpointKey, LoadinError, oneLine, type JsonObject, type ObjectStore, type RunReport, type StateStore } from '@loadin/pipeline';
import { createChangeIndex, type ChangeIndex, type StoredChanges } from '../changes/change-index.js';
import { loadChanges } from '../changes/change-store.js';
import { connect } from '../connect.js';
import { isBronze } from '../stream-facts.js';
import { openLake, openState } from '../stores.js';
import type { LastRun } from './types.js';

/** What earlier runs left in the lake and the state store. */
export interface EarlierRuns {
  readonly last: ReadonlyMap<string, LastRun>;
  /** By stream id, as they are stored; absent when they could not be read. */
  readonly checkpoints?: ReadonlyMap<string, JsonObject>;
  readonly eventsByDay: ReadonlyMap<string, number>;
  readonly changes: Pick<ChangeIndex, 'changedDays'>;
  /** Why something is not known, one line each. */
  readonly notes: readonly string[];
}

const NOTHING = { last: new Map<string, LastRun>(), eventsByDay: new Map<string, number>(), changes: { changedDays: (): string[] => [] } };
/** Whoever waits for a plan is not kept waiting by a server that does not answer. */
const PATIENCE_MS = 10_000;

/** Looks for the last runs of a job. A plan is made without them as well: what can't be read is a note. */
export async function lookUpEarlierRuns(job: JobDefinition, settings: Settings, environment: Environment, at: string): Promise<EarlierRuns> {
  const lakeSettings = isBronze(job) ? settings.bronze : settings.raw;
  if (lakeSettings === undefined || settings.aws === undefined) {
    const name = isBronze(job) ? 'S3_BUCKET_NAME' : 'AWS_S3_BUCKET_RAW';
    return { ...NOTHING, notes: [`nothing is known of earlier runs: ${name} or AWS_REGION is not set`] };
  }
  const aws = connect(environment);
  try {
    const [lake, state] = [await openLake(settings, aws, lakeSettings.bucket), await openState(settings, aws)];
    return await withPatience(readEarlierRuns(job, { lake, state, at }));
  } catch (error) {
    return { ...NOTHING, notes: [`nothing is known of earlier runs: ${errorLine(error)}`] };
  } finally {
    await aws.close();
  }
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  work.catch(() => undefined); // what comes after the wait is over is nobody's business any more
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const errorLine = (error: unknown): string =>
  error instanceof LoadinError && error.where !== undefined && !error.message.includes(error.where)
    ? `${error.message} (${error.where})`
    : oneLine(error);

interface Stores {
  readonly lake: ObjectStore;
  readonly state: StateStore;
  readonly at: string;
}

async function readEarlierRuns(job: JobDefinition, { lake, state, at }: Stores): Promise<EarlierRuns> {
  const notes: string[] = [];
  const last = new Map<string, LastRun>();
  const checkpoints = new Map<string, JsonObject>();
  for (const { id } of job.streams) {
    const checkpoint = (await state.get(checkpointKey(job.name, id)))?.value;
    if (checkpoint === undefined) continue;
    checkpoints.set(id, checkpoint);
    const run = await lastRunOf(job.name, id, lake, checkpoint);
    if (run !== undefined) last.set(id, run);
  }
  const known = job.streams.some(({ id }) => id === 'ticketmaster.events') ? await knownChanges(lake, notes) : undefined;
  const eventsByDay = new Map(Object.entries(known?.days ?? {}).map(([date, { records }]) => [date, Object.keys(records).length]));
  if (last.size === 0) notes.push(`no complete run of ${job.name} is known: the expected numbers are ${isBronze(job) ? 'not known' : 'assumed'}`);
  return { last, checkpoints, eventsByDay, changes: createChangeIndex(known, { at }), notes };
}

async function knownChanges(lake: ObjectStore, notes: string[]): Promise<StoredChanges | undefined> {
  const warn = (message: string): void => void notes.push(message);
  return loadChanges(lake, 'ticketmaster.events', { warn });
}

/** The checkpoint names the last complete run, and its report says what it took. */
async function lastRunOf(job: string, stream: string, lake: ObjectStore, checkpoint: JsonObject): Promise<LastRun | undefined> {
  const runId = checkpoint['run_id'];
  const body = typeof runId === 'string' ? await lake.get(`_loadin/reports/${job}/${runId}.json`) : undefined;
  if (body === undefined) return undefined;
  const { run_id, scheduled_time, streams, attempts } = JSON.parse(Buffer.from(body).toString('utf8')) as RunReport;
  const found = streams.find((one) => one.stream === stream);
  if (found === undefined) return undefined;
  const { ledger, effort, duration_ms, loader, objects } = found;
  const calls = attempts === 1 ? effort.source_requests : undefined;
  return {
    run_id,
    scheduled_time,
    pages: ledger.pages,
    ...(calls !== undefined && { calls }),
    records: ledger.accepted,
    bytes_read: effort.bytes_read,
    duration_ms,
    ...(loader !== undefined && { objects: objects.length, bytes_written: objects.reduce((sum, { bytes }) => sum + bytes, 0) }),
  };
}
