import { call, testUpstreams, type TestUpstreams } from '../client.fixture.js';

describe('the admin routes', () => {
  let up: TestUpstreams;
  beforeAll(async () => (up = await testUpstreams({ limits: {} })));
  afterAll(() => up.close());

  it('add, list and remove faults', async () => {
    const added = await up.admin('POST', 'faults', { api: 'ticketmaster', effect: { kind: 'status', status: 500 } });
    expect([added.status, added.json]).toEqual([201, { id: expect.any(String) }]);
    expect((await up.discover('venues.json')).status).toBe(500);
    expect((await up.admin('GET', 'faults')).json.faults).toMatchObject([{ id: added.json.id, matched: 1, applied: 1 }]);
    await up.admin('DELETE', `faults/${added.json.id}`);
    expect((await up.discover('venues.json')).status).toBe(200);
    await up.admin('POST', 'faults', { effect: { kind: 'drop' } });
    expect((await up.admin('POST', 'storms', { seed: 1, rates: { drop: 1 } })).json).toEqual({ id: expect.any(String) });
    expect((await up.admin('GET', 'faults')).json.storms).toMatchObject([{ seed: 1, rates: { drop: 1 }, struck: {} }]);
    expect((await up.admin('DELETE', 'faults')).json).toEqual({ faults: [], storms: [] });
  });

  it('change limits and the simulated day', async () => {
    expect((await up.admin('POST', 'limits', { ticketmaster: { perSecond: 1000 } })).json.ticketmaster).toMatchObject({
      perSecond: 1000,
      perDay: 5000,
    });
    expect((await up.admin('GET', 'limits')).json.ticketmaster.perSecond).toBe(1000);
    expect((await up.admin('POST', 'day', { day: 3 })).json).toEqual({ day: 3 });
    expect((await up.admin('GET', 'day')).json).toEqual({ day: 3 });
    const { json } = await up.discover('events.json', { countryCode: 'DE' });
    expect(json.page.totalElements).toBe(up.catalogue.eventIds('DE', 3).length);
    expect(up.catalogue.eventIds('DE', 3)).not.toEqual(up.catalogue.eventIds('DE', 0));
  });

  it('count requests by endpoint and status, without credentials', async () => {
    await up.admin('DELETE', 'requests');
    await up.newToken();
    await up.spotify(`artists/${up.catalogue.artistIds()[0]}`);
    await up.spotify('artists/bad');
    await up.discover(`events/${up.catalogue.eventIds()[0]}.json`);
    await up.discover('events.json', { countryCode: 'SE' });
    const { text, json } = await up.admin('GET', 'requests');
    expect(json.endpoints).toEqual({
      'accounts POST /api/token': 1,
      'spotify GET /v1/artists/{id}': 2,
      'ticketmaster GET /discovery/v2/events/{id}': 1,
      'ticketmaster GET /discovery/v2/events': 1,
    });
    expect(json.byApi.spotify).toMatchObject({ calls: 2, statuses: { 200: 1, 400: 1 }, tooManyRequests: 0 });
    expect(json.calls[4]).toMatchObject({ api: 'ticketmaster', target: '/discovery/v2/events.json?countryCode=SE', status: 200 });
    expect(text).not.toContain('loadin-apikey');
    expect(text).not.toContain('Bearer');
  });

  it('refuse what makes no sense with one line that says why', async () => {
    const message = async (method: string, path: string, body?: unknown): Promise<string> => {
      const { status, json } = await up.admin(method, path, body);
      return `${status} ${json.message as string}`;
    };
    expect(await message('POST', 'limits', { ticketmaster: { perHour: 1 } })).toBe(
      '400 limits.ticketmaster.perHour: unknown limit, use one of perSecond, secondMs, perDay, maxSize, maxItems, leeway, maxTotalElements',
    );
    expect(await message('POST', 'limits', { ticketmaster: { perSecond: 'many' } })).toBe(
      '400 limits.ticketmaster.perSecond: must be a number of 0 or more',
    );
    expect(await message('POST', 'limits', { payments: {} })).toContain('limits.payments: unknown API');
    expect(await message('POST', 'day', { day: -1 })).toBe('400 day -1: must be a whole number of 0 or more');
    expect(await message('POST', 'faults', { effect: { kind: 'explode' } })).toContain('400 fault: effect.kind must be one of status, latency');
    expect(await message('POST', 'faults', { effect: { kind: 'latency' } })).toBe('400 fault: effect "latency" needs a number "ms"');
    expect(await message('POST', 'faults', { effect: { kind: 'status', status: 42 } })).toBe(
      '400 fault: effect "status" needs a status from 200 to 599',
    );
    expect(await message('POST', 'faults', { effect: { kind: 'premium' } })).toBe('400 fault: effect "premium" needs api "spotify"');
    expect(await message('POST', 'faults', { api: 'tidal', effect: { kind: 'drop' } })).toContain('api "tidal" is unknown');
    expect(await message('POST', 'faults', { effect: { kind: 'drop' }, when: { often: 1 } })).toContain('when must be');
    expect(await message('GET', 'weather')).toBe('404 GET /_loadin/weather: no such route, use faults, storms, requests, day or limits');
    const notJson = await call(`${up.adminUrl}/faults`, { method: 'POST', body: '{' });
    expect([notJson.status, notJson.json.message]).toEqual([400, expect.stringMatching(/^the body must be a JSON object/)]);
  });

  it('leave other paths alone', async () => {
    expect((await call(`${up.spotifyUrl}/somewhere`)).status).toBe(404);
    expect((await call(`${up.ticketmasterUrl}/discovery/v1/events?apikey=loadin-apikey`)).status).toBe(404);
  });
});
