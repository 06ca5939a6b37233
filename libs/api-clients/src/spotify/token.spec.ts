import { createRecordingLogger } from '@loadin/testing';
import { json, startScripted } from '../http/scripted-server.fixture.js';
import { startWorld, type World } from '../upstreams.fixture.js';

const tokenCalls = ({ upstreams }: World): number => upstreams.requests().byApi.accounts.calls;
const caught = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('Spotify access tokens', () => {
  let world: World;
  let id: string;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => {
    world.renew();
    id = world.upstreams.catalogue.artistIds()[0] ?? '';
  });
  afterAll(() => world.close());

  it('1. fifty calls at once make one token request, cold and after the token has expired', async () => {
    const client = world.spotify();
    const fifty = (): Promise<unknown> => Promise.all(Array.from({ length: 50 }, () => client.artist(id)));
    await fifty();
    expect(tokenCalls(world)).toBe(1);
    await world.clock.sleep(3_600_000);
    await fifty();
    expect(tokenCalls(world)).toBe(2);
  });

  it('1. fifty calls that find the token expired at the service make one token request', async () => {
    const client = world.spotify();
    await client.artist(id);
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' }, count: 1 });
    await Promise.all(Array.from({ length: 50 }, () => client.artist(id)));
    expect(tokenCalls(world)).toBe(2);
  });

  it('2. the token is renewed before it ends, and expires_in is honoured', async () => {
    world.upstreams.limits.spotify.tokenTtlSeconds = 100;
    const client = world.spotify();
    await client.artist(id);
    await world.clock.sleep(85_000);
    await client.artist(id);
    expect(tokenCalls(world)).toBe(1);
    await world.clock.sleep(6_000);
    await client.artist(id);
    expect(tokenCalls(world)).toBe(2);
    expect(world.upstreams.requests().byApi.spotify.statuses).toEqual({ '200': 3 });
  });

  it('3. a 401 in the middle of a run costs one renewal and one replay', async () => {
    const client = world.spotify();
    await client.artist(id);
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' }, count: 1 });
    expect((await client.artist(id)).value?.id).toBe(id);
    expect(tokenCalls(world)).toBe(2);
    expect(world.upstreams.requests().byApi.spotify.statuses).toEqual({ '200': 2, '401': 1 });
  });

  it('3. a second 401 of the same request, with a new token that nobody has used, is fatal', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' } });
    const error = await caught(world.spotify().artist(id));
    expect(error).toMatchObject({
      action: 'fatal',
      message: 'Spotify refuses a new access token too: 401 The access token expired',
      hint: expect.stringContaining('API_SPOTIFY_CLIENT_ID and API_SPOTIFY_CLIENT_SECRET'),
    });
    expect(tokenCalls(world)).toBe(2);
  });

  it('3. a second 401 with a token that others have used up since is not fatal', async () => {
    const refused = { error: { status: 401, message: 'The access token expired' } };
    const left = new Map([
      ['A', 2],
      ['B', 1],
    ]);
    const server = await startScripted((response, { url = '' }) => {
      const name = url.slice(-1);
      const refusals = left.get(name) ?? 0;
      left.set(name, refusals - 1);
      (refusals > 0 ? json(refused, 401) : json({ id: name }))(response, {} as never);
    });
    const client = world.spotify({ baseUrl: server.url });
    const answers = await Promise.all([client.artist('A'), client.artist('B')]);
    await server.close();
    expect(answers.map(({ value }) => value?.id)).toEqual(['A', 'B']);
    expect(tokenCalls(world)).toBe(3);
  });

  it('3. renewals are paced', async () => {
    const client = world.spotify();
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' }, when: { nth: 1 } });
    const before = world.clock.now();
    await client.artist(id);
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(1_000);
  });

  it('4. invalid_client is fatal, never retried, and the secret is in no error and no log', async () => {
    const logger = createRecordingLogger();
    const client = world.spotify({ clientSecret: 'canary-client-secret' });
    const error = await caught(client.artist(id, { logger }));
    expect(error).toMatchObject({
      action: 'fatal',
      message: 'Spotify accounts does not accept the client id and secret: 400 invalid_client: Invalid client secret',
      hint: expect.stringContaining('API_SPOTIFY_CLIENT_ID and API_SPOTIFY_CLIENT_SECRET'),
    });
    expect(tokenCalls(world)).toBe(1);
    expect(JSON.stringify([error, String(error), logger.lines])).not.toContain('canary');
  });

  it('16. the token request gets bounded retries too', async () => {
    world.upstreams.faults.add({ api: 'accounts', effect: { kind: 'status', status: 503 }, when: { first: 2 } });
    world.upstreams.faults.add({ api: 'accounts', effect: { kind: 'malformedJson' }, when: { nth: 1 } });
    expect((await world.spotify().artist(id)).value?.id).toBe(id);
    expect(tokenCalls(world)).toBeLessThanOrEqual(4);
  });

  it('ends one caller’s wait for a token without ending the request of the others', async () => {
    const client = world.spotify();
    world.upstreams.faults.add({ api: 'accounts', effect: { kind: 'latency', ms: 30 } });
    const controller = new AbortController();
    const [gone, stays] = [caught(client.artist(id, { signal: controller.signal })), client.artist(id)];
    controller.abort();
    expect(await gone).toMatchObject({ action: 'stop', reason: 'cancelled' });
    expect((await stays).value?.id).toBe(id);
  });
});
