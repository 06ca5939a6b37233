import { StopError } from '@loadin/pipeline';
import { createSpotifyArtistsStream, createTicketmasterEventsStream } from '../index.js';
import { arrived, caught, newPlace, run, startWorld, type World } from './run.fixture.js';

describe('rate limits and quotas', () => {
  let world: World;
  let ids: readonly string[];
  beforeAll(async () => (world = await startWorld()));
  beforeEach(() => {
    world.renew();
    ids = world.upstreams.catalogue.artistIds().slice(0, 30);
  });
  afterAll(() => world.close());

  const callsOf = (api: 'spotify' | 'ticketmaster') => world.upstreams.requests().calls.filter((call) => call.api === api);
  const seconds = (from: number): number => (world.clock.now() - from) / 1_000;

  it('behaviour 14: a plain-text 429 is understood, and its Retry-After is waited', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'retryAfter', seconds: 7 }, when: { nth: 1 } });
    const before = world.clock.now();
    await world.spotify().artist(ids[0] ?? '');
    expect(seconds(before)).toBeGreaterThanOrEqual(7);
    expect(seconds(before)).toBeLessThan(12);
    expect(callsOf('spotify').map(({ status }) => status)).toEqual([429, 200]);
  });

  it('behaviour 14: nobody else calls while a Retry-After is waited', async () => {
    const client = world.spotify();
    await client.artist(ids[0] ?? '');
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'retryAfter', seconds: 20 }, when: { nth: 1 } });
    await Promise.all(ids.map((id) => client.artist(id)));
    const refused = callsOf('spotify').find(({ status }) => status === 429)?.at ?? 0;
    // Calls that were under way already can arrive until the refusal is known.
    const meanwhile = callsOf('spotify').filter(({ at }) => at > refused + 2_000 && at < refused + 20_000);
    expect(meanwhile).toEqual([]);
    expect(callsOf('spotify').filter(({ status }) => status === 200)).toHaveLength(1 + ids.length);
  });

  it('behaviour 14: beyond the cap the run stops resumably, says when to come back, and then goes on where it was', async () => {
    const place = newPlace();
    const streams = () => [createSpotifyArtistsStream({ client: world.spotify(), ids })];
    world.upstreams.faults.add({ api: 'spotify', path: ids[25], effect: { kind: 'retryAfter', seconds: 13_749 }, count: 1 });
    const before = world.clock.now();
    const { report } = await run(world, streams(), place);
    expect(report).toMatchObject({ status: 'stopped', reason: 'quota' });
    expect(seconds(before)).toBeLessThan(60);
    const resumeAfter = Date.parse(report.resume_after ?? '');
    expect((resumeAfter - before) / 1_000).toBeGreaterThanOrEqual(13_749);
    expect((resumeAfter - before) / 1_000).toBeLessThan(13_749 + 60);
    await world.clock.sleep(resumeAfter - world.clock.now());
    const again = await run(world, streams(), place);
    expect(again.report).toMatchObject({ status: 'complete', attempts: 2, problems: [] });
    expect(arrived(again)).toEqual([...ids].sort());
  });

  it('behaviour 15: QUOTA_EXCEEDED stops at once', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'quotaExceeded' } });
    const before = world.clock.now();
    const error = await caught(world.spotify().artist(ids[0] ?? ''));
    expect(error).toBeInstanceOf(StopError);
    expect(error).toMatchObject({ action: 'stop', reason: 'quota', message: expect.stringContaining('QUOTA_EXCEEDED') });
    expect([callsOf('spotify').length, seconds(before)]).toEqual([1, 0]);
  });

  it('behaviour 23: SpikeArrest backs off and goes on', async () => {
    const body =
      '{"fault":{"faultstring":"Spike arrest violation. Allowed rate : 5ps","detail":{"errorcode":"policies.ratelimit.SpikeArrestViolation"}}}';
    world.upstreams.faults.add({ api: 'ticketmaster', effect: { kind: 'status', status: 429, body }, when: { first: 3 } });
    const ran = await run(world, [createTicketmasterEventsStream({ client: world.ticketmaster(), countries: ['IE'], horizonDays: 60 })]);
    expect(ran.report.status).toBe('complete');
    const times = callsOf('ticketmaster').map(({ at }) => at);
    const waits = times.slice(1, 4).map((at, index) => at - (times[index] ?? 0));
    expect(waits[0]).toBeGreaterThanOrEqual(1_000);
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
    expect(waits[2]).toBeGreaterThan(waits[1] ?? 0);
  });

  it('behaviour 23: QuotaViolation stops the run until Rate-Limit-Reset, and then it goes on where it was', async () => {
    const place = newPlace();
    const countries = ['SE', 'IE'];
    const streams = () => [createTicketmasterEventsStream({ client: world.ticketmaster(), countries, horizonDays: 365 })];
    world.upstreams.limits.ticketmaster.perDay = 4;
    const { report } = await run(world, streams(), place);
    expect(report).toMatchObject({ status: 'stopped', reason: 'quota', resume_after: expect.stringMatching(/^2026-03-02T12:00:0[01]/) });
    expect(report.problems.join()).toContain("the day's quota of this API key is used up");
    expect(world.clock.now() - Date.parse('2026-03-01T12:00:00Z')).toBeLessThan(60_000);
    world.upstreams.limits.ticketmaster.perDay = 5_000;
    await world.clock.sleep(86_400_000);
    const again = await run(world, streams(), place);
    expect(again.report).toMatchObject({ status: 'complete', problems: [] });
    const { expected } = world.upstreams.catalogue;
    expect(arrived(again)).toEqual(expected.events({ countries, from: '2026-02-28T12:00:00Z', to: '2027-03-01T12:00:00Z' }));
  });
});
