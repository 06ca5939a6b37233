import { createRecordingLogger } from '@loadin/testing';
import { createSpotifyArtistsStream } from '../index.js';
import { caught, run, startWorld, type World } from './run.fixture.js';

describe('access tokens', () => {
  let world: World;
  let ids: readonly string[];
  beforeAll(async () => (world = await startWorld()));
  beforeEach(() => {
    world.renew();
    ids = world.upstreams.catalogue.artistIds().slice(0, 60);
  });
  afterAll(() => world.close());

  const tokens = (): number => world.upstreams.requests().byApi.accounts.calls;
  const statuses = () => world.upstreams.requests().byApi.spotify.statuses;
  const fifty = (client: ReturnType<World['spotify']>): Promise<unknown> => Promise.all(ids.slice(0, 50).map((id) => client.artist(id)));

  it('behaviour 1: 50 concurrent calls with a cold token make one token request', async () => {
    await fifty(world.spotify());
    expect(tokens()).toBe(1);
    expect(statuses()).toEqual({ '200': 50 });
  });

  it('behaviour 1: 50 concurrent calls with a token that ended by itself make one token request', async () => {
    const client = world.spotify();
    await fifty(client);
    await world.clock.sleep(3_600_000);
    await fifty(client);
    expect(tokens()).toBe(2);
    expect(statuses()).toEqual({ '200': 100 });
  });

  it('behaviour 1: 50 concurrent calls with a token that the service has ended make one token request', async () => {
    const client = world.spotify();
    await fifty(client);
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' }, count: 1 });
    await fifty(client);
    expect(tokens()).toBe(2);
    expect(statuses()['200']).toBe(100);
  });

  it('behaviour 2: the token is renewed early, and expires_in is honoured', async () => {
    world.upstreams.limits.spotify.tokenTtlSeconds = 100;
    const client = world.spotify();
    const began = world.clock.now();
    const renewedAfter: number[] = [];
    for (let second = 0; second < 400; second += 5) {
      const before = tokens();
      await client.artist(ids[0] ?? '');
      if (tokens() > before) renewedAfter.push((world.clock.now() - began) / 1_000);
      await world.clock.sleep(5_000);
    }
    expect(statuses()).toEqual({ '200': 80 }); // never a call with a token that has ended
    const lives = renewedAfter.slice(1).map((at, index) => at - (renewedAfter[index] ?? 0));
    expect(lives.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...lives)).toBeGreaterThan(50);
    expect(Math.max(...lives)).toBeLessThan(100);
  });

  it('behaviour 3: a 401 in the middle of a run costs one renewal and one replay', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' }, when: { nth: 20 } });
    const { report, sink } = await run(world, [createSpotifyArtistsStream({ client: world.spotify(), ids })]);
    expect([report.status, sink.records.length]).toEqual(['complete', 60]);
    expect(tokens()).toBe(2);
    expect(statuses()).toEqual({ '200': 60, '401': 1, '403': 1 });
  });

  it('behaviour 3: a second 401 of the same request, with a token that nobody has used, is fatal', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' } });
    expect(await caught(world.spotify().artist(ids[0] ?? ''))).toMatchObject({
      action: 'fatal',
      message: expect.stringContaining('refuses a new access token too'),
      hint: expect.stringContaining('API_SPOTIFY_CLIENT_ID'),
    });
    expect([tokens(), statuses()]).toEqual([2, { '401': 2 }]);
  });

  it('behaviour 3: renewals in a run are unbounded, but paced', async () => {
    const client = world.spotify();
    const renewals = 12;
    for (let i = 0; i < renewals; i += 1) {
      expect((await client.artist(ids[i] ?? '')).value?.id).toBe(ids[i]);
      world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' }, count: 1 });
    }
    expect((await client.artist(ids[renewals] ?? '')).value?.id).toBe(ids[renewals]);
    expect(tokens()).toBe(1 + renewals);
    const { byApi } = world.upstreams.requests();
    expect(byApi.accounts.maxInASecond).toBeLessThanOrEqual(6); // a few at once after a while, then one a second
    expect(world.clock.now() - Date.parse('2026-03-01T12:00:00Z')).toBeGreaterThan(5_000);
  });

  it('behaviour 4: invalid_client is fatal and never retried, and the secret is never logged', async () => {
    const secret = 'canary/client+secret=';
    const logger = createRecordingLogger();
    const client = world.spotify({ clientSecret: secret });
    const stream = createSpotifyArtistsStream({ client, ids });
    expect(await caught(client.artist(ids[0] ?? '', { logger }))).toMatchObject({
      action: 'fatal',
      message: expect.stringContaining('invalid_client'),
    });
    expect([tokens(), statuses()]).toEqual([1, {}]);
    const { report, logger: ofRun } = await run(world, [stream]);
    expect(report.streams[0]?.error).toMatchObject({ action: 'fatal', hint: expect.stringContaining('API_SPOTIFY_CLIENT_SECRET') });
    expect(tokens()).toBe(2);
    expect(JSON.stringify([report, logger.lines, ofRun.lines])).not.toContain('canary');
  });
});
