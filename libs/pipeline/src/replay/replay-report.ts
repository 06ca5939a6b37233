import type { StopReason } from '@loadin/resilience';
import type { ObjectStore } from '../ports/object-store.js';
import type { RunStatus, StreamReport } from '../report/report.js';
import { REPLAYS } from './survey-store.js';
import type { RecordChanges, SliceSurvey } from './survey.js';

/** What a replay did, run by run. */
export interface ReplayReport {
  readonly report_version: 1;
  /** UUIDv5 of what was asked for, and of how often it was done before. */
  readonly replay_id: string;
  /** Scheduled times, both included; ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  /** `failed` also when a run could not be replayed. */
  readonly status: RunStatus;
  readonly reason?: StopReason;
  readonly attempts: number;
  readonly dry_run: boolean;
  /** Of the last attempt, milliseconds. */
  readonly duration_ms: number;
  /** By scheduled time. */
  readonly runs: readonly ReplayedRun[];
}

/** What became of one run; stored under `_loadin/replays/`. */
export interface ReplayedRun {
  readonly report_version: 1;
  readonly replay_id: string;
  readonly run_id: string;
  readonly job: string;
  /** Empty when nothing says it. */
  readonly scheduled_time: string;
  /**
   * `skipped`: it can't be replayed, `skipped_because` says why · `left_out`: a replay is not for it, nor was it asked for by its job or stream; `left_out` says why ·
   * `not_started`: the replay stopped before it.
   */
  readonly status: RunStatus | 'skipped' | 'left_out' | 'not_started';
  readonly skipped_because?: string;
  /** Streams that a replay is not for, because nothing of them is landed. */
  readonly left_out?: readonly { readonly stream: string; readonly because: string }[];
  readonly reason?: StopReason;
  /** True when an earlier attempt of this replay completed it. */
  readonly already_complete: boolean;
  readonly dry_run: boolean;
  readonly duration_ms: number;
  readonly problems: readonly string[];
  readonly streams: readonly ReplayedStream[];
  /** `s3://…` of the stored report; null when none is stored. */
  readonly report_uri: string | null;
}

export interface ReplayedStream extends StreamReport {
  readonly replay: {
    /** Counts the replays of this stream of the run. */
    readonly number: number;
    readonly records: RecordChanges;
    readonly objects: ObjectChanges;
  };
}

/** Objects of sinks that can be read back. */
export interface ObjectChanges {
  /** They are there with the same bytes, and stayed untouched. */
  readonly kept: number;
  /** They were missing or damaged. */
  readonly rebuilt: number;
  readonly replaced: number;
  /** Their records lie in other objects now, or are rejected. */
  readonly emptied: number;
}

export function recordChanges(surveys: readonly SliceSurvey[]): RecordChanges {
  const sum = (name: keyof RecordChanges): number => surveys.reduce((total, { records }) => total + records[name], 0);
  return { unchanged: sum('unchanged'), changed: sum('changed'), newly_accepted: sum('newly_accepted'), newly_rejected: sum('newly_rejected') };
}

export function objectChanges(surveys: readonly SliceSurvey[]): ObjectChanges {
  const changes = { kept: 0, rebuilt: 0, replaced: 0, emptied: 0 };
  for (const { state, needed } of surveys.flatMap(({ standings }) => Object.values(standings).flat())) {
    if (state === 'identical') changes.kept += 1;
    else if (!needed) changes.emptied += state === 'missing' ? 0 : 1;
    else if (state === 'different') changes.replaced += 1;
    else changes.rebuilt += 1;
  }
  return changes;
}

export const replayReportKey = (job: string, runId: string, replayId: string): string => `${REPLAYS}${job}/${runId}/${replayId}.json`;

export async function storeReplayedRun(lake: ObjectStore, run: ReplayedRun): Promise<void> {
  const key = replayReportKey(run.job, run.run_id, run.replay_id);
  await lake.put(key, Buffer.from(`${JSON.stringify(run)}\n`), { contentType: 'application/json' });
}

export async function readReplayedRun(lake: ObjectStore, job: string, runId: string, replayId: string): Promise<ReplayedRun | undefined> {
  const body = await lake.get(replayReportKey(job, runId, replayId));
  return body === undefined ? undefined : (JSON.parse(Buffer.from(body).toString('utf8')) as ReplayedRun);
}
