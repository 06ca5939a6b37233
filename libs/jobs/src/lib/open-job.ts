import { openSecrets, readSettings, resolveSecrets, type Environment, type JobDefinition, type JobsFile, type Settings } from '@loadin/config';
import {
  isoSecond,
  silentLogger,
  systemClock,
  type Clock,
  type Job,
  type JobStream,
  type Logger,
  type PhaseOptions,
  type RunObserver,
  type Sink,
} from '@loadin/pipeline';
import { normalizerFor, SCHEMA_VERSIONS } from '@loadin/transforms';
import type { AwsConnections } from './aws-connections.js';
import { openChanges, refreshedStreams, type OpenChanges } from './changes/open-changes.js';
import { connect } from './connect.js';
import { findJob, loadJobsFile } from './load-jobs-file.js';
import { overlayObjectStore, overlayStateStore } from './overlay.js';
import { checkReady } from './check-ready.js';
import { createRunLog, type RunLog } from './run-log.js';
import { secretReader } from './secrets.js';
import { sinkKind } from './sinks.js';
import { openSources, STREAMS, type OpenSources } from './sources.js';
import { openLake, openState } from './stores.js';

/** What every phase of a run of a named job is given. */
export interface NamedJobOptions {
  /** A job of the jobs file: `daily`. */
  readonly job: string;
  readonly environment: Environment;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly observe?: RunObserver;
  readonly signal?: AbortSignal;
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
    if (options.preflight) await checkReady(definition, settings, aws);
    return await open({ file, definition, settings, aws }, options, run);
  } finally {
    await aws.close();
  }
}

/** The settings that a job asks for: those of its sources and sinks, and always the lake and the state. */
export function needsOf(definition: JobDefinition) {
  const sources = definition.streams.map(({ id }) => STREAMS[id].need);
  return [...new Set([...sources, ...definition.sinks.map((name) => sinkKind(name).need), 'raw' as const, 'state' as const])];
}

type Found = Pick<OpenJob, 'file' | 'definition' | 'settings' | 'aws'>;

async function open<Result>(found: Found, options: OpenJobOptions, run: (open: OpenJob) => Promise<Result>): Promise<Result> {
  const { file, definition, settings, aws } = found;
  const { clock = systemClock, dryRun = false, observe, signal, changesAt } = options;
  const lake = await openLake(settings, aws);
  const state = await openState(settings, aws);
  const secrets = openSecrets(secretReader(aws), { clock });
  // Read now, although the clients ask again: a secret that is not there must be known before a page is.
  if (options.preflight) await resolveSecrets(settings, secrets);
  // A dry run spends quota as any other, so its calls are counted in the real store.
  const sources = openSources({ settings, secrets, clock, state });
  const log = createRunLog(options.logger ?? silentLogger, clock);
  const streams = changesAt === undefined ? new Set<string>() : refreshedStreams(file);
  const changes = openChanges({ lake, at: changesAt ?? isoSecond(clock.now()), streams, logger: log.logger });
  try {
    const sinks = await openSinks(definition, settings, aws, dryRun);
    const phase: PhaseOptions = {
      job: await buildJob(definition, { sources, sinks, changes }),
      lake: dryRun ? overlayObjectStore(lake) : lake,
      state: dryRun ? overlayStateStore(state) : state,
      leases: state,
      leaseMs: settings.leaseSeconds * 1000,
      ...{ dryRun, clock, observe, signal },
      logger: log.logger,
    };
    return await run({ ...found, changes, log, phase });
  } finally {
    await sources.close();
  }
}

async function openSinks({ sinks, sinkOptions }: JobDefinition, settings: Settings, aws: AwsConnections, dryRun: boolean): Promise<Sink[]> {
  return Promise.all(
    sinks.map(async (name) =>
      dryRun ? discardingSink(name, await sinkKind(name).layout?.(sinkOptions)) : sinkKind(name).create(settings, aws, sinkOptions),
    ),
  );
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

/** Stands in for a sink in a dry run: takes everything, keeps nothing, and is refused where that one would be. */
function discardingSink(name: string, layout: string | undefined): Sink {
  return {
    name,
    ...(layout !== undefined && { layout }),
    limits: { maxRecords: 5_000, maxBytes: 16_000_000 },
    write: async ({ records }) => ({ acks: records.map(() => ({ status: 'delivered' as const })), objects: [] }),
  };
}
