import type { JobDefinition } from '@loadin/config';
import {
  FatalError,
  finishRun,
  parseScheduledTime,
  planRun,
  runPlannedSlice,
  type JsonObject,
  type PlannedRun,
  type RunReport,
  type SliceReport,
} from '@loadin/pipeline';
import { lakeBucket } from './job-needs.js';
import { tellMetrics } from './metrics/tell-metrics.js';
import { withJob, type NamedJobOptions, type OpenJob } from './open-job.js';
import { fullRefreshOf, keepLog, onlyOf, readingOf, validated, type NamedRunOptions } from './run-named-job.js';

/**
 * The first phase of a run whose slices are worked on elsewhere: checks that everything is there, fixes what is to be read, and says which slices may be worked on
 * at the same time. Throws as `runNamedJob` does.
 */
export async function planNamedJob(options: PlanNamedJobOptions): Promise<NamedPlan> {
  const at = options.at === undefined ? undefined : parseScheduledTime(options.at);
  const { again, eventOf } = options;
  return withJob({ ...options, ...readingOf(options, at), preflight: true }, async (open) => {
    validated(open);
    const planned = await planRun({
      ...open.phase,
      ...{ only: onlyOf(open, options.streams), at, again, fullRefresh: fullRefreshOf(open, options) },
    });
    return { ...planned, lists: eventOf === undefined ? [] : await storeLists(open, planned, eventOf) };
  });
}

export interface PlanNamedJobOptions extends NamedRunOptions {
  /** Of a slice, what the process is to be sent that works on it: then these are stored as lists. Default: they are not. */
  readonly eventOf?: (slice: SliceOfRun) => JsonObject;
}

export interface SliceOfRun {
  readonly run_id: string;
  readonly stream: string;
  /** Its ordinal. */
  readonly slice: number;
}

export interface NamedPlan extends PlannedRun {
  /** Of each wave where its events lie: an object with a JSON array. */
  readonly lists: readonly { readonly slices: number; readonly bucket: string; readonly key: string }[];
}

/** `_loadin/waves/{job}/{run id}/{number}.json`; planning again writes the same. */
async function storeLists({ phase: { lake }, settings, definition }: OpenJob, planned: PlannedRun, eventOf: (slice: SliceOfRun) => JsonObject) {
  const { run_id, job, waves } = planned;
  const bucket = lakeBucket(definition, settings);
  const lists: NamedPlan['lists'][number][] = [];
  for (const [number, wave] of waves.entries()) {
    const key = `_loadin/waves/${job}/${run_id}/${number}.json`;
    const events = wave.map(({ stream, slice }) => eventOf({ run_id, stream, slice }));
    await lake.put(key, Buffer.from(JSON.stringify(events)), { contentType: 'application/json' });
    lists.push({ slices: wave.length, bucket, key });
  }
  return lists;
}

export interface RunNamedSliceOptions extends NamedJobOptions {
  /** As `planNamedJob` answered them. */
  readonly runId: string;
  readonly stream: string;
  readonly slice: number;
}

/**
 * The middle phase: one slice of the plan, once for each slice, anywhere and in any order within its wave. It opens its own stream alone and asks for nothing first, so that it is
 * cheap. What has changed lately is not noted: no slice sees the whole stream.
 */
export async function runNamedSlice(options: RunNamedSliceOptions): Promise<SliceReport> {
  const { runId, stream, slice } = options;
  return withJob({ ...options, select: (definition) => streamAlone(definition, stream) }, ({ phase }) =>
    runPlannedSlice({ ...phase, runId, stream, slice }),
  );
}

/** Not `selectStreams`: a stream that reads what another one lands can do so here, from the plan's. */
function streamAlone(definition: JobDefinition, id: string): JobDefinition {
  const streams = definition.streams.filter((stream) => stream.id === id);
  if (streams.length > 0) return { ...definition, streams };
  throw new FatalError(`The job ${definition.name} has no stream "${id}"`, {
    hint: `It has: ${definition.streams.map((one) => one.id).join(', ')}.`,
  });
}

export interface FinishNamedJobOptions extends NamedJobOptions {
  readonly runId: string;
}

/** The last phase: moves the checkpoints, stores report and log, marks the run complete; or says which slices are not done and why. It can be repeated. */
export async function finishNamedJob(options: FinishNamedJobOptions): Promise<RunReport> {
  return withJob(options, async (open) => {
    const report = await finishRun({ ...open.phase, runId: options.runId });
    if (report.already_complete) return report;
    await keepLog(open, report, options);
    await tellMetrics(open, report, options);
    return report;
  });
}
