import { isoSecond, oneLine, parseScheduledTime, runJob, systemClock, type RunReport } from '@loadin/pipeline';
import type { JobDefinition } from '@loadin/config';
import { VALIDATION } from './entity-lines.js';
import { selectStreams } from './load-jobs-file.js';
import { tellMetrics } from './metrics/tell-metrics.js';
import { withJob, type NamedJobOptions, type OpenJob } from './open-job.js';
import { isBronze } from './stream-facts.js';
import { openLake } from './stores.js';

/** Which run of a job is meant. */
export interface NamedRunOptions extends NamedJobOptions {
  /** The scheduled time, ISO 8601 with a zone. Default: a manual run. */
  readonly at?: string;
  readonly again?: boolean;
  /** Streams by id or data type. Default: all of the job. */
  readonly streams?: readonly string[];
  /** Incremental streams are read from the beginning. Default: as the setting `LOAD_TYPE` says for jobs that write bronze, false for others. */
  readonly fullRefresh?: boolean;
}

export interface RunNamedJobOptions extends NamedRunOptions {
  /** Reads and validates (it spends quota) and writes nothing but quota and lease. Default false. */
  readonly dryRun?: boolean;
  /** Slices of one stream in flight; of entities, which are one slice each, all of them. Default 4. */
  readonly concurrency?: number;
  /** Milliseconds that are left for slices: with less than one may need no further one is begun. Default: no end. */
  readonly deadline?: () => number;
}

/** They share the memory for rows and the thread that encodes, and all are read by one thread: more of them would wait for each other. */
const LOADS_AT_ONCE = 4;

/**
 * Runs a job of the jobs file with what the settings say, as the command line and the Lambda function both do. Throws `FatalError`
 * (`ConfigurationError`, `JobsFileError`) before anything is read, `StopError` when another process plans or finishes a run of the job; what happens later is in
 * the report.
 */
export async function runNamedJob(options: RunNamedJobOptions): Promise<RunReport> {
  const { again, dryRun = false, concurrency, deadline } = options;
  const at = options.at === undefined ? undefined : parseScheduledTime(options.at);
  return withJob({ ...options, ...readingOf(options, at), preflight: true, dryRun }, async (open) => {
    validated(open);
    const [only, fullRefresh] = [onlyOf(open, options.streams), fullRefreshOf(open, options)];
    const maxSlices = isBronze(open.definition) ? (concurrency ?? LOADS_AT_ONCE) : undefined;
    const report = await runJob({ ...open.phase, ...{ only, at, again, fullRefresh, concurrency, maxSlices, deadline } });
    if (dryRun || report.already_complete) return report;
    if (report.status === 'complete') await open.changes.store();
    await keepLog(open, report, options);
    await tellMetrics(open, report, options);
    return report;
  });
}

/** The streams that are asked for; what has changed lately counts as of the run's time. */
export const readingOf = (
  { streams, clock = systemClock, logger }: NamedRunOptions,
  at: string | undefined,
): { readonly select: (definition: JobDefinition) => JobDefinition; readonly changesAt: string } => ({
  select(definition) {
    if (isBronze(definition)) logger?.info(`Starting: ${VALIDATION}`);
    return selectStreams(definition, streams);
  },
  changesAt: at ?? isoSecond(clock.now()),
});

/** What `readingOf` has said is begun. */
export function validated({ definition, log }: OpenJob): void {
  if (isBronze(definition)) log.logger.info(`Completed: ${VALIDATION}`);
}

/** Who asks wins over the setting, which is one of bronze. */
export const fullRefreshOf = ({ settings, definition }: OpenJob, { fullRefresh }: NamedRunOptions): boolean | undefined =>
  fullRefresh ?? (isBronze(definition) && settings.loadType === 'full' ? true : undefined);

/** Some of a job's streams are a run of its own. */
export function onlyOf({ file, definition }: OpenJob, streams: readonly string[] | undefined): string[] | undefined {
  const whole = streams === undefined || file.jobs.get(definition.name)?.streams.length === definition.streams.length;
  return whole ? undefined : definition.streams.map(({ id }) => id);
}

/**
 * The data has arrived by now: a log that can't be kept is worth a warning, not a failed run. Where another copy goes on with the run the log is its: two that are
 * put at the same time would overwrite each other.
 */
export async function keepLog({ log, settings, aws }: OpenJob, report: RunReport, { logger }: NamedJobOptions): Promise<void> {
  if (report.reason === 'lease') return;
  try {
    await log.upload(await openLake(settings, aws, settings.logBucket), report.run_id, report.scheduled_time);
  } catch (error) {
    logger?.warn(`The run's log could not be stored: ${oneLine(error)}`);
  }
}
