import { describeLake, RECENT_RUNS } from '@loadin/catalogue';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAthena, type Athena } from './athena.js';

const DAY = 86_400_000;
/** Once: a specification may run over midnight. */
const NOW = Date.now();
const dayOf = (ago: number): string => new Date(NOW - ago * DAY).toISOString().slice(0, 10);

/** Lines as runs write them; what the newest version does not say yet is left out here and there. */
const line = (time: string, level: string, message: string, fields: object = {}): string =>
  `${JSON.stringify({ attempt: 1, ...fields, timestamp: time, level, message })}\n`;

describe('logs.ingestion_runs, over logs of runs', () => {
  let root: string;
  let athena: Athena;
  const log = (day: string, run: string, ...lines: readonly string[]): void => {
    const folder = join(root, 'logs/pipeline/ingestion', `date=${day}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${run}.ndjson`), lines.join(''));
  };
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'loadin-logs-'));
    const [today, yesterday] = [dayOf(0), dayOf(1)];
    const of = (run_id: string, more: object = {}) => ({ run_id, ...more });
    const totals = { read: 10, accepted: 8, rejected: 1, deduplicated: 1 };
    log(
      today,
      'one',
      line(`${today}T02:00:01.000Z`, 'INFO', 'Starting: bronze', of('one', { scheduled_time: `${today}T02:00:00Z`, resumed: false })),
      line(`${today}T02:00:02.000Z`, 'INFO', 'Starting: postgres.orders', of('one', { stream: 'postgres.orders' })),
      line(`${today}T02:00:03.000Z`, 'WARN', 'S3: call is repeated', of('one', { status: 503, slice: 'US', read: 1.5, error: { name: 'SlowDown' } })),
      line(`${today}T02:00:04.000Z`, 'INFO', 'Stopped: postgres.orders', of('one', { stream: 'postgres.orders', status: 'stopped', read: 4 })),
      line(`${today}T02:00:05.000Z`, 'INFO', 'Stopped: bronze', of('one', { status: 'stopped', problems: ['deadline'], read: 4, accepted: 4 })),
      line(`${today}T03:00:05.000Z`, 'INFO', 'Starting: bronze', of('one', { attempt: 2, scheduled_time: `${today}T02:00:00Z`, resumed: true })),
      line(
        `${today}T03:00:06.000Z`,
        'INFO',
        'Completed: bronze',
        of('one', { attempt: 2, status: 'complete', problems: [], duration_ms: 5000, ...totals }),
      ),
    );
    log(yesterday, 'two', line(`${yesterday}T02:00:01.000Z`, 'INFO', 'Starting: daily', of('two', { scheduled_time: `${yesterday}T02:00:00Z` })));
    log(
      yesterday,
      'three',
      line(`${yesterday}T05:00:01.000Z`, 'INFO', 'Waiting for another, which plans or finishes a run of hourly'),
      line(`${yesterday}T05:00:02.000Z`, 'INFO', 'Starting: hourly', of('three', { scheduled_time: `${yesterday}T05:00:00Z`, job: 'hourly' })),
      line(`${yesterday}T05:00:03.000Z`, 'ERROR', 'ticketmaster.events: the checkpoint: it moved', of('three')),
      line(`${yesterday}T05:00:04.000Z`, 'INFO', 'Failed: hourly', of('three', { status: 'failed', problems: ['a', 'b'], job: 'hourly' })),
    );
    log(dayOf(30), 'old', line(`${dayOf(30)}T02:00:01.000Z`, 'INFO', 'Completed: daily', of('old', { status: 'complete', problems: [] })));
    writeFileSync(join(root, 'logs/pipeline/ingestion/checkpoints.json'), '{"orders":{"record_count":1}}');
    athena = await openAthena({ lake: root });
    for (const { kind, sql } of describeLake({ logs: { bucket: 'lake' } })) if (kind !== 'query') await athena.run(sql);
  });
  afterAll(() => {
    athena.close();
    rmSync(root, { recursive: true });
  });

  it('has the runs of the last seven days, the latest first, as the named query shows them', async () => {
    const rows = await athena.rows(RECENT_RUNS.sql);
    const shown = rows.map(({ date, time, job, status, attempts, problems, warnings, errors }) => [
      date,
      time,
      job,
      status,
      attempts,
      problems,
      warnings,
      errors,
    ]);
    expect(shown).toEqual([
      [dayOf(0), '02:00:00', 'bronze', 'complete', '2', [], '1', '0'],
      [dayOf(1), '05:00:00', 'hourly', 'failed', '1', ['a', 'b'], '0', '1'],
      [dayOf(1), '02:00:00', 'daily', null, '1', null, '0', '0'],
    ]);
  });

  it('says what the last attempt of a run came to, not an earlier one', async () => {
    const [run] = await athena.rows("SELECT * FROM logs.ingestion_runs WHERE run_id = 'one'");
    expect(run).toMatchObject({ records_read: '10', records_accepted: '8', records_rejected: '1', records_deduplicated: '1', duration_ms: '5000' });
    expect(run).toMatchObject({ first_line_at: `${dayOf(0)}T02:00:01.000Z`, last_line_at: `${dayOf(0)}T03:00:06.000Z` });
  });

  it('leaves the lines themselves to be asked for', async () => {
    const rows = await athena.rows(`SELECT message, error FROM logs.lines WHERE level = 'WARN'`);
    expect(rows).toEqual([{ message: 'S3: call is repeated', error: '{"name":"SlowDown"}' }]);
  });
});
