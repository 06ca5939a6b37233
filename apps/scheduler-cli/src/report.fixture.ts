import type { Ledger, RunReport, StreamReport } from '@loadin/pipeline';

const AT = '2024-11-08T02:00:00Z';

/** A ledger of a stream of which everything arrived; `more` is what is different. */
export function ledgerOf(read: number, more: Partial<Ledger> = {}): Ledger {
  const arrived = { delivered: read, dead_lettered: 0, pending: 0 };
  return { pages: 2, read, accepted: read, rejected: 0, deduplicated: 0, null_entries: 0, sinks: { s3_raw: arrived, kinesis: arrived }, ...more };
}

export function streamReportOf(stream: string, more: Partial<StreamReport> = {}): StreamReport {
  const [source = '', data_type = ''] = stream.split('.');
  return {
    stream,
    source,
    data_type,
    status: 'complete',
    ledger: ledgerOf(1500),
    effort: { requests: 16, source_requests: 12, retries: 1, waits: 2, wait_ms: 1500, bytes_read: 1_250_000, bytes_written: 900_000 },
    duration_ms: 4200,
    slices: { planned: 1, finished: 1 },
    groups_from_landing: 0,
    objects: [
      {
        uri: `s3://lake/raw/${source}/${data_type}/year=2024/month=11/day=08/${data_type}_20241108_020000.json`,
        records: 1500,
        bytes: 812_345,
        existed: false,
      },
    ],
    notes: [],
    checkpoint: { last_sync_timestamp: AT, record_count: 1500, updated_at: AT, run_id: 'run-1' },
    inputs: [],
    outputs: [],
    ...more,
  };
}

export function reportOf(more: Partial<RunReport> = {}): RunReport {
  return {
    report_version: 1,
    run_id: 'run-1',
    job: 'daily',
    scheduled_time: AT,
    status: 'complete',
    already_complete: false,
    attempts: 1,
    dry_run: false,
    started_at: AT,
    duration_ms: 65_000,
    problems: [],
    streams: [streamReportOf('spotify.artists'), streamReportOf('ticketmaster.events')],
    report_uri: 's3://lake/_loadin/reports/daily/run-1.json',
    ...more,
  };
}
