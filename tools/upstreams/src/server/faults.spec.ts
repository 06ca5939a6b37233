import { call, testUpstreams, type TestUpstreams } from '../client.fixture.js';
import type { FaultRule } from '../index.js';

describe('faults on request', () => {
  let up: TestUpstreams;
  beforeAll(async () => (up = await testUpstreams()));
  beforeEach(() => {
    up.faults.clear();
    up.resetRequests();
  });
  afterAll(() => up.close());

  const venues = (query = {}): ReturnType<TestUpstreams['discover']> => up.discover('venues.json', { size: 2, ...query });
  const statuses = async (n: number): Promise<number[]> => {
    const out: number[] = [];
    for (let i = 0; i < n; i++) out.push((await venues()).status);
    return out;
  };

  it('give a status in the shape of the API, or with a body and headers of their own', async () => {
    up.faults.add({ api: 'ticketmaster', effect: { kind: 'status', status: 503 } });
    up.faults.add({ api: 'spotify', effect: { kind: 'status', status: 502 } });
    up.faults.add({ api: 'accounts', effect: { kind: 'status', status: 500, body: '<html>', headers: { 'Content-Type': 'text/html' } } });
    expect((await venues()).json.fault.detail.errorcode).toBe('messaging.adaptors.http.flow.ServiceUnavailable');
    expect((await call(`${up.spotifyUrl}/v1/search`)).json).toEqual({ error: { status: 502, message: 'Bad gateway.' } });
    const accounts = await call(`${up.spotifyAccountsUrl}/api/token`, { method: 'POST' });
    expect([accounts.status, accounts.text, accounts.headers.get('content-type')]).toEqual([500, '<html>', 'text/html']);
  });

  it('hit the n-th call, the first calls, a number of calls, or a seeded share', async () => {
    const effect = { kind: 'status', status: 500 } as const;
    up.faults.add({ effect, when: { nth: 2 } });
    expect(await statuses(3)).toEqual([200, 500, 200]);
    up.faults.clear();
    up.faults.add({ effect, when: { first: 2 } });
    expect(await statuses(3)).toEqual([500, 500, 200]);
    up.faults.clear();
    up.faults.add({ effect, count: 1 });
    expect(await statuses(2)).toEqual([500, 200]);
    up.faults.clear();
    up.faults.add({ effect, when: { rate: 0.5, seed: 7 } });
    const once = await statuses(20);
    up.faults.clear();
    up.faults.add({ effect, when: { rate: 0.5, seed: 7 } });
    expect(await statuses(20)).toEqual(once);
    expect(new Set(once)).toEqual(new Set([200, 500]));
  });

  it('hit the calls of a time, by the clock of the server', async () => {
    const now = Date.now();
    const effect = { kind: 'status', status: 500 } as const;
    up.faults.add({ effect, when: { from: now - 2_000, until: now } });
    expect(await statuses(1)).toEqual([200]);
    up.faults.add({ effect, when: { from: now, until: now + 60_000 } });
    expect(await statuses(1)).toEqual([500]);
  });

  it('match by API, method and a part of path or query, encoded or not, never by the apikey', async () => {
    up.faults.add({ path: 'startDateTime=2026-04-01T00:00:00Z', effect: { kind: 'status', status: 500 } });
    up.faults.add({ path: up.credentials.ticketmasterApiKey, effect: { kind: 'status', status: 501 } });
    up.faults.add({ path: 'page=1', method: 'GET', effect: { kind: 'status', status: 504 } });
    const get = async (query: Record<string, string | number>): Promise<number> => (await up.discover('events.json', { size: 1, ...query })).status;
    expect([await get({ startDateTime: '2026-04-01T00:00:00Z' }), await get({ page: 1 }), await get({ page: 0 })]).toEqual([500, 504, 200]);
  });

  it('drop, truncate, empty and mangle', async () => {
    const one = (kind: 'drop' | 'truncatedBody' | 'emptyBody' | 'malformedJson'): string => up.faults.add({ effect: { kind }, count: 1 });
    one('drop');
    await expect(venues()).rejects.toThrow('fetch failed');
    one('truncatedBody');
    await expect(venues()).rejects.toThrow(/terminated|closed/);
    one('emptyBody');
    expect([(await venues()).text, up.requests().byApi.ticketmaster.statuses]).toEqual(['', { 0: 1, 200: 2 }]);
    one('malformedJson');
    const mangled = await venues();
    expect(mangled.status).toBe(200);
    expect(() => mangled.json).toThrow(SyntaxError);
    expect((await venues()).status).toBe(200);
  });

  it('delay an answer, or never give one until the client leaves', async () => {
    up.faults.add({ effect: { kind: 'latency', ms: 60 }, count: 1 });
    const before = performance.now();
    expect((await venues()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
    up.faults.add({ effect: { kind: 'hang' }, count: 1 });
    await expect(call(`${up.ticketmasterUrl}/discovery/v2/venues.json`, { signal: AbortSignal.timeout(40) })).rejects.toThrow(/abort|timeout/i);
  });

  it('end a token: the old one stays expired, a new one is good', async () => {
    const old = await up.newToken();
    up.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' }, count: 1 });
    const expired = await up.spotify('search', { q: 'echo', type: 'artist' });
    expect(expired.json).toEqual({ error: { status: 401, message: 'The access token expired' } });
    expect((await call(`${up.spotifyUrl}/v1/search?q=echo&type=artist`, { headers: { authorization: `Bearer ${old}` } })).status).toBe(401);
    await up.newToken();
    expect((await up.spotify('search', { q: 'echo', type: 'artist' })).status).toBe(200);
  });

  it('refuse for quota, subscription and rate as each API does', async () => {
    const spotify = async (effect: FaultRule['effect']): ReturnType<TestUpstreams['spotify']> => {
      up.faults.add({ api: 'spotify', effect, count: 1 });
      return up.spotify('search', { q: 'echo', type: 'artist' });
    };
    expect((await spotify({ kind: 'quotaExceeded' })).json).toEqual({
      error: { status: 429, message: 'Too many requests', reason: 'QUOTA_EXCEEDED' },
    });
    const premium = await spotify({ kind: 'premium' });
    expect([premium.status, premium.text.length, premium.headers.get('content-type')]).toEqual([403, 159, 'text/plain; charset=utf-8']);
    const limited = await spotify({ kind: 'retryAfter', seconds: 13_749 });
    expect([limited.status, limited.text, limited.headers.get('retry-after')]).toEqual([429, 'Too many requests', '13749']);
    up.faults.add({ api: 'ticketmaster', effect: { kind: 'quotaExceeded' }, count: 1 });
    const quota = await venues();
    expect([quota.status, quota.headers.get('rate-limit-available')]).toEqual([429, '0']);
    expect(quota.json.fault.faultstring).toContain('loadin-apikey');
    up.faults.add({ api: 'ticketmaster', effect: { kind: 'retryAfter', seconds: 2 }, count: 1 });
    const spike = await venues();
    expect([spike.json.fault.detail.errorcode, spike.headers.get('retry-after')]).toEqual(['policies.ratelimit.SpikeArrestViolation', '2']);
  });

  it('say where the quota ends even before it was used', async () => {
    const now = Date.now();
    up.faults.add({ api: 'ticketmaster', effect: { kind: 'quotaExceeded' } });
    expect(Number((await venues()).headers.get('rate-limit-reset'))).toBeGreaterThan(now);
  });

  it('report what they matched and hit, and can be taken back', async () => {
    const id = up.faults.add({ effect: { kind: 'status', status: 500 }, when: { first: 1 } });
    await statuses(3);
    expect(up.faults.list()).toEqual([{ id, effect: { kind: 'status', status: 500 }, when: { first: 1 }, matched: 3, applied: 1 }]);
    up.faults.clear(id);
    expect(up.faults.list()).toEqual([]);
  });
});
