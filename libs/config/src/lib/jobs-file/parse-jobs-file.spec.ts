import { actionOf } from '@loadin/resilience';
import { JobsFileError } from './jobs-file-error.js';
import { parseJobsFile } from './parse-jobs-file.js';
import { errorOf, GOOD, linesOf, parse } from './parsing.fixture.js';
import { SINKS, STREAM_KINDS } from './stream-kinds.js';

describe('parseJobsFile', () => {
  it('merges defaults, stream options and the overrides of a job', () => {
    const { jobs, path } = parse(GOOD);
    expect(path).toBe('loadin.jobs.yaml');
    expect([...jobs.values()]).toEqual([
      {
        name: 'daily',
        schedule: 'cron(0 2 * * ? *)',
        sinks: ['s3_raw', 'kinesis'],
        sinkOptions: {},
        streams: [
          { id: 'spotify.artists', options: { queries: ['rock'], ids: [], names: [], max_per_query: 1000, max_rejected: 0.01 } },
          { id: 'ticketmaster.events', options: { countries: ['US', 'NO'], markets: [], horizon_days: 90, look_back_days: 1, max_rejected: 0.01 } },
        ],
      },
      {
        name: 'hourly',
        schedule: undefined,
        sinks: ['kinesis'],
        sinkOptions: {},
        streams: [
          { id: 'ticketmaster.events', options: { countries: ['US', 'NO'], markets: [], horizon_days: 7, look_back_days: 1, max_rejected: 0 } },
        ],
      },
    ]);
  });

  it('takes JSON as well', () => {
    expect(
      parse(
        JSON.stringify({
          version: 1,
          streams: { 'ticketmaster.venues': { countries: ['US'] } },
          jobs: { v: { streams: ['ticketmaster.venues'], sinks: ['s3_raw'] } },
        }),
      ).jobs.size,
    ).toBe(1);
  });

  it('says everything that is wrong, with line and column', () => {
    expect(
      linesOf(`version: 2
steams: {}
streams:
  spotify.artist: {}
  spotify.artists:
    queires: [rock]
    ids: [short]
    market:
  ticketmaster.events: { countries: [us], horizon_days: 0.5, radius: 3 }
jobs:
  Daily:
    schedule: 0 2 * * *
    streams: [spotify.artists, setlist.fm, spotify.artists]
    sinks: [s3]
  hourly:
    streams: []
    overrides:
      ticketmaster.events: {}
  none: 7
`),
    ).toEqual([
      '1:10 version must be 1',
      '2:1 steams is not known here: did you mean streams?',
      '4:3 streams.spotify.artist is no stream ("spotify.artist"): did you mean spotify.artists?',
      '6:5 streams.spotify.artists.queires is not known here: did you mean queries?',
      '7:11 streams.spotify.artists.ids.0 must be a Spotify id of 22 letters and digits, is "short"',
      '8:12 streams.spotify.artists.market must be a country code such as US',
      '9:38 streams.ticketmaster.events.countries.0 must be a country code such as US, is "us": did you mean US?',
      '9:57 streams.ticketmaster.events.horizon_days must be a whole number from 1 to 1095',
      '9:62 streams.ticketmaster.events.radius is not known here: there are countries, markets, horizon_days, look_back_days, refresh, max_rejected',
      '11:3 jobs.Daily must be named by small letters, digits and _, a letter first',
      '12:15 jobs.Daily.schedule must be an EventBridge schedule, not a crontab line: write cron(0 2 * * ? *)',
      '13:32 jobs.Daily.streams.1 is no stream ("setlist.fm"): there are spotify.artists, spotify.tracks, ticketmaster.venues, ticketmaster.events, ticketmaster.attractions, payments.payments, shipments.shipments, postgres.{name}',
      '13:44 jobs.Daily.streams.2 is there twice: "spotify.artists"',
      '14:13 jobs.Daily.sinks.0 is no sink ("s3"): there are s3_raw, kinesis, s3_bronze',
      '15:3 jobs.hourly lacks sinks',
      '16:14 jobs.hourly.streams must be a list of different stream ids, at least one',
      "18:7 jobs.hourly.overrides.ticketmaster.events is not one of this job's streams",
      '19:9 jobs.none must be a mapping with streams and sinks',
    ]);
  });

  it('is fatal, on one line, with a report of at most a screen', () => {
    const error = errorOf(`version: 1\njobs:\n${Array.from({ length: 30 }, (_, index) => `  j${index}: 1\n`).join('')}`);
    expect(actionOf(error)).toBe('fatal');
    expect(error.message).toBe('loadin.jobs.yaml:3:7 jobs.j0 must be a mapping with streams and sinks (and 29 more)');
    expect(error.report.split('\n')).toHaveLength(22);
    expect(error.report).toMatch(/^30 problems in the jobs file:\n {2}loadin\.jobs\.yaml:3:7 /);
    expect(error.report).toMatch(/… and 10 more$/);
  });

  it.each([
    ['a tab', 'version: 1\n\tjobs: {}', /^2:\d+ /],
    ['a key twice', 'version: 1\nversion: 1\n', /^2:1 {2}version is there twice$/],
    ['an open bracket', 'version: 1\njobs: {a: [\n', /^\d+:\d+ /],
    ['an unknown alias', 'version: 1\njobs: *x\n', /^2:7 {2}\*x stands for nothing: there is no &x before it/],
    ['an alias that looks like a schedule', 'version: 1\njobs: { a: { schedule: *every } }\n', /^2:24 .*written in quotes/],
    ['two documents', 'version: 1\n---\nversion: 1\n', /^2:1 {2}begins another document \(---\): a jobs file is one$/],
    ['bytes that are no text', `version: "${'\u0001\u0002'.repeat(5000)}" x: [\n`, /^1:\d+ .{1,170}$/],
  ])('points at %s', (_case, text, expected) => {
    expect(linesOf(text)[0]).toMatch(expected);
  });

  it.each(['', '# nothing\n', '- a\n', 'text\n', 'null'])('refuses %p', (text) => {
    expect(linesOf(text)).toEqual(['1:1  must be a mapping with version, streams and jobs']);
  });

  it('refuses a file without version or jobs', () => {
    expect(linesOf('streams: {}\n')).toEqual(['1:1  lacks version', '1:1  lacks jobs']);
    expect(linesOf('version: 1\njobs: {}\n')).toEqual(['2:1 jobs must be a mapping of at least one job name to a job']);
  });

  it('refuses aliases that blow up', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'[index]}`).join(', ')}]`),
    ];
    expect(linesOf(bomb.join('\n'))[0]).toContain("can't be read: Excessive alias count");
  });

  it('takes merge keys and aliases for what they stand for', () => {
    const shared = GOOD.replace('countries: [US, NO]', 'countries: &c [US, NO]').replace(
      'jobs:\n',
      '  ticketmaster.venues: { countries: *c }\njobs:\n',
    );
    expect(parse(shared).jobs.size).toBe(2);
  });

  it('refuses a job whose stream has nothing to read', () => {
    const sparse =
      'version: 1\njobs:\n  j:\n    streams: [spotify.artists, ticketmaster.venues]\n    sinks: [s3_raw]\n    overrides: { ticketmaster.venues: { countries: [US] } }\n';
    expect(linesOf(sparse)).toEqual([
      '4:15 jobs.j.streams.0 has nothing to read: give queries, ids or names under streams or overrides (spotify.artists)',
    ]);
    expect(linesOf(sparse.replace('countries: [US]', ''))).toHaveLength(2);
  });

  it('is not led astray by names of every object', () => {
    expect(linesOf('version: 1\nstreams: { constructor: {}, __proto__: {} }\njobs: { j: { streams: [toString], sinks: [s3_raw] } }\n')).toEqual([
      expect.stringContaining('streams.constructor is no stream'),
      expect.stringContaining('streams.__proto__ is no stream'),
      expect.stringContaining('jobs.j.streams.0 is no stream'),
    ]);
  });

  it('knows streams and sinks that a caller adds', () => {
    const known = { streams: { ...STREAM_KINDS, 'setlist.setlists': STREAM_KINDS['ticketmaster.venues'] }, sinks: [...SINKS, 'parquet'] };
    const text = 'version: 1\nstreams: { setlist.setlists: { countries: [US] } }\njobs: { j: { streams: [setlist.setlists], sinks: [parquet] } }\n';
    expect(parseJobsFile(text, 'x', known).jobs.get('j')?.sinks).toEqual(['parquet']);
    expect(() => parse(text)).toThrow(JobsFileError);
  });
});
