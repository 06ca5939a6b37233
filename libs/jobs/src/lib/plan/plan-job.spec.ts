import { FatalError } from '@loadin/pipeline';
import { startWorld, type World } from '../world.fixture.js';
import { planJob } from './plan-job.js';

const JOBS = `
version: 1
streams:
  spotify.artists: { queries: [midnight], max_per_query: 30 }
  ticketmaster.venues: { countries: [SE] }
  ticketmaster.events: { countries: [SE], markets: [{ city: Berlin }], horizon_days: 60 }
  ticketmaster.attractions: { from_events: true }
jobs:
  daily:
    schedule: cron(0 2 * * ? *)
    streams: [spotify.artists, ticketmaster.venues, ticketmaster.events, ticketmaster.attractions]
    sinks: [s3_raw, kinesis]
  hourly:
    schedule: cron(0 * * * ? *)
    streams: [ticketmaster.events]
    sinks: [s3_raw]
    overrides: { ticketmaster.events: { refresh: { near_days: 2, coverage_hours: 12 } } }
  by_hand: { streams: [spotify.artists], sinks: [s3_raw] }
`;

describe('the plan of a job', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterAll(() => world.close());
  const plan = (job: string, at?: string, env?: Readonly<Record<string, string | undefined>>) =>
    planJob({ job, at, environment: world.environment(env), clock: world.clock });

  it('says what a run needs without a call to a source', async () => {
    const before = world.sources.requests();
    const found = await plan('daily', '2026-03-01T02:00:00Z');
    expect(world.sources.requests()).toEqual(before);
    expect(found).toMatchObject({
      plan_version: 1,
      job: 'daily',
      scheduled_time: '2026-03-01T02:00:00Z',
      schedule: 'cron(0 2 * * ? *)',
      runs_per_month: 365 / 12,
      notes: [expect.stringMatching(/^no complete run of daily is known/)],
    });
    expect(found.streams.map(({ stream, slices, last }) => [stream, slices, last])).toEqual([
      ['spotify.artists', [expect.any(String)], null],
      ['ticketmaster.venues', ['SE'], null],
      ['ticketmaster.events', ['SE', 'markets'], null],
      ['ticketmaster.attractions', [expect.any(String)], null],
    ]);
    const [spotify, ticketmaster] = found.sources;
    expect(spotify).toMatchObject({ source: 'spotify', calls: { least: 1, most: 3 }, calls_allowed_per_day: null, share_of_day: null });
    expect(ticketmaster).toMatchObject({ source: 'ticketmaster', calls_per_second: 5, calls_allowed_per_day: 5_000 });
    expect(ticketmaster?.share_of_run?.expected).toBeCloseTo((ticketmaster?.calls.expected ?? 0) / 5_000);
    expect(ticketmaster?.seconds.expected).toBeCloseTo((ticketmaster?.calls.expected ?? 0) / 5);
    expect(found.bytes).toEqual({ landing: expect.any(Number), raw: expect.any(Number), stream: expect.any(Number), bronze: 0 });
    for (const bytes of [found.bytes.landing, found.bytes.raw, found.bytes.stream]) expect(bytes).toBeGreaterThan(0);
    expect(found.cost.per_month).toBeGreaterThan(found.cost.per_run);
    expect(found.coverage).toEqual(['every event of the next 60 days in its countries and markets is read by every run (cron(0 2 * * ? *))']);
  });

  it('writes nothing', async () => {
    await plan('hourly');
    expect(await world.lake.keys()).toEqual([]);
  });

  it('says what a refresh would read now, what it leaves, and within what time all is read', async () => {
    const [one, next] = [await plan('hourly', '2026-03-01T02:00:00Z'), await plan('hourly', '2026-03-01T03:00:00Z')];
    const [first] = one.streams;
    expect(first?.refresh).toMatchObject({ coverage_hours: 12, every_hours: 1, changed_days: [] });
    expect(first?.refresh?.windows[0]).toMatchObject({ from: '2026-02-28T02:00:00Z' });
    expect(first?.refresh?.share).toBeGreaterThan(0.05);
    expect(first?.refresh?.share).toBeLessThan(0.3);
    expect(Date.parse(first?.refresh?.read_by ?? '')).toBeLessThanOrEqual(Date.parse('2026-03-01T14:00:00Z'));
    expect(next.streams[0]?.refresh?.windows).not.toEqual(first?.refresh?.windows);
    expect(one.coverage).toEqual([
      'every event of the next 60 days in its countries and markets is read at least once in 12 h, by runs every 1 h; those of the next 2 days and those without a date by every run',
    ]);
    const full = await plan('daily');
    expect(one.sources[0]?.calls.expected).toBeLessThan(full.streams[2]?.calls.expected ?? 0);
  });

  it('is made without any setting, and says what is not known then', async () => {
    const nothing = Object.fromEntries(Object.keys(world.env).map((name) => [name, name === 'LOADIN_JOBS' ? world.env.LOADIN_JOBS : undefined]));
    const found = await plan('daily', undefined, nothing);
    expect(found.notes).toEqual(['nothing is known of earlier runs: AWS_S3_BUCKET_RAW or AWS_REGION is not set']);
    expect((await plan('by_hand', undefined, nothing)).runs_per_month).toBeNull();
  });

  it('is made although AWS does not answer, and says so in one line', async () => {
    const { notes } = await plan('daily', undefined, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    expect(notes).toEqual([expect.stringMatching(/^nothing is known of earlier runs: [^\n]+$/)]);
    expect((await plan('daily', undefined, { CHECKPOINT_STORE: 'dynamodb://another' })).notes).toEqual([expect.stringContaining('another')]);
  });

  it('is made no faster than API_RATE_LIMIT_REQUESTS allows', async () => {
    const { sources } = await plan('daily', undefined, { API_RATE_LIMIT_REQUESTS: '60' });
    expect(sources.map(({ calls_per_second }) => calls_per_second)).toEqual([1, 1]);
  });

  it('refuses a job that is not there, and a time that is none', async () => {
    await expect(plan('dialy')).rejects.toThrow(new FatalError('There is no job "dialy"; did you mean "daily"?'));
    await expect(plan('daily', 'soon')).rejects.toThrow(/is not a time/);
  });

  it('says what the last run took', async () => {
    const callsToTicketmaster = (): number => world.sources.requests().byApi.ticketmaster.calls;
    const before = callsToTicketmaster();
    const report = await world.run('daily');
    expect(report.status).toBe('complete');
    const made = new Map(report.streams.map(({ stream, effort }) => [stream, effort.source_requests ?? NaN]));
    // What sinks ask AWS for is no call to the source.
    expect(made.get('ticketmaster.attractions')).toBe(0);
    expect((made.get('ticketmaster.venues') ?? 0) + (made.get('ticketmaster.events') ?? 0)).toBe(callsToTicketmaster() - before);
    const { streams, notes } = await plan('daily');
    expect(notes).toEqual([]);
    for (const { stream, last, calls, records, basis } of streams) {
      const { ledger } = report.streams.find((one) => one.stream === stream) ?? {};
      expect(last).toMatchObject({ run_id: report.run_id, pages: ledger?.pages, records: ledger?.accepted });
      expect(records.expected).toBe(ledger?.accepted);
      expect(calls.expected).toBe(made.get(stream));
      expect(basis).toBe('the last run, of 2026-03-01T02:00:00Z');
    }
  });
});
