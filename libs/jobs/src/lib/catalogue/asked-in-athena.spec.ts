import { RECENT_RUNS } from '@loadin/catalogue';
import { openAthena } from '@loadin/readers';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startWorld, type World } from '../world.fixture.js';
import { describeCatalogue } from './describe-catalogue.js';

const JOBS = `
version: 1
streams: { ticketmaster.venues: { countries: [SE] } }
jobs: { venue_refresh: { streams: [ticketmaster.venues], sinks: [s3_raw] } }
`;

describe('a run that is asked for in Athena', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterAll(() => world.close());

  it('is in logs.ingestion_runs with what its report says, and its records are in their view', async () => {
    const report = await world.run('venue_refresh');
    const folder = join(world.dir, 'downloaded');
    for (const key of await world.lake.keys()) {
      if (!/^(raw|logs)\//.test(key)) continue;
      mkdirSync(dirname(join(folder, key)), { recursive: true });
      writeFileSync(join(folder, key), await world.lake.text(key));
    }
    const athena = await openAthena({ [world.bucket]: folder });
    for (const { kind, sql } of await describeCatalogue({ environment: world.environment() })) if (kind !== 'query') await athena.run(sql);

    const { read, accepted, rejected, deduplicated } = report.streams[0]?.ledger ?? {};
    expect(accepted).toBeGreaterThan(0);
    // The run was scheduled long before the last seven days.
    const [always] = RECENT_RUNS.sql.split('\nWHERE ');
    expect(await athena.rows(always ?? '')).toEqual([
      {
        date: '2026-03-01',
        time: '02:00:00',
        job: 'venue_refresh',
        status: 'complete',
        run_id: report.run_id,
        attempts: '1',
        first_line_at: expect.stringMatching(/^2026-03-01T02:00:05\./),
        last_line_at: expect.stringMatching(/^2026-03-01T02:/),
        duration_ms: String(Math.round(report.duration_ms)),
        records_read: String(read),
        records_accepted: String(accepted),
        records_rejected: String(rejected),
        records_deduplicated: String(deduplicated),
        problems: [],
        warnings: '0',
        errors: '0',
      },
    ]);
    const venues = await athena.rows(
      'SELECT count(*)::INT AS rows, count(DISTINCT venue_id)::INT AS ids, min(_ingestion_timestamp) AS at FROM raw.venues',
    );
    expect(venues).toEqual([{ rows: accepted, ids: accepted, at: '2026-03-01T02:00:00Z' }]);
    athena.close();
  });
});
