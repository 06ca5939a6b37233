import type { RunDetails, RunReport, RunSummary } from '@loadin/pipeline';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(30_000);

describe('loadin runs, as a command on real servers', () => {
  let world: World;
  let report: RunReport;
  beforeAll(async () => {
    world = await startWorld();
    const ran = await world.loadin(['run', 'daily', '--at', '2026-03-01T02:00:00Z', '--stream', 'artists', '--json']);
    report = JSON.parse(ran.stdout) as RunReport;
  });
  afterAll(() => world.close());

  it('lists runs as a table and as JSON', async () => {
    const { stdout, status } = await world.loadin(['runs', 'list']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^SCHEDULED +JOB +STATUS +ATTEMPTS[^\n]*\n2026-03-01 02:00:00 UTC +daily +complete +1 [^\n]*\n\ndynamodb:\/\/loadin-checkpoints\n$/,
    );
    const json = await world.loadin(['runs', 'list', '--job', 'daily', '--limit', '1', '--json']);
    const { runs } = JSON.parse(json.stdout) as { runs: RunSummary[] };
    expect(runs).toMatchObject([{ run_id: report.run_id, counts: { read: report.streams[0]?.ledger.read } }]);
    expect((await world.loadin(['runs', 'list', '--job', 'hourly'])).stdout).toBe('No run yet in dynamodb://loadin-checkpoints.\n');
  });

  it('shows one by id, and by job and time', async () => {
    const { stdout, status } = await world.loadin(['runs', 'show', report.run_id]);
    expect(status).toBe(0);
    expect(stdout).toContain(`Run ${report.run_id}`);
    for (const { uri } of report.streams[0]?.objects ?? []) expect(stdout).toContain(uri);
    const json = await world.loadin(['runs', 'show', 'daily', '2026-03-01T02:00:00Z', '--json']);
    expect((JSON.parse(json.stdout) as RunDetails).run.run_id).toBe(report.run_id);
  });

  it.each([
    ['an unknown run', ['runs', 'show', '3b513a95-0d08-59a8-b820-80d6ea3cb672'], /^There is no run 3b513a95/],
    ['no run id', ['runs', 'show', 'daily'], /^"daily" is no run id\n {2}→ /],
    ['a limit that is no number', ['runs', 'list', '--limit', 'all'], /^--limit is "all"\n {2}→ Give a whole number from 1 to 1000\./],
  ])('refuses %s with status 2', async (_what, args, text) => {
    const { stdout, stderr, status } = await world.loadin(args);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(text);
  });
});
