import { parseJobsFile, type JobDefinition } from '@loadin/config';
import { expectedCalls } from '../expected-calls.js';
import { estimate, type Known } from './estimate.js';
import type { LastRun } from './types.js';

const job = (stream: string, options: object, more: object = {}): JobDefinition => {
  const file = {
    version: 1,
    streams: { [stream]: options, ...more },
    jobs: { j: { schedule: 'rate(1 hour)', streams: [stream, ...Object.keys(more)], sinks: ['s3_raw'] } },
  };
  const found = parseJobsFile(JSON.stringify(file), 'jobs.yaml').jobs.get('j');
  if (found === undefined) throw new Error('the job is missing');
  return found;
};
const of = (wanted: JobDefinition, known?: Known) => {
  const [stream] = wanted.streams;
  if (stream === undefined) throw new Error('the job has no stream');
  return estimate(stream, wanted, known);
};
const last = (stream: string, pages: number, records: number): Known => {
  const run: LastRun = { run_id: 'r', scheduled_time: '2026-03-01T02:00:00Z', pages, records, bytes_read: 0, duration_ms: 0 };
  return { last: new Map([[stream, run]]) };
};
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `4Z8W4fKeB5YxbusRsd${String(index).padStart(4, '0')}`);

describe('the calls of', () => {
  it('artists are a page for ten of a search, one for each name, and ids by fifty or one by one', () => {
    const { calls } = of(job('spotify.artists', { queries: ['rock', 'pop'], ids: ids(60), names: ['Björk'], max_per_query: 25 }));
    expect(calls).toEqual({ least: 2 + 2 + 1, expected: 6 + 61 + 1, most: 6 + 61 + 5 });
  });

  it('tracks are one for each artist, also for those that another stream brings', () => {
    const followed = { 'spotify.artists': { queries: ['rock'], max_per_query: 30 } };
    const { calls } = of(job('spotify.tracks', { artist_ids: ids(3), from_artists: true }, followed));
    expect(calls).toEqual({ least: 1, expected: 33, most: 33 });
  });

  it('venues are a search a country at least', () => {
    expect(of(job('ticketmaster.venues', { countries: ['SE', 'NO'] })).calls).toMatchObject({ least: 2, most: null });
  });

  it('venues and attractions by id are one for a hundred, and one more for each that is not found', () => {
    const ids = Array.from({ length: 101 }, (_, index) => `K8vZ${index}`);
    expect(of(job('ticketmaster.venues', { venue_ids: ids })).calls).toMatchObject({ least: 2, most: 103 });
    expect(of(job('ticketmaster.attractions', { ids })).calls).toEqual({ least: 2, expected: 2, most: 103 });
    expect(of(job('ticketmaster.attractions', { keywords: ['abba'] })).calls).toMatchObject({ least: 1, most: null });
  });

  it('events are three searches a place at least, and at most all that the source has', () => {
    const markets = [{ city: 'Oslo' }, { country: 'US', states: ['CA', 'NY'], classifications: ['Music', 'Sports', 'Film'] }];
    const { calls, basis } = of(job('ticketmaster.events', { countries: ['SE'], markets }));
    expect(calls.least).toBe((1 + 1 + 6) * 3);
    expect(calls.most).toBe(24 + Math.ceil((230_000 / 200) * 1.15));
    expect(basis).toBe('assumed: 20,000 events a country and year');
  });

  it('attractions that events embed are none', () => {
    const events = { 'ticketmaster.events': { countries: ['SE'] } };
    const { calls, records } = of(job('ticketmaster.attractions', { from_events: true }, events));
    expect(calls).toEqual({ least: 0, expected: 0, most: 0 });
    expect(records.expected).toBeGreaterThan(0);
  });

  it('a stream are expected to be those of the last run, if there was one', () => {
    const found = of(job('ticketmaster.events', { countries: ['SE'] }), last('ticketmaster.events', 17, 2_345));
    expect(found).toMatchObject({ calls: { least: 3, expected: 17 }, records: { expected: 2_345 }, basis: 'the last run, of 2026-03-01T02:00:00Z' });
  });

  it('a stream are expected to be as many as the last run counted, which are more than its pages where searches are cut', () => {
    const known = last('ticketmaster.events', 17, 2_345);
    const counted: Known = { last: new Map([...known.last].map(([id, run]) => [id, { ...run, calls: 25 }])) };
    expect(of(job('ticketmaster.events', { countries: ['SE'] }), counted).calls.expected).toBe(25);
  });

  it('artists are expected to be those of the last run too: searches that give less than they are asked for end early', () => {
    const wanted = job('spotify.artists', { queries: ['rock', 'pop'], ids: ids(12) });
    expect(of(wanted).calls.expected).toBe(200 + 13);
    expect(of(wanted, last('spotify.artists', 30 + 2, 300))).toMatchObject({
      calls: { least: 3, expected: 30 + 12, most: 213 },
      records: { expected: 300 },
    });
  });

  it('a refresh are those of its part of the horizon', () => {
    const refreshed = job('ticketmaster.events', { countries: ['SE'], refresh: {} });
    const windows = [
      { from: '2026-03-01T00:00:00Z', to: '2026-03-02T23:59:59Z' },
      { from: '2026-04-01T12:00:00Z', to: '2026-04-01T23:59:59Z' },
    ];
    const known = { last: new Map(), reads: { windows, share: 0.1 } };
    expect(of(refreshed, known).calls.least).toBe(4);
    expect(of(refreshed, known).records.expected).toBe(20_000 * 0.1 + 20_000 * 0.02);
    const eventsByDay = new Map([
      ['2026-03-01', 100],
      ['2026-03-02', 50],
      ['2026-03-03', 1_000],
      ['2026-04-01', 80],
    ]);
    const seen = of(refreshed, { ...known, eventsByDay });
    const unseen = of(refreshed, { ...known, eventsByDay: new Map([['2026-03-01', 100]]) });
    expect(unseen.records.expected).toBe(100 + 100 + 50 + 400);
    expect(seen).toMatchObject({ records: { expected: 100 + 50 + 40 + 400 }, basis: 'the events that earlier runs have seen on these days' });
  });
});

describe('the line about the calls of a job', () => {
  const at = '2026-03-01T02:00:00Z';

  it('names each source once', async () => {
    const artists = { 'spotify.artists': { queries: ['rock'] } };
    expect(await expectedCalls(job('ticketmaster.venues', { countries: ['SE', 'NO'] }, artists), at)).toBe(
      'j: 2 or more calls to Ticketmaster (5,000 a day are allowed), 1 to 100 calls to Spotify',
    );
    expect(await expectedCalls(job('spotify.artists', { names: ['Björk'] }), at)).toBe('j: 1 to 5 calls to Spotify');
  });

  it('says of a refresh what the plan says', async () => {
    expect(await expectedCalls(job('ticketmaster.events', { countries: ['SE'], refresh: {} }), at)).toMatch(/^j: 5 to 1,328 calls to Ticketmaster/);
  });
});
