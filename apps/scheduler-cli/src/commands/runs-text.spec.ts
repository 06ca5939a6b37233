import type { RunDetails } from '@loadin/pipeline';
import { renderReport } from '../render/report.js';
import { ledgerOf, reportOf, streamReportOf } from '../report.fixture.js';
import { runDetailsText } from './runs-text.js';

describe('loadin runs show', () => {
  it('prints the notes as loadin run has printed them: findings of the quality, null entries, what was left out', () => {
    const streams = [
      streamReportOf('postgres.orders', {
        notes: [
          { kind: 'drift', message: 'warn: total is not at least 0 in 3 of 100 rows' },
          { kind: 'skipped', message: '2 rows are left out' },
          { kind: 'truncated', message: 'the window is cut' },
        ],
      }),
      streamReportOf('spotify.artists', { ledger: ledgerOf(10, { null_entries: 1 }) }),
    ];
    const report = reportOf({ streams });
    const { run_id, job, scheduled_time, attempts, started_at, duration_ms, problems } = report;
    const details: RunDetails = {
      run: { run_id, job, scheduled_time, attempts, started_at, status: 'complete', repetition: 1 } as RunDetails['run'],
      source: 'report',
      ...{ streams, problems, stopped: null, duration_ms, time: null, plan_uri: null, report_uri: null },
    };
    expect(runDetailsText(details)).toMatch(/^STREAM.*\npostgres\.orders /m);
    const notes = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('note: '));
    expect(notes(runDetailsText(details))).toEqual([
      'note: postgres.orders: warn: total is not at least 0 in 3 of 100 rows',
      'note: postgres.orders: 2 rows are left out',
      "note: spotify.artists: 1 null entry in the source's answers was skipped",
    ]);
    expect(notes(runDetailsText(details))).toEqual(notes(renderReport(report)));
  });

  it('has the table of entities of loadin run: what of it was new, in how many files, up to where it is read', () => {
    const streams = [streamReportOf('postgres.orders', { loader: 's3_bronze' })];
    const report = reportOf({ job: 'bronze', streams });
    const { run_id, job, scheduled_time, attempts, started_at, duration_ms, problems } = report;
    const details: RunDetails = {
      run: { run_id, job, scheduled_time, attempts, started_at, status: 'complete', repetition: 1 } as RunDetails['run'],
      source: 'report',
      ...{ streams, problems, stopped: null, duration_ms, time: null, plan_uri: null, report_uri: null },
    };
    const table = (text: string): string[] => text.split('\n').filter((line) => /^(ENTITY|orders) /.test(line));
    expect(table(runDetailsText(details))).toHaveLength(2);
    expect(table(runDetailsText(details))).toEqual(table(renderReport(report)));
    expect(runDetailsText(details)).not.toMatch(/^(STREAM|SINK) /m);
  });
});
