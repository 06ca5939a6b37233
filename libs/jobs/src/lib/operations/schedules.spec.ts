import { loadEnvironment } from '@loadin/config';
import { createManualClock } from '@loadin/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dueTimeOf, listSchedules } from './schedules.js';

describe('the schedules of a jobs file', () => {
  let cwd: string;
  beforeEach(async () => (cwd = await mkdtemp(join(tmpdir(), 'loadin schedules '))));
  afterEach(() => rm(cwd, { recursive: true }));

  it("are, in the built-in one, the documents'", async () => {
    const { jobs, jobsFile } = await listSchedules(loadEnvironment({ cwd, env: {} }));
    expect(jobsFile).toBe('the built-in jobs file');
    expect(jobs.map(({ job, schedule }) => `${job} ${schedule?.text}`)).toEqual([
      'daily cron(0 2 * * ? *)',
      'hourly cron(0 * * * ? *)',
      'artist_refresh cron(0 3 ? * MON,THU *)',
      'venue_refresh cron(0 4 ? * SUN *)',
    ]);
  });

  it('say when a job was due last', async () => {
    await writeFile(
      join(cwd, 'jobs.yaml'),
      `version: 1
streams: { ticketmaster.venues: { countries: [SE] } }
jobs:
  office: { schedule: cron(0 9 ? * MON-FRI *), time_zone: Europe/Stockholm, streams: [ticketmaster.venues], sinks: [s3_raw] }
  later: { schedule: cron(0 9 1 1 ? 2199), streams: [ticketmaster.venues], sinks: [s3_raw] }
  asked: { streams: [ticketmaster.venues], sinks: [s3_raw] }
`,
    );
    const environment = loadEnvironment({ cwd, env: { LOADIN_JOBS: join(cwd, 'jobs.yaml') } });
    const clock = createManualClock(Date.parse('2026-03-30T06:59:59Z'));
    // On Sunday clocks were put forward.
    expect(await dueTimeOf({ job: 'office', environment, clock })).toBe('2026-03-27T08:00:00Z');
    await clock.advance(1_000);
    expect(await dueTimeOf({ job: 'office', environment, clock })).toBe('2026-03-30T07:00:00Z');
    await expect(dueTimeOf({ job: 'asked', environment, clock })).rejects.toThrow('The job asked has no schedule');
    await expect(dueTimeOf({ job: 'later', environment, clock })).rejects.toThrow('The job later has never been due');
    await expect(dueTimeOf({ job: 'ofice', environment, clock })).rejects.toThrow('did you mean "office"?');
  });
});
