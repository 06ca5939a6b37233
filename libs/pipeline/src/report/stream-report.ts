import type { Checkpoint } from '../checkpoint.js';
import { DEFAULT_MAX_REJECTED, sinkNamesOf, type StreamOfJob } from '../job.js';
import { addLedgers, imbalances, type Ledger } from './ledger.js';
import type { StreamPlan } from '../plan/plan.js';
import type { ObjectStore } from '../ports/object-store.js';
import { isFinished, ledgerFor, type SliceProgress } from '../slices/progress.js';
import type { Dataset, StreamReport } from './report.js';
import { problemOf, reportedError, worstOf, type SliceError } from '../slices/slice-error.js';
import { addEfforts, noEffort } from '../slices/slice-effort.js';
import { addTimes, noTime } from '../slices/slice-time.js';

/** The report of a stream that has done nothing yet. */
export function emptyStreamReport(jobStream: StreamOfJob, streamPlan: StreamPlan, status: StreamReport['status']): StreamReport {
  return {
    stream: streamPlan.id,
    source: streamPlan.source,
    data_type: streamPlan.data_type,
    ...(jobStream.loader !== undefined && { loader: jobStream.loader.name }),
    status,
    ledger: addLedgers([], sinkNamesOf(jobStream)),
    effort: noEffort,
    time: noTime,
    duration_ms: 0,
    slices: { planned: streamPlan.slices.length, finished: 0 },
    groups_from_landing: 0,
    objects: [],
    notes: [],
    checkpoint: null,
    inputs: [],
    outputs: [],
  };
}

/** What is known of one slice when its stream is reported. */
export interface ReportedSlice {
  readonly progress: SliceProgress;
  /** Why it is not finished. */
  readonly error?: SliceError;
}

export interface StreamFacts {
  readonly lake: ObjectStore;
  /** When the attempt began whose duration is reported, epoch milliseconds. */
  readonly since: number;
  readonly checkpoint: Checkpoint | null;
  /** What went wrong besides the slices. */
  readonly error?: SliceError;
}

/** A stream's report from what its slices came to, wherever they were worked on. */
export function streamReport(jobStream: StreamOfJob, streamPlan: StreamPlan, slices: readonly ReportedSlice[], facts: StreamFacts): StreamReport {
  const { lake, since, checkpoint } = facts;
  const progress = slices.map((slice) => slice.progress);
  const error = worstOf([...slices.flatMap((slice) => slice.error ?? []), ...(facts.error === undefined ? [] : [facts.error])]);
  const names = sinkNamesOf(jobStream);
  const done = progress.filter((one) => isFinished(one, names));
  return {
    ...emptyStreamReport(jobStream, streamPlan, error === undefined ? 'complete' : error.action === 'stop' ? 'stopped' : 'failed'),
    ledger: addLedgers(
      progress.flatMap((one) => ledgerFor(one, names) ?? []),
      names,
    ),
    effort: addEfforts(progress.flatMap(({ effort }) => effort ?? [])),
    time: addTimes(progress.flatMap(({ time }) => time ?? [])),
    duration_ms: durationSince(since, progress),
    slices: { planned: streamPlan.slices.length, finished: done.length },
    groups_from_landing: done.reduce((sum, { finished }) => sum + (finished?.groups_from_landing ?? 0), 0),
    objects: progress.flatMap(({ sinks }) => Object.values(sinks).flatMap(({ objects }) => objects)),
    notes: [...(streamPlan.notes ?? []), ...done.flatMap(({ finished }) => finished?.notes ?? [])],
    checkpoint,
    ...datasets(jobStream, streamPlan, lake),
    ...(error !== undefined && { error: reportedError(error) }),
  };
}

/** From the first beginning to the last end of the slices that were worked on since then. */
function durationSince(since: number, slices: readonly SliceProgress[]): number {
  const worked = slices.filter(({ began_at }) => began_at !== undefined && Date.parse(began_at) >= since);
  if (worked.length === 0) return 0;
  const began = worked.map(({ began_at = '' }) => Date.parse(began_at));
  const ended = worked.map(({ ended_at, began_at = '' }) => Date.parse(ended_at ?? began_at));
  return Math.max(0, Math.max(...ended) - Math.min(...began));
}

/** Sentences for everything that makes a stream's result less than promised. */
export function problemsOf(jobStream: StreamOfJob, report: StreamReport, ledger: Ledger): string[] {
  const { stream } = report;
  const problems = imbalances(ledger).map((sentence) => `${stream}: the ledger does not balance: ${sentence}`);
  if (report.error !== undefined) problems.push(`${stream}: ${problemOf(report.error)}`);
  for (const note of report.notes) if (note.kind === 'truncated') problems.push(`${stream}: ${note.message}`);
  const limit = jobStream.maxRejected ?? DEFAULT_MAX_REJECTED;
  const lettered = Object.values(ledger.sinks).reduce((most, sink) => Math.max(most, sink.dead_lettered), 0);
  const lost = ledger.rejected + lettered;
  if (ledger.read > 0 && lost / ledger.read > limit) {
    problems.push(
      `${stream}: ${lost} of ${ledger.read} records were rejected or dead-lettered (${percent(lost / ledger.read)}); max_rejected allows ${percent(limit)}`,
    );
  }
  return problems;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

export function datasets(jobStream: StreamOfJob, streamPlan: StreamPlan, lake: ObjectStore): { inputs: Dataset[]; outputs: Dataset[] } {
  const { source, data_type } = streamPlan;
  const landed = { namespace: lake.uri, name: `landing/${source}/${data_type}` };
  return {
    inputs: [{ namespace: source, name: data_type }, ...(jobStream.loader === undefined ? [landed] : [])],
    outputs: sinkNamesOf(jobStream).map((namespace) => ({ namespace, name: `${source}.${data_type}`, schema_version: jobStream.schemaVersion })),
  };
}
