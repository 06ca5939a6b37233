import { openSecrets, readSettings, type Environment, type JobDefinition, type JobsFile, type SecretStore, type Settings } from '@loadin/config';
import { isoSecond, silentLogger, systemClock, type Clock, type Logger, type PhaseOptions, type RunObserver } from '@loadin/pipeline';
import type { AwsConnections } from './aws-connections.js';
import type { EncoderOptions } from './bronze/encoder-threads.js';
import { openChanges, refreshedStreams, type OpenChanges } from './changes/open-changes.js';
import { checkReady } from './check-ready.js';
import { connect } from './connect.js';
import { lakeBucket, needsOf } from './job-needs.js';
import { findJob, loadJobsFile } from './load-jobs-file.js';
import type { MetricsWriter } from './metrics/tell-metrics.js';
import { overlayObjectStore, overlayStateStore } from './overlay.js';
import { openRecordStreams } from './record-streams.js';
import { createRunLog, type RunLog } from './run-log.js';
import { secretReader } from './secrets.js';
import { isBronze, isEntity } from './stream-facts.js';
import type { OpenStreams, StreamParts } from './stream-parts.js';
import { openLake, openState } from './stores.js';

/** What every phase of a run of a named job is given. */
export interface NamedJobOptions {
  /** A job of the jobs file: `daily`. */
  readonly job: string;
  readonly environment: Environment;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly observe?: RunObserver;
  /** Is told what a run did when it has ended. Default: nobody is. */
  readonly metrics?: MetricsWriter;
  readonly signal?: AbortSignal;
  /** Of jobs that write bronze: where row groups are made. Default: in further threads too where there are processors for them, once a load has become large. */
  readonly encoder?: EncoderOptions;
}

export interface OpenJobOptions extends NamedJobOptions {
  /** The streams that are wanted. Default: all. */
  readonly select?: (definition: JobDefinition) => JobDefinition;
  /** The run's scheduled time, ISO 8601 with a zone: what has changed since other runs is looked up and noted. Default: neither. */
  readonly changesAt?: string;
  /** Asks for buckets, stream, table and secrets first: pages cost quota. Default false. */
  readonly preflight?: boolean;
  /** Nothing is written but quota and lease. Default false. */
  readonly dryRun?: boolean;
}

/** A job with everything that it needs. */
export interface OpenJob {
  readonly definition: JobDefinition;
  readonly file: JobsFile;
  readonly settings: Settings;
  readonly aws: AwsConnections;
  readonly secrets: SecretStore;
  readonly changes: OpenChanges;
  readonly log: RunLog;
  /** For the phases of `@loadin/pipeline`. */
  readonly phase: PhaseOptions;
}

/** Opens a job of the jobs file with what the settings say, and closes it again when `run` has ended. */
export async function withJob<Result>(options: OpenJobOptions, run: (open: OpenJob) => Promise<Result>): Promise<Result> {
  const { environment, select = (all) => all, logger } = options;
  const aws = connect(environment);
  try {
    const file = await loadJobsFile(readSettings(environment, []), aws);
    const definition = select(findJob(file, options.job));
    const settings = readSettings(environment, needsOf(definition));
    for (const warning of [...settings.warnings, ...file.warnings]) logger?.warn(warning);
    return await open({ file, definition, settings, aws }, options, run);
  } finally {
    await aws.close();
  }
}

type Found = Pick<OpenJob, 'file' | 'definition' | 'settings' | 'aws'>;

async function open<Result>(found: Found, options: OpenJobOptions, run: (open: OpenJob) => Promise<Result>): Promise<Result> {
  const { file, definition, settings, aws } = found;
  const { clock = systemClock, dryRun = false, observe, signal, encoder, changesAt, preflight = false } = options;
  const lake = await openLake(settings, aws, lakeBucket(definition, settings));
  const state = await openState(settings, aws);
  const secrets = openSecrets(secretReader(aws), { clock });
  if (preflight) await checkReady(definition, { settings, aws, secrets });
  const log = createRunLog(options.logger ?? silentLogger, clock);
  const refreshed = changesAt === undefined ? new Set<string>() : refreshedStreams(file);
  const changes = openChanges({ lake, at: changesAt ?? isoSecond(clock.now()), streams: refreshed, logger: log.logger });
  const stores = { state, runState: dryRun ? overlayStateStore(state) : state };
  const bronze = { encoder, wholeJob: findJob(file, definition.name) };
  const { streams, close } = await openStreams(definition, { settings, aws, secrets, clock, dryRun, changes, ...bronze, ...stores });
  try {
    const phase: PhaseOptions = {
      job: { name: definition.name, streams },
      lake: dryRun ? overlayObjectStore(lake) : lake,
      state: stores.runState,
      leases: state,
      leaseMs: settings.leaseSeconds * 1000,
      ...{ dryRun, clock, observe, signal },
      logger: log.logger,
    };
    return await run({ ...found, secrets, changes, log, phase });
  } finally {
    await close();
  }
}

/** Loaders, and the sources that only they read, are loaded by the jobs that have some. */
async function openStreams(definition: JobDefinition, parts: StreamParts): Promise<OpenStreams> {
  if (!isBronze(definition)) return openRecordStreams(definition, parts);
  const { openLoadedStreams } = await import('./entities/loaded-streams.js');
  return openLoadedStreams(definition.streams.filter(isEntity), definition, parts);
}
