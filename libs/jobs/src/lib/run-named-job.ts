import { needed, openSecrets, readSettings, resolveSecrets, type Environment, type JobDefinition, type Settings } from '@loadin/config';
import {
  FatalError,
  isoSecond,
  oneLine,
  parseScheduledTime,
  runJob,
  silentLogger,
  systemClock,
  type Clock,
  type Job,
  type JobStream,
  type Logger,
  type ObjectStore,
  type RunObserver,
  type RunReport,
  type Sink,
} from '@loadin/pipeline';
import type { AwsConnections } from './aws-connections.js';
import { openChanges, refreshedStreams, type OpenChanges } from './changes/open-changes.js';
import { connect } from './connect.js';
import { findJob, loadJobsFile, selectStreams } from './load-jobs-file.js';
import { overlayObjectStore, overlayStateStore } from './overlay.js';
import { checkBucket } from './preflight.js';
import { createRunLog, type RunLog } from './run-log.js';
import { secretReader } from './secrets.js';
import { sinkKind } from './sinks.js';
import { openSources, STREAMS, type OpenSources } from './sources.js';
import { checkState, openLake, openState } from './stores.js';
import { normalizerFor, SCHEMA_VERSIONS } from '@loadin/transforms';

export interface RunNamedJobOptions {
  /** A job of the jobs file: `daily`. */
  readonly job: string;
  readonly environment: Environment;
  /** The scheduled time, ISO 8601 with a zone. Default: a manual run. */
  readonly at?: string;
  readonly again?: boolean;
  /** Streams by id or data type. Default: all of the job. */
  readonly streams?: readonly string[];
  /** Reads and validates (it spends quota) and writes nothing. Default false. */
  readonly dryRun?: boolean;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly observe?: RunObserver;
  readonly signal?: AbortSignal;
}

/**
 * Runs a job of the jobs file with what the settings say, as the command line and the Lambda function both do. Throws `FatalError`
 * (`ConfigurationError`, `JobsFileError`) before anything is read; what happens later is in the report.
 */
export async function runNamedJob(options: RunNamedJobOptions): Promise<RunReport> {
  const { environment } = options;
  const at = options.at === undefined ? undefined : parseScheduledTime(options.at);
  const aws = connect(environment);
  try {
    const file = await loadJobsFile(readSettings(environment, []), aws);
    const definition = selectStreams(findJob(file, options.job), options.streams);
    const settings = readSettings(environment, needsOf(definition));
    for (const warning of [...settings.warnings, ...file.warnings]) options.logger?.warn(warning);
    await preflight(definition, settings, aws);
    const whole = findJob(file, options.job).streams.length === definition.streams.length;
    const only = whole ? undefined : definition.streams.map(({ id }) => id);
    return await runDefinition(definition, settings, aws, { ...options, at, only, refreshed: refreshedStreams(file) });
  } finally {
    await aws.close();
  }
}

/** The settings that a job asks for: those of its sources and sinks, and always the lake and the state. */
export function needsOf(definition: JobDefinition) {
  const sources = definition.streams.map(({ id }) => STREAMS[id].need);
  return [...new Set([...sources, ...definition.sinks.map((name) => sinkKind(name).need), 'raw' as const, 'state' as const])];
}

/** Asks for buckets, stream and table before a page is read: pages cost quota. */
async function preflight(definition: JobDefinition, settings: Settings, aws: AwsConnections): Promise<void> {
  const raw = needed(settings, 'raw').bucket;
  const checks = [checkBucket(aws, raw), checkState(settings, aws)];
  if (settings.logBucket !== undefined && settings.logBucket !== raw) checks.push(checkBucket(aws, settings.logBucket));
  for (const name of definition.sinks) if (name !== 's3_raw') checks.push(sinkKind(name).check(settings, aws));
  const failures = (await Promise.allSettled(checks)).flatMap((check) => (check.status === 'rejected' ? [check.reason as unknown] : []));
  const [first, ...others] = failures;
  if (first instanceof FatalError && others.every((error) => error instanceof FatalError)) throw allOf([first, ...others]);
  if (failures.length > 0) throw first;
}

interface DefinitionOptions extends RunNamedJobOptions {
  /** Set when these are some of the job's streams: that is a run of its own. */
  readonly only: readonly string[] | undefined;
  /** Streams of which some job of the file reads only what is likely to change. */
  readonly refreshed: ReadonlySet<string>;
}

/** Several things can be wrong with a set-up at once: all of them in one error, so that they are mended at once. */
function allOf(errors: readonly FatalError[]): FatalError {
  const [only] = errors;
  if (errors.length === 1 && only !== undefined) return only;
  const hints = [...new Set(errors.flatMap(({ hint }) => hint ?? []))];
  const texts = errors.map(({ message, where }) => (where === undefined ? message : `${message} (${where})`));
  return new FatalError(`${errors.length} things that the job needs are not ready: ${texts.join('; ')}`, { hint: hints.join(' ') });
}

async function runDefinition(definition: JobDefinition, settings: Settings, aws: AwsConnections, options: DefinitionOptions): Promise<RunReport> {
  const { clock = systemClock, dryRun = false, only } = options;
  const lake = await openLake(settings, aws);
  const state = await openState(settings, aws);
  const secrets = openSecrets(secretReader(aws), { clock });
  // Read now, although the clients ask again: a secret that is not there must be known before a page is.
  await resolveSecrets(settings, secrets);
  // A dry run spends quota as any other, so its calls are counted in the real store.
  const sources = openSources({ settings, secrets, clock, state });
  const log = createRunLog(options.logger ?? silentLogger, clock);
  const at = options.at ?? isoSecond(clock.now());
  const changes = openChanges({ lake, at, streams: options.refreshed, logger: log.logger });
  try {
    const sinks = await Promise.all(
      definition.sinks.map(async (name) => (dryRun ? discardingSink(name) : sinkKind(name).create(settings, aws, definition.sinkOptions))),
    );
    const report = await runJob({
      job: await buildJob(definition, { sources, sinks, changes }),
      only,
      at: options.at,
      again: options.again,
      lake: dryRun ? overlayObjectStore(lake) : lake,
      state: dryRun ? overlayStateStore(state) : state,
      dryRun,
      clock,
      logger: log.logger,
      observe: options.observe,
      signal: options.signal,
    });
    if (dryRun || report.already_complete) return report;
    if (report.status === 'complete') await changes.store();
    await uploadLog(log, report, await openLake(settings, aws, settings.logBucket), options.logger);
    return report;
  } finally {
    await sources.close();
  }
}

/** The data has arrived by now: a log that can't be kept is worth a warning, not a failed run. */
async function uploadLog(log: RunLog, report: RunReport, lake: ObjectStore, logger: Logger | undefined): Promise<void> {
  try {
    await log.upload(lake, report.run_id, report.scheduled_time);
  } catch (error) {
    logger?.warn(`The run's log could not be stored: ${oneLine(error)}`);
  }
}

interface Parts {
  readonly sources: OpenSources;
  readonly sinks: readonly Sink[];
  readonly changes: OpenChanges;
}

async function buildJob(definition: JobDefinition, { sources, sinks, changes }: Parts): Promise<Job> {
  const streams: JobStream[] = [];
  for (const wanted of definition.streams) {
    const { dataType } = STREAMS[wanted.id];
    const index = await changes.of(wanted);
    streams.push({
      stream: await sources.stream(wanted, index?.changedDays),
      transform: normalizerFor(dataType),
      sinks,
      maxRejected: wanted.options.max_rejected,
      schemaVersion: SCHEMA_VERSIONS[dataType],
      ...(index && { onAccepted: index.see }),
    });
  }
  return { name: definition.name, streams };
}

/** Stands in for a sink in a dry run: takes everything and keeps nothing. */
function discardingSink(name: string): Sink {
  return {
    name,
    limits: { maxRecords: 5_000, maxBytes: 16_000_000 },
    write: async ({ records }) => ({ acks: records.map(() => ({ status: 'delivered' as const })), objects: [] }),
  };
}
