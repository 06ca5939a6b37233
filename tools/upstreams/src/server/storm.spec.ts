import { call, testUpstreams, type Answer, type TestUpstreams } from '../client.fixture.js';
import { stormKinds, type StormKind } from './storm.js';

describe('storms', () => {
  let up: TestUpstreams;
  beforeAll(async () => (up = await testUpstreams()));
  beforeEach(async () => {
    up.faults.clear();
    await up.newToken();
    up.resetRequests();
    up.limits.spotify.maxSearchLimit = 10;
  });
  afterAll(() => up.close());

  const search = (offset = 0): Promise<Answer> => up.spotify('search', { q: 'midnight', type: 'artist', limit: 10, offset });
  const venues = (page = 0): Promise<Answer> => up.discover('venues.json', { countryCode: 'SE', size: 20, page });
  const only = (kind: StormKind, more = {}): string => up.faults.storm({ seed: 1, rates: { [kind]: 1 }, ...more });
  const statusesOf = async (pages: readonly number[]): Promise<Map<number, number[]>> => {
    const found = new Map<number, number[]>();
    for (const page of pages) {
      const { status } = await venues(page);
      found.set(page, [...(found.get(page) ?? []), status]);
    }
    return found;
  };

  it('are the same for a seed in whatever order calls arrive, and another one for another seed', async () => {
    const rates = { serverError: 0.3, spikeArrest: 0.2 };
    up.faults.storm({ seed: 5, rates });
    const once = await statusesOf([0, 1, 2, 0, 1, 2, 0, 1, 2, 3]);
    up.faults.clear();
    up.faults.storm({ seed: 5, rates });
    expect(await statusesOf([3, 2, 2, 2, 1, 1, 1, 0, 0, 0])).toEqual(new Map([...once].reverse()));
    up.faults.clear();
    up.faults.storm({ seed: 6, rates });
    expect(await statusesOf([0, 1, 2, 0, 1, 2, 0, 1, 2, 3])).not.toEqual(once);
  });

  it('hit about the share of the calls that they say, and report what they struck', async () => {
    up.faults.storm({ seed: 3, rates: { serverError: 0.25, badGateway: 0.25 } });
    for (let i = 0; i < 100; i++) await venues(i % 5);
    const struck = up.faults.storms()[0]?.struck ?? {};
    expect(Object.keys(struck).sort()).toEqual(['badGateway', 'serverError']);
    const total = Object.values(struck).reduce((sum, n) => sum + n, 0);
    expect(total).toBeGreaterThan(35);
    expect(total).toBeLessThan(65);
    expect(up.requests().byApi.ticketmaster.statuses['200']).toBe(100 - total);
  });

  it('leave to rules what rules hit', async () => {
    only('serverError');
    up.faults.add({ effect: { kind: 'status', status: 418 }, when: { first: 1 } });
    expect([(await venues()).status, (await venues()).status]).toEqual([418, expect.any(Number)]);
    expect(up.faults.storms()[0]?.struck).toEqual({ serverError: 1 });
  });

  it('show a page of HTML with the request, as gateways do', async () => {
    only('badGateway');
    const { status, text, headers } = await venues();
    expect(up.requests().calls.at(-1)).toMatchObject({ status: 502, fault: 'status' });
    expect([status, headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(text).toContain('apikey=loadin-apikey');
  });

  it('limit the rate with and without Retry-After, in the shape of each API', async () => {
    only('tooManyRequests', { retryAfterSeconds: 1 });
    expect((await search()).headers.get('retry-after')).toBe('1');
    up.faults.clear();
    only('spikeArrest');
    const [spotify, ticketmaster] = [await search(), await venues()];
    expect([spotify.status, spotify.text, spotify.headers.get('retry-after')]).toEqual([429, 'Too many requests', null]);
    expect(ticketmaster.json.fault.detail.errorcode).toBe('policies.ratelimit.SpikeArrestViolation');
    up.faults.clear();
    only('longRetryAfter');
    expect((await search()).headers.get('retry-after')).toBe('13749');
  });

  it('end only tokens that have brought a good answer', async () => {
    only('tokenExpired');
    expect((await search()).status).toBe(200);
    expect((await search()).status).toBe(401);
    await up.newToken();
    expect((await search()).status).toBe(200);
    expect((await venues()).status).toBe(200);
  });

  it('lower what a search may ask for, from then on', async () => {
    const id = only('searchLimit');
    expect((await search()).json).toEqual({ error: { status: 400, message: 'Invalid limit' } });
    up.faults.clear(id);
    expect((await search()).status).toBe(400);
    expect((await up.spotify('search', { q: 'midnight', type: 'artist', limit: 4 })).status).toBe(200);
  });

  it('announce too much the first time that a list is asked for, and put nulls into lists', async () => {
    const { totalElements } = (await venues(1)).json.page;
    only('drift');
    expect((await venues(2)).json.page.totalElements).toBeGreaterThan(totalElements);
    expect((await venues(2)).json.page.totalElements).toBe(totalElements);
    up.faults.clear();
    only('nulls');
    const [venueList, artistList] = [(await venues()).json._embedded.venues, (await search()).json.artists.items];
    expect([venueList.length, venueList.includes(null)]).toEqual([21, true]);
    expect([artistList.length, artistList.includes(null)]).toEqual([11, true]);
    expect((await up.discover('venues.json', { countryCode: 'ZZ' })).json._embedded).toBeUndefined();
  });

  it('repeat the credential that they were asked with', async () => {
    only('echo');
    const [spotify, ticketmaster] = [await search(), await venues()];
    expect(spotify.json.artists.items.find((artist: unknown) => artist !== null).asked_with).toMatch(/^Bearer BQ/);
    expect(ticketmaster.json._embedded.venues[3].asked_with).toBe('/discovery/v2/venues.json?apikey=loadin-apikey');
  });

  it('have every kind of trouble that passes', async () => {
    for (const kind of stormKinds.filter((each) => each !== 'drop' && each !== 'hang' && each !== 'truncatedBody')) {
      up.faults.clear();
      only(kind);
      await search();
      await search(10);
      expect([kind, up.faults.storms()[0]?.struck[kind]]).toEqual([kind, expect.any(Number)]);
    }
  });

  it('refuse what makes no sense with one line that says why', async () => {
    const message = async (body: unknown): Promise<string> => (await up.admin('POST', 'storms', body)).json.message as string;
    expect(await message({ seed: 1, rates: { rain: 0.1 } })).toMatch(/^storm: rates.rain: unknown, use one of serverError, /);
    expect(await message({ seed: 1, rates: { drop: 0.6, hang: 0.6 } })).toBe('storm: rates must be at most 1 together');
    expect(await message({ seed: 1, rates: { drop: -1 } })).toBe('storm: rates must be numbers of 0 or more');
    expect(await message({ rates: {} })).toBe('storm: seed must be a whole number');
    expect(await message({ seed: 1, rates: {}, latencyMs: 0 })).toBe('storm: latencyMs must be a number of 1 or more');
    expect((await call(`${up.adminUrl}/faults`)).json.storms).toEqual([]);
  });
});
