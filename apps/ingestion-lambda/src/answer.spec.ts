import type { RunReport, StreamReport } from '@loadin/pipeline';
import { answerOf, stoppedAnswer } from './answer.js';

const arrived = { delivered: 90, dead_lettered: 1, pending: 0 };

function streamReport(stream: string): StreamReport {
  return {
    stream,
    source: 'ticketmaster',
    data_type: 'events',
    status: 'complete',
    ledger: { pages: 1, read: 100, accepted: 91, rejected: 4, deduplicated: 5, null_entries: 0, sinks: { s3_raw: arrived, kinesis: arrived } },
    effort: { requests: 1, retries: 0, waits: 0, wait_ms: 0, bytes_read: 1, bytes_written: 1 },
    duration_ms: 1,
    slices: { planned: 1, finished: 1 },
    groups_from_landing: 0,
    objects: [],
    notes: [],
    checkpoint: null,
    inputs: [],
    outputs: [],
  };
}

const report: RunReport = {
  report_version: 1,
  run_id: 'run-1',
  job: 'daily',
  scheduled_time: '2024-11-08T02:00:00Z',
  status: 'complete',
  already_complete: false,
  attempts: 1,
  dry_run: false,
  started_at: '2024-11-08T02:00:01Z',
  duration_ms: 1,
  problems: [],
  streams: [streamReport('ticketmaster.events')],
  report_uri: 's3://lake/_loadin/reports/daily/run-1.json',
};

describe('the answer of an invocation', () => {
  it('has status, counts by stream and where the whole report lies', () => {
    expect(answerOf(report)).toEqual({
      status: 'complete',
      job: 'daily',
      run_id: 'run-1',
      scheduled_time: '2024-11-08T02:00:00Z',
      already_complete: false,
      counts: {
        'ticketmaster.events': {
          status: 'complete',
          read: 100,
          accepted: 91,
          rejected: 4,
          deduplicated: 5,
          delivered: { s3_raw: 90, kinesis: 90 },
          dead_lettered: 2,
        },
      },
      problems: [],
      report: 's3://lake/_loadin/reports/daily/run-1.json',
    });
  });

  it('of a stopped run says why, and from when it can go on', () => {
    const stopped = { ...report, status: 'stopped', reason: 'quota', resume_after: '2024-11-09T00:00:00Z' } as const;
    expect(answerOf(stopped)).toMatchObject({ status: 'stopped', reason: 'quota', resume_after: '2024-11-09T00:00:00Z' });
  });

  it('has at most 100 KB, however much went wrong', () => {
    const streams = Array.from({ length: 200 }, (_, index) => streamReport(`postgres.table_with_a_long_name_${index}`));
    const problems = Array.from({ length: 1000 }, () => '\u20ac'.repeat(10_000));
    expect(Buffer.byteLength(JSON.stringify(answerOf({ ...report, status: 'failed', streams, problems })))).toBeLessThan(100_000);
  });

  it('has of several hundred streams those that are not complete, and as many of the others as fit', () => {
    const streams = Array.from({ length: 700 }, (_, index) => ({
      ...streamReport(`postgres.table_with_a_long_name_${index}`),
      ...(index % 100 === 99 && { status: 'failed' as const }),
    }));
    const problems = Array.from({ length: 1000 }, () => '\u20ac'.repeat(10_000));
    const answer = answerOf({ ...report, status: 'failed', streams, problems });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(100_000);
    expect(Object.values(answer.counts).filter(({ status }) => status === 'failed')).toHaveLength(7);
    expect(Object.keys(answer.counts).length).toBeGreaterThan(200);
    expect(answer.counts_left_out).toBe(700 - Object.keys(answer.counts).length);
  });

  it.each([
    ['run', { already_complete: false, run_id: null, scheduled_time: '2024-11-08T02:00:00Z', counts: {}, report: null }],
    ['plan', { already_complete: false, run_id: null, scheduled_time: '2024-11-08T02:00:00Z', waves: [] }],
    [
      'slice',
      { run_id: 'r', stream: 's.t', slice: 3, name: null, read: 0, accepted: 0, rejected: 0, deduplicated: 0, delivered: {}, dead_lettered: 0 },
    ],
    ['finish', { already_complete: false, run_id: 'r', scheduled_time: null, counts: {}, report: null }],
  ] as const)('has all fields of its phase (%s) when that was stopped before it began', (phase, fields) => {
    const time = phase === 'run' || phase === 'plan' ? { scheduled_time: '2024-11-08T03:00:00+01:00' } : { run_id: 'r', stream: 's.t', slice: 3 };
    const stop = { status: 'stopped', reason: 'lease', resume_after: '2024-11-08T02:00:30.000Z', problems: ['somebody holds the job'] } as const;
    expect(stoppedAnswer({ ...time, phase }, 'daily', stop)).toEqual({ ...stop, job: 'daily', ...fields });
  });
});
