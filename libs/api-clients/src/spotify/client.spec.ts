import { json, startScripted, type Reply } from '../http/scripted-server.fixture.js';
import { startWorld, type World } from '../upstreams.fixture.js';
import { createSpotifyClient, type SpotifySearchPage } from './client.js';

const caught = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('createSpotifyClient', () => {
  let world: World;
  const closers: (() => unknown)[] = [];
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => {
    world.renew();
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  afterAll(() => world.close());

  const ids = (count: number): string[] => world.upstreams.catalogue.artistIds().slice(0, count);
  const collect = async (pages: AsyncIterable<SpotifySearchPage>): Promise<SpotifySearchPage[]> => {
    const all: SpotifySearchPage[] = [];
    for await (const page of pages) all.push(page);
    return all;
  };
  const spotifyCalls = (): readonly string[] => world.upstreams.requests().calls.flatMap(({ api, target }) => (api === 'spotify' ? [target] : []));
  /** A data API that gives these answers, with the world's accounts service. */
  const scripted = async (...replies: Reply[]) => {
    const server = await startScripted(...replies);
    closers.push(() => server.close());
    return { server, client: world.spotify({ baseUrl: server.url }) };
  };
  const page = (items: unknown[], next: string | null, total = 100): Reply => json({ artists: { items, next, total, limit: 10, offset: 0 } });
  const artist = (id: string) => ({ id, name: 'Same Name' });

  it('asks for the top tracks of a market', async () => {
    const { server, client } = await scripted(json({ tracks: [{ id: 't' }] }));
    expect(await client.topTracks('a', { market: 'SE' })).toEqual({ value: [{ id: 't' }], request: 'GET /v1/artists/a/top-tracks?market=SE' });
    await client.topTracks('a');
    expect(server.requests.map(({ url }) => url)).toEqual(['/v1/artists/a/top-tracks?market=SE', '/v1/artists/a/top-tracks']);
  });

  it('5. a search never asks for more than 10', async () => {
    await collect(world.spotify().searchArtists('midnight'));
    expect(spotifyCalls().length).toBeGreaterThan(1);
    expect(spotifyCalls().every((target) => new URLSearchParams(target.split('?')[1]).get('limit') === '10')).toBe(true);
  });

  it('5. a 400 "Invalid limit" lowers it, and that is remembered', async () => {
    world.upstreams.limits.spotify.maxSearchLimit = 4;
    const client = world.spotify();
    const found = (await collect(client.searchArtists('midnight'))).flatMap(({ artists }) =>
      artists.filter((entry) => entry !== null).map(({ id }) => id),
    );
    expect([...found].sort()).toEqual(world.upstreams.catalogue.expected.artists({ queries: ['midnight'] }));
    await client.searchArtistsPage('velvet', 0);
    expect(world.upstreams.requests().byApi.spotify.statuses['400']).toBe(2); // 10 and 5, never again
  });

  it('6. a search stops before offset + limit > 1000, even when next exists', async () => {
    const { server, client } = await scripted(page([artist('a')], 'https://api.spotify.com/v1/search?offset=1000'));
    const pages = await collect(client.searchArtists('rock'));
    expect(pages).toHaveLength(100);
    expect(server.requests.at(-1)?.url).toContain('offset=990');
  });

  it('7. a search ends on next: null, whatever the total says', async () => {
    const { server, client } = await scripted(page([artist('a')], 'more', 5), page([artist('b')], null, 5_000));
    expect(await collect(client.searchArtists('rock'))).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
  });

  it('7. a search ends on an empty page', async () => {
    const { client } = await scripted(page([artist('a')], 'more'), page([], 'more'));
    expect(await collect(client.searchArtists('rock'))).toHaveLength(2);
  });

  it('asks for a page only when the consumer wants it', async () => {
    const pages = world.spotify().searchArtists('midnight');
    await pages.next();
    expect(spotifyCalls()).toHaveLength(1);
  });

  it('11. a batch is one call for apps that may ask for several', async () => {
    world.upstreams.limits.spotify.developmentMode = false;
    const [a, b] = ids(2);
    const { value } = await world.spotify().artists([a ?? '', '0000000000000000000000', b ?? '']);
    expect(value.map((entry) => entry?.id ?? null)).toEqual([a, null, b]);
    expect(spotifyCalls()).toHaveLength(1);
  });

  it('11. a batch that is refused with 403 becomes single calls, and the refusal is paid once', async () => {
    const client = world.spotify();
    expect((await client.artists(ids(12))).value.map((entry) => entry?.id)).toEqual(ids(12));
    expect((await client.artists(ids(3))).value.map((entry) => entry?.id)).toEqual(ids(3));
    expect(world.upstreams.requests().byApi.spotify.statuses).toEqual({ '200': 15, '403': 1 });
    expect(client.capabilities).toEqual([
      { name: 'several-artists', status: 403, message: 'several artists in one call: not available to this app, artists are read one by one (403)' },
    ]);
  });

  it('asks one by one for artists that a batch leaves out', async () => {
    const server = await startScripted((response, { url = '' }) => {
      const body = url.includes('token')
        ? { access_token: 'a-token-of-the-service', expires_in: 3600 }
        : url.includes('ids=')
          ? { artists: [{ id: 'b' }] }
          : { id: url.at(-1) };
      response.end(JSON.stringify(body));
    });
    const client = createSpotifyClient({ clientId: 'id', clientSecret: 'secret', baseUrl: server.url, accountsUrl: server.url });
    expect((await client.artists(['a', 'b'])).value).toEqual([{ id: 'a' }, { id: 'b' }]);
    await client.close();
    await server.close();
  });

  it('gives null for an unknown or malformed id, and a malformed one does not spoil its batch', async () => {
    world.upstreams.limits.spotify.developmentMode = false;
    const client = world.spotify();
    expect((await client.artist('0000000000000000000000')).value).toBeNull();
    expect((await client.artists([...ids(2), 'not-an-id'])).value.map((entry) => entry?.id ?? null)).toEqual([...ids(2), null]);
    expect(client.capabilities).toEqual([]);
  });

  it('12. withheld top tracks and related artists are reported as missing capabilities and not asked for again', async () => {
    const client = world.spotify();
    for (const id of ids(3)) {
      expect((await client.topTracks(id)).value).toBeNull();
      expect((await client.relatedArtists(id)).value).toBeNull();
    }
    expect(client.capabilities.map(({ message }) => message)).toEqual([
      'top tracks: not available to this app (403)',
      'related artists: not available to this app (404)',
    ]);
    expect(spotifyCalls()).toHaveLength(3); // the 404 could have been about the artist, so that was looked for
  });

  it('12. top tracks and related artists arrive where they are given; an unknown artist then says nothing about the app', async () => {
    world.upstreams.limits.spotify.developmentMode = false;
    const client = world.spotify();
    const [id = ''] = ids(1);
    expect((await client.topTracks(id)).value).toHaveLength(10);
    expect(Array.isArray((await client.relatedArtists(id)).value)).toBe(true);
    expect((await client.topTracks('0000000000000000000000')).value).toBeNull();
    expect(client.capabilities).toEqual([]);
  });

  it('12. a 5xx of top tracks still raises', async () => {
    world.upstreams.faults.add({ api: 'spotify', path: 'top-tracks', effect: { kind: 'status', status: 502 } });
    expect(await caught(world.spotify().topTracks(ids(1)[0] ?? ''))).toMatchObject({ action: 'retry' });
  });

  it('13. a plain-text 403 about the subscription is a clear fatal message', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'premium' } });
    expect(await caught(world.spotify().artists(ids(2)))).toMatchObject({
      action: 'fatal',
      message: 'Spotify answers only when the owner of the app has a Premium subscription',
      hint: expect.stringContaining('Renew the subscription'),
    });
    expect(spotifyCalls()).toHaveLength(1);
  });

  it('14. a plain-text 429 is understood and its Retry-After waited', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'retryAfter', seconds: 7 }, when: { nth: 1 } });
    const before = world.clock.now();
    await world.spotify().artist(ids(1)[0] ?? '');
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(7_000);
  });

  it('14. beyond the cap the run stops resumably and says when to come back', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'retryAfter', seconds: 19_056 } });
    expect(await caught(world.spotify().artist(ids(1)[0] ?? ''))).toMatchObject({
      action: 'stop',
      reason: 'quota',
      resumeAfter: '2026-03-01T17:17:36.000Z',
    });
    expect(spotifyCalls()).toHaveLength(1);
  });

  it('15. QUOTA_EXCEEDED stops at once', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'quotaExceeded' } });
    expect(await caught(world.spotify().artist(ids(1)[0] ?? ''))).toMatchObject({
      action: 'stop',
      reason: 'quota',
      message: expect.stringContaining('QUOTA_EXCEEDED'),
    });
    expect(spotifyCalls()).toHaveLength(1);
  });

  it.each([
    ['a 502', { kind: 'status', status: 502 }],
    ['a malformed 200', { kind: 'malformedJson' }],
    ['an empty 200', { kind: 'emptyBody' }],
    ['a truncated answer', { kind: 'truncatedBody' }],
    ['a dropped connection', { kind: 'drop' }],
  ] as const)('16. %s gets bounded retries', async (_name, effect) => {
    const client = world.spotify();
    const [id = ''] = ids(1);
    world.upstreams.faults.add({ api: 'spotify', effect, when: { first: 3 } });
    expect((await client.artist(id)).value?.id).toBe(id);
    world.upstreams.faults.add({ api: 'spotify', effect });
    expect(await caught(client.artist(id))).toMatchObject({ action: 'retry' });
    expect(spotifyCalls()).toHaveLength(4 + 4);
  });

  it('16. a hanging answer is given up and asked for again', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'hang' }, when: { nth: 1 } });
    const [id = ''] = ids(1);
    expect((await world.spotify({ timeoutMs: 250 }).artist(id)).value?.id).toBe(id);
  });

  it('16. another 403 is fatal and not repeated', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'status', status: 403 } });
    expect(await caught(world.spotify().artist(ids(1)[0] ?? ''))).toMatchObject({ action: 'fatal' });
    expect(spotifyCalls()).toHaveLength(1);
  });

  it('never makes more than 170 calls in 30 seconds, and none is refused for it', async () => {
    const client = world.spotify();
    const [id = ''] = ids(1);
    await Promise.all(Array.from({ length: 400 }, () => client.artist(id)));
    const { maxInThirtySeconds, statuses } = world.upstreams.requests().byApi.spotify;
    expect(maxInThirtySeconds).toBeLessThanOrEqual(170);
    expect(statuses).toEqual({ '200': 400 });
  });

  it('refuses more ids than the batch endpoint takes', async () => {
    await expect(world.spotify().artists(ids(51))).rejects.toThrow('at most 50 ids, not 51');
  });
});
