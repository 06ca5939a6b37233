import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_JOBS_FILE } from './default-jobs-file.js';
import { parse } from './parsing.fixture.js';

describe('the built-in jobs file', () => {
  it('is the published one', () => {
    expect(DEFAULT_JOBS_FILE).toBe(readFileSync(join(import.meta.dirname, '../../../loadin.jobs.default.yaml'), 'utf8'));
  });

  it('has the four jobs at their times', () => {
    const { jobs } = parse(DEFAULT_JOBS_FILE);
    expect([...jobs.values()].map(({ name, schedule, streams }) => [name, schedule, streams.map(({ id }) => id).join(' ')])).toEqual([
      ['daily', 'cron(0 2 * * ? *)', 'spotify.artists ticketmaster.venues ticketmaster.events ticketmaster.attractions'],
      ['hourly', 'cron(0 * * * ? *)', 'ticketmaster.events'],
      ['artist_refresh', 'cron(0 3 ? * MON,THU *)', 'spotify.artists'],
      ['venue_refresh', 'cron(0 4 ? * SUN *)', 'ticketmaster.venues'],
    ]);
  });

  it('reads every event of the horizon in a day by hourly runs', () => {
    const [events] = parse(DEFAULT_JOBS_FILE).jobs.get('hourly')?.streams ?? [];
    expect(events?.options).toMatchObject({ horizon_days: 365, refresh: { near_days: 3, coverage_hours: 24, every_hours: 1 } });
  });
});
