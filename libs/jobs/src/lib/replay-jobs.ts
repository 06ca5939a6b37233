import { needed, readSettings, type Environment, type JobDefinition, type JobsFile, type Settings } from '@loadin/config';
import { FatalError, replayRuns, type Clock, type JobStream, type Logger, type ReplayReport, type RunObserver, type Sink } from '@loadin/pipeline';
import { normalizerFor, SCHEMA_VERSIONS } from '@loadin/transforms';
import type { AwsConnections } from './aws-connections.js';
import { connect } from './connect.js';
import { findJob, loadJobsFile } from './load-jobs-file.js';
import { overlayObjectStore, overlayStateStore } from './overlay.js';
import { checkBucket } from './preflight.js';
import { sinkKind } from './sinks.js';
import { openStreams } from './sources.js';
import { dataTypeOf, isBronze, isEntity } from './stream-facts.js';
import { checkState, openLake, openState } from './stores.js';

export interface ReplayJobsOptions {
  readonly environment: Environment;
  /** Scheduled times of the runs, both included: ISO 8601 with a zone, or dates alone, which mean whole days in UTC. */
  readonly from: string;
  readonly to: string;
  /** Only runs of this job. Default: of all jobs. */
  readonly job?: string;
  /** Streams by id or data type. Default: all of each run. */
  readonly streams?: readonly string[];
  /** Compares and reports, and writes nothing. Default false. */
  readonly dryRun?: boolean;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly observe?: RunObserver;
  readonly signal?: AbortSignal;
}

/**
 * Delivers complete runs again from their landed pages, with the transforms of this version and the sinks that the jobs file names now. No source is
 * asked, so no credentials of sources are needed. Throws `FatalError` before the first run; what happens later is in the report.
 */
export async function replayJobs(options: ReplayJobsOptions): Promise<ReplayReport> {
  const { environment, from, to, job, dryRun = false, clock, logger, observe, signal } = options;
  const aws = connect(environment);
  try {
    const file = await loadJobsFile(readSettings(environment, []), aws);
    const definitions = job === undefined ? [...file.jobs.values()].filter((one) => !isBronze(one)) : [replayable(findJob(file, job))];
    const streams = streamIds(definitions, options.streams, file);
    const sinkNames = [...new Set(definitions.flatMap(({ sinks }) => sinks))];
    const settings = readSettings(environment, [...new Set([...sinkNames.map((name) => sinkKind(name).need), 'raw' as const, 'state' as const])]);
    await Promise.all([
      checkBucket(aws, needed(settings, 'raw').bucket),
      checkState(settings, aws),
      ...sinkNames.map((name) => sinkKind(name).check(settings, aws)),
    ]);
    const [lake, state] = await Promise.all([openLake(settings, aws), openState(settings, aws)]);
    return await replayRuns({
      from,
      to,
      job,
      streams,
      streamOf: await streamsOf(file, sinkNames, settings, aws),
      lake: dryRun ? overlayObjectStore(lake) : lake,
      state: dryRun ? overlayStateStore(state) : state,
      dryRun,
      leaseMs: settings.leaseSeconds * 1000,
      clock,
      logger,
      observe,
      signal,
    });
  } finally {
    await aws.close();
  }
}

/** What is loaded as a whole is not landed, so there is nothing to deliver again. */
function replayable(definition: JobDefinition): JobDefinition {
  if (!isBronze(definition)) return definition;
  throw new FatalError(`The job ${definition.name} loads entities into bronze, which lands no pages that could be replayed`, {
    hint: `Read them again: loadin run ${definition.name} --full-refresh.`,
  });
}

function streamIds(definitions: readonly JobDefinition[], names: readonly string[] | undefined, file: JobsFile): string[] | undefined {
  if (names === undefined || names.length === 0) return undefined;
  const ids: string[] = [...new Set(definitions.flatMap(({ streams }) => streams.map(({ id }) => id)))];
  const found = names.map((name) => ids.filter((id) => id === name || id.split('.')[1] === name));
  const unknown = names.filter((_, index) => found[index]?.length === 0);
  if (unknown.length > 0)
    throw new FatalError(`No job that is replayed has the stream ${unknown.map((name) => `"${name}"`).join(', ')}`, {
      where: file.path,
      hint: `There are: ${ids.join(', ')}.`,
    });
  return [...new Set(found.flat())];
}

/** Streams as the jobs file has them now; each sink is made once. */
async function streamsOf(file: JobsFile, sinkNames: readonly string[], settings: Settings, aws: AwsConnections) {
  const sinks = new Map<string, Sink>();
  for (const name of sinkNames) sinks.set(name, await sinkKind(name).create(settings, aws, file.sinkOptions));
  const open = openStreams({ spotify: async () => nobody('Spotify'), ticketmaster: async () => nobody('Ticketmaster') });
  return async (job: string, streamId: string): Promise<JobStream | undefined> => {
    const definition = file.jobs.get(job);
    const wanted = definition?.streams.find(({ id }) => id === streamId);
    if (definition === undefined || wanted === undefined || isEntity(wanted)) return undefined;
    const dataType = dataTypeOf(wanted);
    return {
      stream: await open(wanted),
      transform: normalizerFor(dataType),
      sinks: definition.sinks.flatMap((name) => sinks.get(name) ?? []),
      maxRejected: wanted.options.max_rejected,
      schemaVersion: SCHEMA_VERSIONS[dataType],
    };
  };
}

/** Stands in for the client of a source: whoever calls it has a fault. */
function nobody<Client extends object>(source: string): Client {
  const refuse = (): never => {
    throw new FatalError(`A replay wanted to ask ${source}: this is a fault of Loadin`, { hint: 'Please report it.' });
  };
  // `then` is what `await` looks for.
  return new Proxy({} as Client, { get: (_, name) => (name === 'then' ? undefined : refuse) });
}
