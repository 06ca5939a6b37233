import type { RunReport } from '@loadin/pipeline';
import { BUCKET, DATA_TYPES, expectedIds, idsOf, TABLE } from '@loadin/specs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SELECTION, startWorld, type World } from './world.fixture.js';

const DAILY = ['run', 'daily', '--at', '2026-03-01T02:00:00Z'];
const reportIn = (stdout: string): RunReport => JSON.parse(stdout) as RunReport;

jest.setTimeout(30_000);

describe('loadin run, as a command on real servers', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  afterAll(async () => world.close());

  it('writes nothing with --dry-run, and says what it would have', async () => {
    const { status, stdout } = await world.loadin([...DAILY, '--dry-run', '--json']);
    expect(status).toBe(0);
    const report = reportIn(stdout);
    expect(report).toMatchObject({ status: 'complete', dry_run: true });
    expect(report.streams.map(({ ledger }) => ledger.accepted)).toEqual(
      DATA_TYPES.map((type) => expectedIds(world.sources, SELECTION, '2026-03-01T02:00:00Z')[type].length),
    );
    expect(await world.lake.keys()).toEqual([]);
    expect(await world.lake.stream()).toEqual([]);
    expect((await world.loadin(['state', 'show'])).stdout).toBe(`No checkpoint yet in dynamodb://${TABLE}.\n`);
  });

  it('reports a dry run without a checkpoint or anything else that would have to be written', async () => {
    const { stdout } = await world.loadin(['run', 'artist_refresh', '--at', '2026-03-01T02:00:00Z', '--dry-run']);
    expect(stdout).toContain('WOULD DELIVER');
    expect(stdout).not.toMatch(/CHECKPOINT|OBJECT|s3:\/\//);
    expect(await world.lake.keys()).toEqual([]);
  });

  it('brings exactly what the sources have, and prints one JSON document on stdout', async () => {
    const { status, stdout, stderr } = await world.loadin([...DAILY, '--json']);
    expect(status).toBe(0);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    const report = reportIn(stdout);
    expect(report).toMatchObject({
      job: 'daily',
      status: 'complete',
      already_complete: false,
      attempts: 1,
      problems: [],
      scheduled_time: '2026-03-01T02:00:00Z',
    });
    expect(stderr).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] Starting: daily$/m);
    const expected = expectedIds(world.sources, SELECTION, '2026-03-01T02:00:00Z');
    const streamed = await world.lake.stream();
    for (const type of DATA_TYPES) {
      expect(idsOf(await world.lake.raw(type), type)).toEqual(expected[type]);
      expect(
        idsOf(
          streamed.filter(({ data_type }) => data_type === type),
          type,
        ),
      ).toEqual(expected[type]);
    }
    expect(await world.lake.keys('raw/')).toEqual([
      'raw/spotify/artists/year=2026/month=03/day=01/artists_20260301_020000.json',
      'raw/ticketmaster/events/year=2026/month=03/day=01/events_20260301_020000.json',
      'raw/ticketmaster/venues/year=2026/month=03/day=01/venues_20260301_020000.json',
    ]);
    expect(JSON.parse(await world.lake.text(String(report.report_uri).replace(`s3://${BUCKET}/`, '')))).toEqual(report);
    expect(await world.lake.text(`logs/pipeline/ingestion/date=2026-03-01/${report.run_id}.ndjson`)).toContain('"message":"Starting: daily"');
  });

  it('does nothing the second time for the same scheduled time', async () => {
    const before = await world.lake.keys();
    const { status, stdout } = await world.loadin([...DAILY, '--json']);
    expect({ status, already: reportIn(stdout).already_complete }).toEqual({ status: 0, already: true });
    expect((await world.loadin(DAILY)).stdout).toMatch(
      /^daily · scheduled 2026-03-01 02:00:00 UTC · attempt 1 · already complete; nothing was done\n/,
    );
    expect(await world.lake.keys()).toEqual(before);
  });

  it('makes a new run of the same time with --again, beside the first', async () => {
    const first = reportIn((await world.loadin([...DAILY, '--json'])).stdout);
    const { status, stdout } = await world.loadin(['run', 'artist_refresh', '--at', '2026-03-01T02:00:00Z', '--json']);
    const again = await world.loadin(['run', 'artist_refresh', '--at', '2026-03-01T02:00:00Z', '--again', '--json']);
    expect([status, again.status]).toEqual([0, 0]);
    const ids = [first, reportIn(stdout), reportIn(again.stdout)].map(({ run_id }) => run_id);
    expect(new Set(ids).size).toBe(3);
    expect((await world.lake.keys('raw/spotify/')).map((key) => key.split('/').at(-1))).toEqual([
      'artists_20260301_020000.json',
      'artists_20260301_020001.json',
      'artists_20260301_020002.json',
    ]);
  });

  it('runs one stream with --stream, by id or data type, as a run of its own', async () => {
    const of = async (stream: string) => world.loadin(['run', '--job-type', 'daily', '--at', '2026-03-02T02:00:00Z', '--stream', stream, '--json']);
    const { status, stdout } = await of('ticketmaster.events');
    expect(status).toBe(0);
    expect(reportIn(stdout).streams.map(({ stream }) => stream)).toEqual(['ticketmaster.events']);
    expect(reportIn((await of('events')).stdout)).toMatchObject({ already_complete: true, run_id: reportIn(stdout).run_id });
  });

  it('shows the checkpoints', async () => {
    const { status, stdout } = await world.loadin(['state', 'show']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^JOB +STREAM +SYNCED TO +RECORDS +RUN\n/);
    expect(stdout).toMatch(/^daily +ticketmaster\.events +2026-03-02 02:00:00 UTC +\d+ +[0-9a-f-]{36}$/m);
    const { checkpoints } = JSON.parse((await world.loadin(['state', 'show', '--json'])).stdout) as {
      checkpoints: { job: string; stream: string }[];
    };
    expect(checkpoints.map(({ job, stream }) => `${job}/${stream}`)).toEqual([
      'artist_refresh/spotify.artists',
      'daily/spotify.artists',
      'daily/ticketmaster.events',
      'daily/ticketmaster.venues',
    ]);
  });

  it('works by host name as by number', async () => {
    const byName = Object.fromEntries(Object.entries(world.env).map(([name, value]) => [name, value.replace('127.0.0.1', 'localhost')]));
    const { status, stdout } = await world.loadin(['run', 'daily', '--at', '2026-03-03T02:00:00Z', '--json'], byName);
    expect({ status, problems: reportIn(stdout).problems }).toEqual({ status: 0, problems: [] });
  });

  it('prints the settings without a secret', async () => {
    const { status, stdout } = await world.loadin(['run', '--print-config']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^AWS_S3_BUCKET_RAW +raw-of-a-spec/m);
    expect(stdout).not.toContain(world.env['API_SPOTIFY_CLIENT_SECRET']);
    expect(stdout).not.toContain(world.env['API_TICKETMASTER_API_KEY']);
  });

  it('has all its settings and their defaults in the documentation', async () => {
    const { stdout } = await world.loadin(['run', '--print-config'], Object.fromEntries(Object.keys(world.env).map((name) => [name, undefined])));
    // OpenTelemetry reads its own variables itself.
    const documented = readFileSync(join(__dirname, '../../../docs/settings.md'), 'utf8').matchAll(
      /^\| `(?!OTEL_)([A-Z0-9_]+)` +\| (?:`(.+?)`)? +\|/gm,
    );
    const printed = stdout.matchAll(/^([A-Z0-9_]+) +(?:(\S+) +default|- +not set)$/gm);
    const table = (rows: Iterable<RegExpMatchArray>): string[] => [...rows].map(([, name, fallback = '']) => `${name} ${fallback}`).sort();
    const settings = table(printed);
    expect(settings.length).toBeGreaterThan(20);
    expect(table(documented)).toEqual(settings);
  });
});
