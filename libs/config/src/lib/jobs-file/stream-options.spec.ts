import { parseJobsFile } from './parse-jobs-file.js';
import { GOOD, linesOf, parse } from './parsing.fixture.js';

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
    ['rate(1 hours)', "can't be used: EventBridge wants rate(1 hour)"],
    ['rate(2 weeks)', "can't be used: a rate is a number from 1, and minutes, hours or days"],
    ['cron(0 2 * * *)', "can't be used: it has 5 fields instead of six"],
    ['hourly', 'must be an EventBridge schedule such as'],
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
    expect(linesOf(zoned('Mars/Olympus', 'rate(1 hours)'))).toEqual([
      "7:15 jobs.j.schedule can't be used: EventBridge wants rate(1 hour)",
      '8:16 jobs.j.time_zone is no time zone: "Mars/Olympus"',
    ]);
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
