import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionOf } from '@loadin/resilience';
import { DEFAULT_JOBS_FILE } from './default-jobs-file.js';
import { JobsFileError } from './jobs-file-error.js';
import { parseJobsFile } from './parse-jobs-file.js';
import { SINKS, STREAM_KINDS } from './stream-kinds.js';

const parse = (text: string) => parseJobsFile(text, 'loadin.jobs.yaml');
function errorOf(text: string): JobsFileError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof JobsFileError) return error;
    throw error;
  }
  throw new Error('no error');
}
const linesOf = (text: string) => errorOf(text).problems.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`);

const GOOD = `version: 1
streams:
  spotify.artists: { queries: [rock] }
  ticketmaster.events: { countries: [US, NO], horizon_days: 90 }
jobs:
  daily:
    schedule: cron(0 2 * * ? *)
    streams: [spotify.artists, ticketmaster.events]
    sinks: [s3_raw, kinesis]
  hourly:
    streams: [ticketmaster.events]
    sinks: [kinesis]
    overrides:
      ticketmaster.events: { horizon_days: 7, max_rejected: 0 }
`;

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

describe('the sinks of a jobs file', () => {
  const file = (options: string) =>
    `version: 1\nsinks:\n  s3_raw: ${options}\nstreams: { ticketmaster.events: { countries: [SE] } }\njobs: { j: { streams: [ticketmaster.events], sinks: [s3_raw] } }\n`;

  it('have the same options in every job', () => {
    const options = { gzip: true, kms_key: 'alias/lake', tags: { team: 'data', 'cost centre': 'a+b=c' }, storage_class: 'STANDARD_IA' };
    const { sinkOptions, jobs } = parse(file(JSON.stringify(options)));
    expect(sinkOptions).toEqual({ s3_raw: options });
    expect(jobs.get('j')?.sinkOptions).toBe(sinkOptions);
    expect(parse(GOOD).sinkOptions).toEqual({});
  });

  it('are told what is wrong with them, each thing at its place', () => {
    expect(linesOf(file("{ gzip: yes please, kms_key: '', storage_class: GLACIER, tag: {} }"))).toEqual([
      '3:19 sinks.s3_raw.gzip must be true or false',
      '3:40 sinks.s3_raw.kms_key must be the id, ARN or alias of a KMS key',
      '3:59 sinks.s3_raw.storage_class must be STANDARD or STANDARD_IA or ONEZONE_IA or INTELLIGENT_TIERING or GLACIER_IR',
      '3:68 sinks.s3_raw.tag is not known here: did you mean tags?',
    ]);
    expect(linesOf(file('7'))).toEqual(['3:11 sinks.s3_raw must be a mapping of gzip, kms_key, tags, storage_class']);
    expect(linesOf(file('{}').replace('s3_raw:', 'kinesis:'))).toEqual(['3:3 sinks.kinesis is not known here: there are s3_raw, s3_bronze']);
  });

  it.each([
    ['a number', '{ year: 2024 }'],
    ['a character that S3 refuses', "{ team: 'a&b' }"],
    ['no name', "{ '': x }"],
    ['eleven', JSON.stringify(Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`t${n}`, ''])))],
  ])('are refused tags that S3 would not take: %s', (_, tags) => {
    expect(linesOf(file(`{ tags: ${tags} }`))).toEqual([
      '3:13 sinks.s3_raw.tags must be a mapping of at most 10 tag names to texts (letters, digits, spaces and _.:/=+-@; other values in quotes)',
    ]);
  });
});

describe('the streams of a jobs file', () => {
  const file = (streams: string, job = 'streams: [ticketmaster.events]') =>
    `version: 1\nstreams:\n${streams}\njobs:\n  j:\n    ${job}\n    sinks: [s3_raw]\n`;
  const events = (options: string, job?: string) => file(`  ticketmaster.events: ${options}`, job);
  const optionsOf = (text: string) =>
    parse(text)
      .jobs.get('j')
      ?.streams.map(({ options }) => options);

  it('takes markets of every kind', () => {
    const markets = [
      { country: 'US', states: ['CA', 'NY'], classifications: ['Music'] },
      { dmas: [345, '324'] },
      { city: 'Oslo' },
      { around: { latitude: 59.3, longitude: 18.1, radius: 30, unit: 'km' } },
      { venue_ids: ['KovZpZA7AAEA'], attraction_ids: ['K8vZ9171ob7'] },
    ];
    expect(optionsOf(events(JSON.stringify({ markets })))).toEqual([
      { countries: [], markets, horizon_days: 365, look_back_days: 1, max_rejected: 0.01 },
    ]);
  });

  it('says what is wrong inside a market, at its own place', () => {
    const text = events(`
    markets:
      - { around: { latitude: 91, longitude: 18.1 } }
      - {}
      - { classifications: [Music] }
      - { states: [CA], dmas: [north] }
      - SE
      - { country: se, city: ' ', venue_ids: [1234], radius: 3 }
      - { around: { latitude: 1, longitude: 2, radius: 0, unit: yards } }`);
    const place = 'streams.ticketmaster.events.markets';
    const nowhere = 'has nothing in it that says where: give country, dmas, city, around, venue_ids or attraction_ids';
    expect(linesOf(text)).toEqual([
      `5:11 ${place}.0.around lacks radius`,
      `5:31 ${place}.0.around.latitude must be a number from -90 to 90`,
      `6:9 ${place}.1 ${nowhere}`,
      `7:9 ${place}.2 ${nowhere}`,
      `8:9 ${place}.3 has states without country: WA is a state of the US and of Australia`,
      `8:32 ${place}.3.dmas.0 must be a market area id such as 345, is "north"`,
      `9:9 ${place}.4 must be a mapping of country, states, dmas, city, around, venue_ids, attraction_ids, classifications`,
      `10:20 ${place}.5.country must be a country code such as US`,
      `10:30 ${place}.5.city must be the name of a city`,
      `10:47 ${place}.5.venue_ids.0 must be a Ticketmaster id such as KovZpZA7AAEA, is 1234: write it in quotes`,
      `10:54 ${place}.5.radius is not known here: there are country, states, dmas, city, around, venue_ids, attraction_ids, classifications`,
      `11:56 ${place}.6.around.radius must be a whole number from 1 to 19999`,
      `11:65 ${place}.6.around.unit must be km or miles`,
    ]);
  });

  it('refuses markets and a refresh that are no mappings, and names without letters', () => {
    expect(linesOf(events('{ markets: { country: SE }, refresh: true }'))).toEqual([
      '3:26 streams.ticketmaster.events.markets must be a list of mappings of country, states, dmas, city, around, venue_ids, attraction_ids, classifications',
      '3:61 streams.ticketmaster.events.refresh must be a mapping of near_days, coverage_hours',
    ]);
    expect(linesOf(file("  spotify.artists: { names: [''] }", 'streams: [spotify.artists]'))).toEqual([
      '3:30 streams.spotify.artists.names.0 must be the name of an artist, is ""',
    ]);
  });

  it.each<[string, string, string]>([
    ['a text in place of a list', '{ countries: SE }', '3:37 streams.ticketmaster.events.countries must be a list: write [SE]'],
    [
      'a number in place of a list',
      '{ countries: 7 }',
      '3:37 streams.ticketmaster.events.countries must be a list of different country codes such as US',
    ],
    ['an entry twice', '{ countries: [SE, NO, SE] }', '3:46 streams.ticketmaster.events.countries.2 is there twice: "SE"'],
    ['nothing as an entry', '{ countries: [SE, null] }', '3:42 streams.ticketmaster.events.countries.1 must be a country code such as US, is empty'],
    [
      'an empty list',
      '{ markets: [{ dmas: [] }] }',
      '3:44 streams.ticketmaster.events.markets.0.dmas must be a list of different market area ids such as 345, at least one',
    ],
  ])('names the entry that is wrong: %s', (_case, options, expected) => {
    expect(linesOf(events(options)).filter((line) => !line.includes('says where'))).toContain(expected);
  });

  it('says of what YAML takes for a number or a truth that it is to be quoted', () => {
    expect(linesOf(file('  spotify.artists: { names: [311, true, Björk] }', 'streams: [spotify.artists]'))).toEqual([
      '3:30 streams.spotify.artists.names.0 must be the name of an artist, is 311: write it in quotes',
      '3:35 streams.spotify.artists.names.1 must be the name of an artist, is true: write it in quotes',
    ]);
    expect(linesOf(`%YAML 1.1\n---\n${events('{ countries: [NO] }')}`)).toEqual([
      '5:38 streams.ticketmaster.events.countries.0 must be a country code such as US, is false: write it in quotes',
    ]);
  });

  it.each<[string, string]>([
    ['cron(99 2 * * ? *)', 'is no time: in cron(99 2 * * ? *) "99" is no minute (0 to 59)'],
    ['cron(0 2 * * * *)', 'is no time: in cron(0 2 * * * *) exactly one of day of month and day of week must be ?'],
    ['cron(0 2 ? * ? *)', 'is no time: in cron(0 2 ? * ? *) exactly one of day of month and day of week must be ?'],
    ['rate(1 hours)', 'must be an EventBridge schedule such as'],
    ['0 2 * * 1,4', 'must be an EventBridge schedule, not a crontab line: write cron(0 2 ? * MON,THU *)'],
    ['0 2 1 * 1', 'must be an EventBridge schedule, not a crontab line, such as cron(0 2 * * ? *)'],
    ['0 2 * * x', 'must be an EventBridge schedule, not a crontab line, such as cron(0 2 * * ? *)'],
  ])('refuses the schedule %s, which EventBridge would not take', (schedule, expected) => {
    const [line = ''] = linesOf(events('{ countries: [SE] }', `streams: [ticketmaster.events]\n    schedule: ${schedule}`));
    expect(line).toMatch(/^7:15 jobs\.j\.schedule /);
    expect(line).toContain(expected);
  });

  it('takes a schedule in a time zone', () => {
    const zoned = (zone: string, schedule = 'cron(0 2 * * ? *)'): string =>
      events('{ countries: [SE] }', `streams: [ticketmaster.events]\n    schedule: ${schedule}\n    time_zone: ${zone}`);
    expect(parseJobsFile(zoned('Europe/Dublin'), 'jobs.yaml').jobs.get('j')).toMatchObject({
      schedule: 'cron(0 2 * * ? *)',
      timeZone: 'Europe/Dublin',
    });
    expect(linesOf(zoned('Mars/Olympus'))).toEqual(['8:16 jobs.j.time_zone is no time zone: "Mars/Olympus"']);
    expect(linesOf(zoned('2'))).toEqual(['8:16 jobs.j.time_zone must be a time zone such as Europe/Stockholm']);
  });

  it('fills in a refresh, with the step of the schedule', () => {
    const hourly = 'streams: [ticketmaster.events]\n    schedule: cron(0 0/6 * * ? *)';
    expect(optionsOf(events('{ countries: [SE], refresh: { coverage_hours: 48 } }', hourly))).toEqual([
      expect.objectContaining({ refresh: { near_days: 3, coverage_hours: 48, every_hours: 6 } }),
    ]);
  });

  it.each<[string, string, string, string]>([
    ['a job without a schedule', '{}', '', 'needs a schedule: the runs of a job without one have no turns'],
    [
      'a schedule of uneven steps',
      '{}',
      'schedule: cron(0 6-22 * * ? *)',
      'needs a schedule of even steps, such as cron(0 * * * ? *) or rate(6 hours), not cron(0 6-22 * * ? *)',
    ],
    [
      'a schedule that is too seldom',
      '{ coverage_hours: 6 }',
      'schedule: rate(8 hours)',
      "can't read everything in 6 h with a run every 8 h: give more coverage_hours",
    ],
    [
      'a schedule in a time zone',
      '{}',
      'schedule: cron(0 * * * ? *)\n    time_zone: Europe/Dublin',
      'needs a schedule in UTC: in Europe/Dublin steps are uneven when clocks are changed',
    ],
    [
      'near days beyond the horizon',
      '{ near_days: 365 }',
      'schedule: rate(1 hour)',
      'has 365 near_days in a horizon of 365 days: every run would read all of it',
    ],
  ])('refuses a refresh with %s', (_case, refresh, schedule, message) => {
    const text = events(`{ countries: [SE], refresh: ${refresh} }`, `streams: [ticketmaster.events]\n    ${schedule}`);
    expect(linesOf(text)).toEqual([`3:43 streams.ticketmaster.events.refresh ${message} (ticketmaster.events in the job j)`]);
  });

  it('points at the override that makes a combination impossible', () => {
    const overrides = 'streams: [ticketmaster.events]\n    overrides: { ticketmaster.events: { refresh: {} } }';
    expect(linesOf(events('{ countries: [SE] }', overrides))[0]).toMatch(/^7:41 jobs\.j\.overrides\.ticketmaster\.events\.refresh needs a schedule/);
  });

  it.each([
    [
      'spotify.tracks',
      '{ from_artists: true }',
      '3:35 streams.spotify.tracks.from_artists needs spotify.artists in the same job (spotify.tracks in the job j)',
    ],
    [
      'ticketmaster.attractions',
      '{ from_events: true }',
      '3:44 streams.ticketmaster.attractions.from_events needs ticketmaster.events in the same job (ticketmaster.attractions in the job j)',
    ],
  ])('refuses %s that take their ids from a stream that is not in the job', (id, options, expected) => {
    expect(linesOf(file(`  ${id}: ${options}`, `streams: [${id}]`))).toEqual([expected]);
  });

  it.each([
    ['spotify.tracks', 'artist_ids or from_artists: true'],
    ['ticketmaster.attractions', 'ids, keywords or from_events: true'],
    ['ticketmaster.events', 'countries or markets'],
    ['ticketmaster.venues', 'countries or venue_ids'],
  ])('refuses %s with nothing to read', (id, what) => {
    const expected = [`6:15 jobs.j.streams.0 has nothing to read: give ${what} under streams or overrides (${id})`];
    expect(linesOf(file(`  ${id}: {}`, `streams: [${id}]`))).toEqual(expected);
  });

  it('lets old files be, and says what is no longer used', () => {
    const old = parse(file('  spotify.artists: { queries: [rock], market: US }', 'streams: [spotify.artists]'));
    expect(old.jobs.get('j')?.streams[0]?.options).not.toHaveProperty('market');
    expect(old.warnings).toEqual(['loadin.jobs.yaml:3:39 streams.spotify.artists.market is no longer used: an artist is the same in every country']);
    expect(parse(GOOD).warnings).toEqual([]);
  });
});

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
