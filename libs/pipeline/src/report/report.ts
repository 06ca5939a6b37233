import type { Checkpoint } from '../checkpoint.js';
import type { Ledger } from './ledger.js';
import type { MeterName } from '@loadin/observability';
import type { ErrorAction, StopReason } from '@loadin/resilience';
import type { ObjectStore } from '../ports/object-store.js';
import type { WrittenObject } from '../ports/sink.js';
import type { Note } from '../ports/stream.js';
import type { SliceTime } from '../slices/slice-time.js';

export type RunStatus = 'complete' | 'stopped' | 'failed';

/** What a run did, for people and programs: printed by `--json`, stored under `_loadin/reports/`. */
export interface RunReport {
  readonly report_version: 1;
  readonly run_id: string;
  readonly job: string;
  readonly scheduled_time: string;
  readonly status: RunStatus;
  /** Why a stopped run stopped. */
  readonly reason?: StopReason;
  /** When a stopped run can go on, if that is known. ISO 8601 UTC. */
  readonly resume_after?: string;
  /** True when the run was complete before this call and nothing was done. */
  readonly already_complete: boolean;
  readonly attempts: number;
  readonly dry_run: boolean;
  readonly started_at: string;
  /** Of the last attempt, milliseconds. */
  readonly duration_ms: number;
  /** What the run waited for. Reports of earlier versions lack it. */
  readonly time?: RunTime;
  /** Whatever makes the result less than promised, in sentences: truncated windows, too many rejections, errors. Empty when all is well. */
  readonly problems: readonly string[];
  readonly streams: readonly StreamReport[];
  /** `s3://…` of the stored report; null where none was stored: by a dry run, while another process is at work on the run, when the lake can't be reached. */
  readonly report_uri: string | null;
}

export interface StreamReport {
  readonly stream: string;
  readonly source: string;
  readonly data_type: string;
  /** What brought its slices, where that is a loader and not sinks. */
  readonly loader?: string;
  readonly status: RunStatus | 'not_started';
  readonly ledger: Ledger;
  /** Requests, retries, waits and bytes of all attempts, as far as they could note them. */
  readonly effort: Effort;
  /** What its slices waited for in all attempts; of slices side by side the sum. Reports of earlier versions lack it. */
  readonly time?: SliceTime;
  /** Of the last attempt, from its first slice's beginning to its last slice's end, milliseconds. */
  readonly duration_ms: number;
  readonly slices: { readonly planned: number; readonly finished: number };
  readonly groups_from_landing: number;
  readonly objects: readonly WrittenObject[];
  readonly notes: readonly Note[];
  readonly checkpoint: Checkpoint | null;
  /** OpenLineage-shaped names of what was read and written. */
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
  readonly error?: ReportedError;
}

/** Milliseconds; those of the slices are sums over all streams. */
export interface RunTime extends SliceTime {
  /** Until the first slice of the last attempt could begin: its lease, the plan. */
  readonly planning_ms: number;
  /** After the last slice, until the report could be stored: the lease, the slices' progress, checkpoints. */
  readonly finishing_ms: number;
}

export interface Effort extends Readonly<Record<MeterName, number>> {
  /** Of `requests`, those to the source, which its quota counts; the others are the sinks'. Reports of earlier versions lack it. */
  readonly source_requests?: number;
  /** Of `retries`, those of calls to the source. Reports of earlier versions lack it. */
  readonly source_retries?: number;
}

export interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly schema_version?: string;
}

export interface ReportedError {
  readonly name: string;
  /** What to do about it: `fatal` (change something), `retry`, `skip`, `stop` (resumable). */
  readonly action: ErrorAction;
  /** Nobody foresaw it: a bug to report, not something to configure. */
  readonly unexpected?: true;
  readonly message: string;
  readonly where?: string;
  readonly hint?: string;
}

/** How a log line begins that says a run or a stream has ended. */
export const ENDED: Readonly<Record<StreamReport['status'], string>> = {
  complete: 'Completed',
  stopped: 'Stopped',
  failed: 'Failed',
  not_started: 'Not started',
};

/** Where all reports of runs lie, job by job. */
export const REPORTS = '_loadin/reports/';

export const reportKey = (job: string, runId: string): string => `${REPORTS}${job}/${runId}.json`;

export async function storeReport(lake: ObjectStore, report: RunReport): Promise<void> {
  await lake.put(reportKey(report.job, report.run_id), Buffer.from(`${JSON.stringify(report)}\n`), { contentType: 'application/json' });
}

export async function readReport(lake: ObjectStore, job: string, runId: string): Promise<RunReport | undefined> {
  const body = await lake.get(reportKey(job, runId));
  return body === undefined ? undefined : (JSON.parse(Buffer.from(body).toString('utf8')) as RunReport);
}
