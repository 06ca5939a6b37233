import type { RunReport } from '@loadin/pipeline';
import chalk from 'chalk';
import { ledgerOf, reportOf, streamReportOf } from '../report.fixture.js';
import { renderReport } from './report.js';

describe('the report', () => {
  // Nx makes children colour their output.
  beforeEach(() => (chalk.level = 0));

  it('accounts for every record of a complete run', () => {
    expect(renderReport(reportOf())).toBe(`daily · scheduled 2024-11-08 02:00:00 UTC · attempt 1 · complete in 1 min 05 s

STREAM               STATUS     READ  ACCEPTED  REJECTED  DEDUPLICATED  CALLS  RETRIES  WAITED  RECEIVED   TIME
spotify.artists      complete  1,500     1,500         0             0     12        1   1.5 s    1.3 MB  4.2 s
ticketmaster.events  complete  1,500     1,500         0             0     12        1   1.5 s    1.3 MB  4.2 s

SINK     STREAM               DELIVERED  DEAD-LETTERED  PENDING
kinesis  spotify.artists          1,500              0        0
kinesis  ticketmaster.events      1,500              0        0
s3_raw   spotify.artists          1,500              0        0
s3_raw   ticketmaster.events      1,500              0        0

OBJECT
s3://lake/raw/spotify/artists/year=2024/month=11/day=08/artists_20241108_020000.json     1,500 records  812.3 KB
s3://lake/raw/ticketmaster/events/year=2024/month=11/day=08/events_20241108_020000.json  1,500 records  812.3 KB

CHECKPOINT           SYNCED TO
spotify.artists      2024-11-08 02:00:00 UTC  1,500 records
ticketmaster.events  2024-11-08 02:00:00 UTC  1,500 records

Run run-1 · report s3://lake/_loadin/reports/daily/run-1.json
`);
  });

  it('has a line for each entity of bronze, which says what of it was new, and up to where it is read', () => {
    const file = {
      uri: 's3://lake/data/bronze/orders/ingestion_date=2024-11-08/load_type=incremental/event_date=2024-11-07/part-00000-x.parquet',
      existed: false,
    };
    const sinks = { s3_bronze: { delivered: 1480, dead_lettered: 0, pending: 0 } };
    const orders = streamReportOf('postgres.orders', {
      loader: 's3_bronze',
      ledger: ledgerOf(1500, { accepted: 1480, deduplicated: 20, sinks }),
      objects: [1000, 480].map((records) => ({ ...file, records, bytes: records * 40 })),
    });
    const none = { ...ledgerOf(0), sinks: { s3_bronze: { delivered: 0, dead_lettered: 0, pending: 0 } } };
    const payments = streamReportOf('payments.payments', { loader: 's3_bronze', status: 'failed', ledger: none, objects: [], checkpoint: null });
    const report = { job: 'bronze', streams: [orders, payments], status: 'failed', problems: ['payments.payments: the key is refused'] } as const;
    expect(renderReport(reportOf(report))).toBe(`bronze · scheduled 2024-11-08 02:00:00 UTC · attempt 1 · failed in 1 min 05 s

ENTITY    STATUS    LOAD          READ  UNCHANGED  REJECTED  DELIVERED  FILES     SIZE   TIME  SYNCED TO
orders    complete  incremental  1,500         20         0      1,480      2  59.2 KB  4.2 s  2024-11-08 02:00:00 UTC
payments  failed    –                0          0         0          0      0      0 B  4.2 s

PROBLEMS
  payments.payments: the key is refused

Run run-1 · report s3://lake/_loadin/reports/daily/run-1.json
`);
  });

  it('says what went wrong and what to do about it, a hint of two streams once', () => {
    const error = { name: 'FatalError', action: 'fatal', message: 'the key is refused', hint: 'Check API_TICKETMASTER_API_KEY.' } as const;
    const failed = (stream: string) => streamReportOf(stream, { status: 'failed', error, objects: [], checkpoint: null });
    const problems = ['ticketmaster.venues: the key is refused', 'ticketmaster.events: the key is refused'];
    const text = renderReport(reportOf({ status: 'failed', problems, streams: [failed('ticketmaster.venues'), failed('ticketmaster.events')] }));
    expect(text).toContain('attempt 1 · failed in 1 min 05 s\n');
    expect(text).toContain(`PROBLEMS
  ticketmaster.venues: the key is refused
  ticketmaster.events: the key is refused
  → Check API_TICKETMASTER_API_KEY.
`);
  });

  it('of a stopped run says how to go on, and from when', () => {
    expect(renderReport(reportOf({ status: 'stopped', reason: 'cancelled' }))).toContain(
      '\nStopped (cancelled): run the same command again to go on.\n',
    );
    const quota = renderReport(reportOf({ status: 'stopped', reason: 'quota', resume_after: '2024-11-09T00:00:00Z' }));
    expect(quota).toContain('\nStopped (quota): it can go on after 2024-11-09 00:00:00 UTC with the same command.\n');
  });

  it('of a run that was complete before says that nothing was done', () => {
    expect(renderReport(reportOf({ already_complete: true })).split('\n')[0]).toBe(
      'daily · scheduled 2024-11-08 02:00:00 UTC · attempt 1 · already complete; nothing was done',
    );
  });

  it('of a dry run names no object, checkpoint or stored report, and what would be delivered', () => {
    const text = renderReport(reportOf({ dry_run: true }));
    expect(text.split('\n')[0]).toMatch(/ · dry run: nothing was written$/);
    expect(text).not.toContain('s3://');
    expect(text).not.toContain('CHECKPOINT');
    expect(text).toMatch(/^SINK +STREAM +WOULD DELIVER +DEAD-LETTERED +PENDING$/m);
  });

  it('of a run with problems says so in its first line, also when it is printed again', () => {
    const problems = ['ticketmaster.events: 12 of 100 records were rejected'];
    const first = (more: Partial<RunReport>) => renderReport(reportOf({ problems, ...more })).split('\n')[0];
    expect(first({})).toMatch(/ · complete, but with problems \(see below\), in 1 min 05 s$/);
    expect(first({ already_complete: true })).toMatch(/ · already complete, with problems \(see below\); nothing was done$/);
    expect(first({ status: 'failed' })).toMatch(/ · failed in 1 min 05 s$/);
  });

  it('of a run of several attempts says what is counted of one alone, and how to begin anew', () => {
    const note = (more: Partial<RunReport>) => /^all numbers .*$/m.exec(renderReport(reportOf(more)))?.[0];
    expect(note({ attempts: 1 })).toBeUndefined();
    expect(note({ attempts: 2 })).toBe('all numbers are those of all attempts; the time is that of this one');
    expect(note({ attempts: 2, already_complete: true })).toMatch(/; the time is that of the last one$/);
    const continued = (more: Partial<RunReport>) => /^this went on .*$/m.exec(renderReport(reportOf(more)))?.[0];
    expect(continued({ attempts: 2 })).toBe(
      'this went on with the run of 2024-11-08 02:00:00 UTC: what was complete in it was not read once more; --again makes a new run',
    );
    expect([continued({ attempts: 1 }), continued({ attempts: 2, already_complete: true })]).toEqual([undefined, undefined]);
  });

  it('says in one line what was waited for', () => {
    const time = { planning_ms: 120, reading_ms: 3200, landing_ms: 80, delivering_ms: 1500, progress_ms: 12, lease_ms: 30, finishing_ms: 90 };
    expect(renderReport(reportOf({ time }))).toContain(
      'waited, all slices added up: planning 120 ms · sources 3.2 s · landing 80 ms · sinks 1.5 s · progress 12 ms · leases 30 ms · finishing 90 ms\n',
    );
  });

  it('sums up objects beyond a dozen, and says each note once', () => {
    const objects = Array.from({ length: 15 }, (_, part) => ({ uri: `s3://lake/raw/x_${part}.json`, records: 10, bytes: 100, existed: false }));
    const notes = [0, 1].map(() => ({ kind: 'capability' as const, message: 'followers: not available to this app' }));
    const text = renderReport(
      reportOf({ streams: [streamReportOf('spotify.artists', { objects, notes, ledger: ledgerOf(150, { null_entries: 3 }) })] }),
    );
    expect(text.match(/s3:\/\/lake\/raw\//g)).toHaveLength(12);
    expect(text).toContain('… and 3 more, all in the stored report\n');
    expect(text.match(/^note: .*$/gm)).toEqual([
      'note: spotify.artists: followers: not available to this app',
      "note: spotify.artists: 3 null entries in the source's answers were skipped",
    ]);
    expect(renderReport(reportOf({ streams: [streamReportOf('spotify.artists', { ledger: ledgerOf(150, { null_entries: 1 }) })] }))).toContain(
      "1 null entry in the source's answers was skipped",
    );
  });

  it('says of all slices together what would be said of each', () => {
    const left = '47 % of the horizon is left for later runs (2026-11-24T18:12:15Z to 2026-11-26T09:59:59Z)';
    const notes = [
      ...['US', 'GB', 'SE'].map((slice) => ({ kind: 'skipped' as const, message: `${slice}: ${left}` })),
      { kind: 'skipped' as const, message: 'DE: 40 % of the horizon is left for later runs' },
      { kind: 'drift' as const, message: 'the total changed while it was read' },
    ];
    const text = renderReport(reportOf({ streams: [streamReportOf('ticketmaster.events', { notes })] }));
    expect(text.match(/^note: .*$/gm)).toEqual([
      `note: ticketmaster.events: US, GB, SE: ${left}`,
      'note: ticketmaster.events: DE: 40 % of the horizon is left for later runs',
      'note: ticketmaster.events: the total changed while it was read',
    ]);
  });

  it('explains the numbers at the end of object names', () => {
    const named = (name: string) => ({ uri: `s3://lake/raw/${name}`, records: 10, bytes: 100, existed: false });
    const text = (...names: string[]) => renderReport(reportOf({ streams: [streamReportOf('ticketmaster.events', { objects: names.map(named) })] }));
    expect(text('events_20241108_020000.json', 'events_20241108_020000_01203.json')).toMatch(/^_01203 = slice 12, part 3$/m);
    expect(text('events_20241108_020000.json')).not.toContain('slice');
  });

  it('shows the status in colour on a terminal', () => {
    chalk.level = 1;
    expect(renderReport(reportOf({ status: 'failed' }))).toContain(` · ${chalk.red('failed')} in `);
    expect(chalk.red('failed')).not.toBe('failed');
  });

  it('leaves out sections that have nothing in them', () => {
    const nothing = streamReportOf('ticketmaster.events', {
      status: 'not_started',
      ledger: ledgerOf(0, { sinks: {} }),
      objects: [],
      checkpoint: null,
    });
    expect(renderReport(reportOf({ streams: [nothing] }))).toBe(`daily · scheduled 2024-11-08 02:00:00 UTC · attempt 1 · complete in 1 min 05 s

STREAM               STATUS       READ  ACCEPTED  REJECTED  DEDUPLICATED  CALLS  RETRIES  WAITED  RECEIVED   TIME
ticketmaster.events  not started     0         0         0             0     12        1   1.5 s    1.3 MB  4.2 s

Run run-1 · report s3://lake/_loadin/reports/daily/run-1.json
`);
  });
});
