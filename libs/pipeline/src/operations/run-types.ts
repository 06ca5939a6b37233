import type { Ledger } from '../report/ledger.js';
import type { WrittenObject } from '../ports/sink.js';
import type { Note } from '../ports/stream.js';
import type { ReportedError, RunReport, StreamReport } from '../report/report.js';
import type { RunRecord } from '../runs/run-record.js';

/** One line of `loadin runs list`. */
export interface RunSummary extends RunRecord {
  /** Streams of its report; empty when it has none. */
  readonly streams: readonly string[];
  /** Sums over its streams, from the stored report; `null` when there is none (its first attempt is under way, or was killed). */
  readonly counts: RunCounts | null;
  readonly problems: readonly string[];
}

export interface RunCounts {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly deduplicated: number;
  /** Letters of sinks; rejected records are letters as well, and are counted above. */
  readonly dead_lettered: number;
  readonly objects: number;
}

/** What `loadin runs show` says. */
export interface RunDetails {
  readonly run: RunRecord;
  /** `report`: of the last attempt · `progress`: what the state store knows by now, because no attempt has ended since the last one began · `none`: not planned yet. */
  readonly source: 'report' | 'progress' | 'none';
  readonly streams: readonly RunStreamDetails[];
  readonly problems: readonly string[];
  /** Why it stopped, and until when, if it did. */
  readonly stopped: Pick<RunReport, 'reason' | 'resume_after'> | null;
  /** Milliseconds of the last attempt; `null` when it has not ended. */
  readonly duration_ms: number | null;
  /** What it waited for, by its report. */
  readonly time: RunReport['time'] | null;
  readonly plan_uri: string | null;
  readonly report_uri: string | null;
}

export interface RunStreamDetails {
  readonly stream: string;
  readonly source: string;
  readonly data_type: string;
  /** `under_way`: no attempt that knows has ended. */
  readonly status: StreamReport['status'] | 'under_way';
  readonly slices: StreamReport['slices'];
  readonly ledger: Ledger;
  readonly objects: readonly WrittenObject[];
  readonly notes: readonly Note[];
  readonly error?: ReportedError;
  /** What brought it, where that is a loader and not sinks; with how long its last attempt took and up to where it is read. By a report alone. */
  readonly loader?: StreamReport['loader'];
  readonly duration_ms?: StreamReport['duration_ms'];
  readonly checkpoint?: StreamReport['checkpoint'];
}
