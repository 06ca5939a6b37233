import { loadEnvironment } from '@loadin/config';
import { readmeDifferences } from '@loadin/specs/readme';
import { runNamedJob } from './index.js';
import { startWorld, type World } from './lib/world.fixture.js';

const JOBS = `
version: 1
streams: { ticketmaster.venues: { countries: [SE] } }
jobs: { venue_refresh: { streams: [ticketmaster.venues], sinks: [s3_raw, kinesis] } }
`;

describe('the example of the README', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterAll(() => world.close());

  it('works as printed', async () => {
    const lines: unknown[][] = [];
    const console = { log: (...values: unknown[]) => lines.push(values) };
    const process = { cwd: () => world.dir, env: world.env };

    // example
    const environment = loadEnvironment({ cwd: process.cwd(), env: process.env });
    const report = await runNamedJob({ job: 'venue_refresh', environment, at: '2026-02-22T04:00:00Z' });
    for (const { stream, status, ledger } of report.streams) {
      console.log(stream, status, ledger.accepted, ledger.sinks);
    }
    // end

    const venues = world.sources.catalogue.venueIds('SE').length;
    const all = { delivered: venues, dead_lettered: 0, pending: 0 };
    expect(lines).toEqual([
      ['ticketmaster.venues', 'complete', expect.any(Number), expect.objectContaining({ s3_raw: { ...all, delivered: expect.any(Number) } })],
    ]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
