import { FatalError } from '@loadin/resilience';
import { addLedgers } from '../report/ledger.js';
import { mapLimit } from '../map-limit.js';
import type { RunReport } from '../report/report.js';
import { RUNS, type RunRecord } from '../runs/run-record.js';
import type { RunCounts, RunSummary } from './run-types.js';
import { storedReport } from './stored-report.js';
import type { Stores } from './stores.js';

export interface ListRunsOptions {
  /** Default: all jobs. */
  readonly job?: string;
  /** So many, the latest by scheduled time. Default 20: a screen. */
  readonly limit?: number;
}

/** Documents read at once. */
const CONCURRENCY = 8;

/** The latest runs first, by scheduled time. Holds no more runs in memory than twice as many as are asked for. */
export async function listRuns({ lake, state }: Stores, { job, limit = 20 }: ListRunsOptions = {}): Promise<RunSummary[]> {
  let latest: RunRecord[] = [];
  for await (const { value } of state.list(RUNS)) {
    const record = value as unknown as RunRecord;
    if (job !== undefined && record.job !== job) continue;
    latest.push(record);
    if (latest.length >= 2 * limit) latest = latestOf(latest, limit);
  }
  return mapLimit(latestOf(latest, limit), CONCURRENCY, async (record) => {
    try {
      return summaryOf(record, await storedReport(lake, record));
    } catch (error) {
      // One damaged report must not hide all other runs.
      if (!(error instanceof FatalError)) throw error;
      return { ...summaryOf(record, undefined), problems: [`${error.message} (${error.where ?? lake.uri})`] };
    }
  });
}

const latestOf = (records: readonly RunRecord[], limit: number): RunRecord[] =>
  [...records].sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1)).slice(0, limit);

const orderOf = ({ scheduled_time, started_at, run_id }: RunRecord): string => `${scheduled_time} ${started_at} ${run_id}`;

function summaryOf(record: RunRecord, report: RunReport | undefined): RunSummary {
  if (report === undefined) return { ...record, streams: [], counts: null, problems: [] };
  return { ...record, streams: report.streams.map(({ stream }) => stream), counts: countsOf(report.streams), problems: report.problems };
}

export function countsOf(streams: readonly Pick<RunReport['streams'][number], 'ledger' | 'objects'>[]): RunCounts {
  const names = [...new Set(streams.flatMap(({ ledger }) => Object.keys(ledger.sinks)))];
  const { read, accepted, rejected, deduplicated, sinks } = addLedgers(
    streams.map(({ ledger }) => ledger),
    names,
  );
  const deadLettered = Object.values(sinks).reduce((sum, sink) => sum + sink.dead_lettered, 0);
  return {
    read,
    accepted,
    rejected,
    deduplicated,
    dead_lettered: deadLettered,
    objects: streams.reduce((sum, { objects }) => sum + objects.length, 0),
  };
}
