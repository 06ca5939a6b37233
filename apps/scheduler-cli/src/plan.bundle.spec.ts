import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startWorld, type World } from './world.fixture.js';

const AT = '2026-03-01T02:00:00Z';
const REFRESHED = `version: 1
streams:
  ticketmaster.events: { countries: [SE], markets: [{ city: Berlin, classifications: [Music] }], horizon_days: 90 }
jobs:
  hourly:
    schedule: cron(0 * * * ? *)
    streams: [ticketmaster.events]
    sinks: [s3_raw, kinesis]
    overrides: { ticketmaster.events: { refresh: { coverage_hours: 12 } } }
`;

jest.setTimeout(30_000);

describe('loadin', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await writeFile(join(world.dir, 'refreshed.yaml'), REFRESHED);
  });
  afterAll(async () => world.close());

  describe('plan', () => {
    it('says what a run will need, and calls no source', async () => {
      const { status, stdout, stderr } = await world.loadin(['plan', 'daily', '--at', AT]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(
        /^daily · cron\(0 2 \* \* \? \*\), about 30 runs a month · planned for 2026-03-01 02:00:00 UTC · jobs\.yaml\nNothing was called/,
      );
      for (const part of [
        /^SOURCE +CALLS/m,
        /^ticketmaster +\d/m,
        /^STREAM +SLICES/m,
        /^Kinesis +shard hours/m,
        /^all +us-east-1, list prices of \d{4}-/m,
        /^Coverage: /m,
      ])
        expect(stdout).toMatch(part);
      expect(world.sources.requests().total).toBe(0);
    });

    it('says what a refresh would read now, and prints the same facts as JSON', async () => {
      const env = { LOADIN_JOBS: 'refreshed.yaml' };
      const { stdout } = await world.loadin(['plan', 'hourly', '--at', AT], env);
      expect(stdout).toMatch(
        /^ticketmaster\.events would read now: undated events and [\d.]+ % of the horizon; it leaves [\d.]+ % for later runs, all of it read by 2026-03-01 1\d:00:00 UTC\n {2}reads {2}2026-02-28 02:00:00 UTC to /m,
      );
      expect(stdout).toContain(
        'Coverage: every event of the next 90 days in its countries and markets is read at least once in 12 h, by runs every 1 h;',
      );
      const { stdout: json, stderr } = await world.loadin(['plan', 'hourly', '--at', AT, '--json'], env);
      expect(stderr).toBe('');
      expect(JSON.parse(json)).toMatchObject({
        plan_version: 1,
        job: 'hourly',
        streams: [{ slices: ['SE', 'markets'], refresh: { coverage_hours: 12 } }],
      });
    });

    it('needs no setting at all', async () => {
      const { status, stdout } = await world.loadin(['plan', 'daily'], Object.fromEntries(Object.keys(world.env).map((name) => [name, undefined])));
      expect(status).toBe(0);
      expect(stdout).toMatch(/\n\nnote: nothing is known of earlier runs: AWS_S3_BUCKET_RAW or AWS_REGION is not set\n$/);
    });
  });

  describe('preview', () => {
    it('shows the first records of a stream in a table, and writes nothing', async () => {
      const { status, stdout, stderr } = await world.loadin(['preview', 'artists', '-n', '2']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const [head, ...rows] = stdout.split('\n\n')[0]?.split('\n') ?? [];
      expect(head).toMatch(/^artist_id +name +genre/);
      expect(rows).toEqual([expect.stringMatching(/^spotify_/), expect.stringMatching(/^spotify_/)]);
      expect(stdout).toMatch(/\nspotify\.artists as in the job daily: 2 records, from 1 page\. Nothing was written\.\n$/);
      expect(await world.lake.keys()).toEqual([]);
    });

    it('prints one JSON record a line, and nothing else on stdout', async () => {
      const { stdout } = await world.loadin(['preview', 'ticketmaster.venues', '-n', '3', '--json']);
      const lines = stdout.trimEnd().split('\n');
      expect(lines.map((line) => (JSON.parse(line) as { country_code: string }).country_code)).toEqual(['SE', 'SE', 'SE']);
    });

    it('shows what is rejected with its path, and ends with status 1 when nothing else is there', async () => {
      const body = JSON.stringify({ _embedded: { venues: [{ id: 7 }] }, page: { size: 200, totalElements: 1, totalPages: 1, number: 0 } });
      const id = world.sources.faults.add({ api: 'ticketmaster', path: 'venues', effect: { kind: 'status', status: 200, body } });
      const empty = JSON.stringify({ page: { size: 200, totalElements: 0, totalPages: 0, number: 0 } });
      const none = world.sources.faults.add({ api: 'ticketmaster', path: 'events', effect: { kind: 'status', status: 200, body: empty } });
      const { status, stdout } = await world.loadin(['preview', 'venues']);
      world.sources.faults.clear(id);
      world.sources.faults.clear(none);
      expect(status).toBe(1);
      expect(stdout).toMatch(/^rejected a record without an id: id: /);
    });
  });

  it.each<[string, string[], RegExp, Record<string, string>?]>([
    ['a job that is missing', ['plan'], /^Which job\? None is named\n {2}→ For example: loadin plan daily\n$/],
    ['a job that is not there', ['plan', 'dialy'], /^There is no job "dialy"; did you mean "daily"\?\n/],
    ['a time that is none', ['plan', 'daily', '--at', 'soon'], /^"soon" is not a time/],
    ['a jobs file that is not there', ['plan', 'daily'], /^The jobs file can't be read/, { LOADIN_JOBS: 'nowhere.yaml' }],
    ['a stream that is missing', ['preview'], /^Which stream\? None is named\n {2}→ For example: loadin preview events\n$/],
    [
      'a stream that no job has',
      ['preview', 'event'],
      /^No job has a stream "event"; did you mean "events"\?\n {2}at jobs\.yaml\n {2}→ There are: spotify\.artists, /,
    ],
    [
      'a number that is none',
      ['preview', 'events', '-n', 'all'],
      /^-n is "all", which is no number of records\n {2}→ Give a whole number from 1 to 10,000\.\n$/,
    ],
    [
      'credentials that are missing',
      ['preview', 'events'],
      /API_TICKETMASTER_API_KEY is missing [^]*\n {2}→ Set them/,
      { API_TICKETMASTER_API_KEY: '' },
    ],
    ['credentials that are wrong', ['preview', 'artists'], /^Spotify [^]*\n {2}→ /, { API_SPOTIFY_CLIENT_SECRET: 'mistyped-secret' }],
  ])('says what to do about %s, with status 2', async (_what, args, text, env = {}) => {
    const { status, stdout, stderr } = await world.loadin(args, env);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(text);
    expect(stderr).not.toMatch(/mistyped|^\s+at .*:\d+:\d+/m);
  });
});
