import { call, testUpstreams, type TestUpstreams, type Tree } from '../client.fixture.js';

describe('Ticketmaster Discovery', () => {
  let up: TestUpstreams;
  let now = Date.parse('2026-03-01T12:00:00Z');
  beforeAll(async () => (up = await testUpstreams({ now: () => now })));
  afterAll(() => up.close());

  const ids = (json: Tree, kind: string): string[] => (json._embedded?.[kind] ?? []).map((item: Tree) => item.id as string);
  const allIds = async (kind: string, query: Record<string, string | number>): Promise<string[]> => {
    const found: string[] = [];
    for (let page = 0, pages = 1; page < pages; page++) {
      const { json } = await up.discover(`${kind}.json`, { size: 200, sort: 'id,asc', ...query, page });
      pages = json.page.totalPages;
      found.push(...ids(json, kind));
    }
    return found;
  };

  describe('pages', () => {
    it('count from 0, hold 20 by default, and together give exactly what there is', async () => {
      const { json, headers } = await up.discover('venues.json', { countryCode: 'GB' });
      expect(json.page).toEqual({ size: 20, totalElements: 190, totalPages: 10, number: 0 });
      expect(ids(json, 'venues')).toHaveLength(20);
      expect(headers.get('content-type')).toContain('application/hal+json');
      for (const country of ['GB', 'SE', 'MX']) {
        expect(await allIds('venues', { countryCode: country })).toEqual(up.catalogue.venueIds(country));
        expect(await allIds('events', { countryCode: country })).toEqual(up.catalogue.eventIds(country));
      }
    });

    it('hold 200 at most', async () => {
      const { status, json } = await up.discover('events.json', { size: 201 });
      expect(status).toBe(400);
      expect(json).toEqual({
        errors: [{ code: 'DIS1036', detail: 'Query param "size" must be less than 200', status: '400 BAD_REQUEST', _links: expect.anything() }],
      });
    });

    it('go 1,000 deep, a little further, and no further', async () => {
      const at = async (page: number, size: number): Promise<Tree> =>
        (await up.discover('events.json', { countryCode: 'US', page, size, sort: 'id,asc' })).json;
      expect(ids(await at(4, 200), 'events')).toHaveLength(200);
      expect(ids(await at(5, 200), 'events')).toHaveLength(200);
      expect((await at(6, 200)).errors[0]).toMatchObject({ code: 'DIS1035', status: '400 BAD_REQUEST' });
      expect((await at(9, 100))._embedded.events).toHaveLength(100);
      expect((await at(12, 100)).errors[0].code).toBe('DIS1035');
    });

    it('claim 10,000 elements at most', async () => {
      expect((await up.discover('events.json')).json.page.totalElements).toBe(10_000);
      expect(up.catalogue.allEvents().length).toBeGreaterThan(10_000);
    });

    it('have no _embedded when they are empty', async () => {
      const { status, json } = await up.discover('venues.json', { keyword: 'nowhere-to-be-found' });
      expect(status).toBe(200);
      expect(json).toEqual({ _links: { self: { href: expect.any(String) } }, page: { size: 20, totalElements: 0, totalPages: 0, number: 0 } });
    });

    it('link to each other relatively, without the apikey, templated when no sort was asked for', async () => {
      const plain = await up.discover('events.json', { page: 1, sort: 'id,asc', countryCode: 'SE' });
      expect(plain.text).not.toContain('apikey');
      const { _links: links } = plain.json;
      expect(Object.keys(links)).toEqual(['first', 'prev', 'self', 'next', 'last']);
      expect(links.next).toEqual({ href: expect.stringMatching(/^\/discovery\/v2\/events\.json\?.*page=2/) });
      expect((await up.discover('events.json')).json._links.next).toEqual({ href: expect.stringContaining('{&sort}'), templated: true });
    });

    it('are sorted as asked, and a wrong order is refused', async () => {
      const list = async (sort: string): Promise<Tree[]> =>
        (await up.discover('events.json', { countryCode: 'SE', sort, size: 200 })).json._embedded.events;
      const names = (await list('name,asc')).map((e) => e.name as string);
      expect(names).toEqual([...names].sort());
      const dates = (await list('date,asc')).flatMap((e) => e.dates.start.dateTime ?? []);
      expect(dates).toEqual([...dates].sort());
      const descending = (await list('id,desc')).map((e) => e.id as string);
      expect(descending).toEqual([...up.catalogue.eventIds('SE')].reverse().slice(0, 200));
      const refused = await up.discover('venues.json', { sort: 'size,asc' });
      expect([refused.status, refused.json.errors[0].code, refused.json.errors[0].status]).toEqual([400, 'DIS1005', '400']);
    });
  });

  describe('date windows', () => {
    const window = (from: string, to: string, more = {}): Record<string, string> => ({
      countryCode: 'DE',
      startDateTime: from,
      endDateTime: to,
      ...more,
    });

    it('filter the start, both ends inclusive, and leave undated events out', async () => {
      const dated = up.catalogue.allEvents().filter((e) => e.countryCode === 'DE' && e.schedule === 'dated');
      const at = new Date(dated[0]?.at as number).toISOString().replace('.000', '');
      const same = up.catalogue.expected.events({ countries: ['DE'], from: at, to: at, undated: false });
      expect(same).toContain(dated[0]?.id);
      expect(await allIds('events', window(at, at))).toEqual(same);
      const [from, to] = ['2026-04-01T00:00:00Z', '2026-06-01T00:00:00Z'];
      expect(await allIds('events', window(from, to))).toEqual(up.catalogue.expected.events({ countries: ['DE'], from, to, undated: false }));
    });

    it('take one format only', async () => {
      for (const bad of [
        '2026-04-01',
        '2026-04-01T00:00:00.000Z',
        '2026-04-01T00:00:00+00:00',
        '2026-13-01T00:00:00Z',
        '2026-02-31T00:00:00Z',
        'soon',
      ]) {
        const { status, json } = await up.discover('events.json', { startDateTime: bad });
        expect([status, json.errors[0].code, json.errors[0].status]).toEqual([400, 'DIS1015', '400 BAD_REQUEST']);
      }
    });

    it('find undated events by two calls of their own, which answer nothing when combined', async () => {
      const of = (schedule: string): string[] =>
        up.catalogue
          .allEvents()
          .filter((e) => e.countryCode === 'DE' && e.schedule === schedule)
          .map((e) => e.id);
      expect(of('tba').length * of('tbd').length).toBeGreaterThan(0);
      expect(await allIds('events', { countryCode: 'DE', includeTBA: 'only' })).toEqual(of('tba'));
      expect(await allIds('events', { countryCode: 'DE', includeTBD: 'only' })).toEqual(of('tbd'));
      expect(await allIds('events', { countryCode: 'DE', includeTBA: 'only', includeTBD: 'only' })).toEqual([]);
      expect((await allIds('events', { countryCode: 'DE', includeTBA: 'no', includeTBD: 'no' })).length).toBe(
        700 - of('tba').length - of('tbd').length,
      );
      expect(await allIds('events', window('2026-04-01T00:00:00Z', '2026-04-01T00:00:00Z', { includeTBA: 'yes' }))).toEqual(of('tba'));
      expect(await allIds('events', window('2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z', { includeTBA: 'only' }))).toEqual([]);
    });
  });

  describe('filters', () => {
    it('find venues by state, keyword and place, but not by city', async () => {
      const { json, headers } = await up.discover('venues.json', { countryCode: 'US', stateCode: 'CA', city: 'Fresno' });
      expect(json.page.totalElements).toBe(1150);
      expect(headers.get('x-unknown-params')).toBe('city');
      const near = await up.discover('venues.json', { geoPoint: '9q5', radius: 400, unit: 'km', size: 200 });
      expect(near.json.page.totalElements).toBeGreaterThan(100);
      const all = await allIds('venues', { geoPoint: '53.48,-2.24', radius: '60', countryCode: 'GB' });
      const truth = up.catalogue
        .allVenues()
        .filter(
          (v) =>
            v.countryCode === 'GB' && v.latitude !== undefined && Math.abs(v.latitude - 53.48) < 1 && Math.abs((v.longitude as number) + 2.24) < 1.5,
        );
      expect(all).toEqual(truth.map((v) => v.id));
      expect((await up.discover('venues.json', { geoPoint: 'a!', radius: 5 })).status).toBe(400);
      const word = await up.discover('venues.json', { keyword: 'opera ho', countryCode: 'GB' });
      expect(word.json._embedded.venues.every((v: Tree) => /opera house/i.test(v.name))).toBe(true);
    });

    it('find events by city, state, venue, attraction, segment, class and keyword', async () => {
      const some = up.catalogue.allEvents().find((e) => e.countryCode === 'US' && e.seed.attractionIds.length > 0 && e.seed.venueIds.length > 0);
      const [venueId, attractionId] = [some?.seed.venueIds[0] as string, some?.seed.attractionIds[0] as string];
      expect(await allIds('events', { venueId })).toContain(some?.id);
      expect(await allIds('events', { attractionId })).toContain(some?.id);
      expect(await allIds('events', { id: some?.id as string })).toEqual([some?.id]);
      const cities = (await up.discover('events.json', { city: 'bristol', size: 200 })).json._embedded.events;
      expect(cities.every((e: Tree) => e._embedded.venues[0].city.name === 'Bristol')).toBe(true);
      const state = (await up.discover('events.json', { stateCode: 'CA', size: 50 })).json._embedded.events;
      expect(state.every((e: Tree) => e._embedded.venues.some((v: Tree) => v.state.stateCode === 'CA'))).toBe(true);
      const music = await allIds('events', { countryCode: 'SE', classificationName: 'music' });
      expect(await allIds('events', { countryCode: 'SE', segmentId: 'KZFzniwnSyZfZ7v7nJ' })).toEqual(music);
      expect(music.length).toBeGreaterThan(100);
      expect(music.length).toBeLessThan(350);
      expect((await up.discover('events.json', { keyword: 'midnight', countryCode: 'US' })).json.page.totalElements).toBeGreaterThan(50);
    });

    it('list attractions', async () => {
      const { json } = await up.discover('attractions.json', { keyword: 'velvet', size: 200 });
      expect(json._embedded.attractions.every((a: Tree) => /velvet/i.test(a.name))).toBe(true);
    });
  });

  describe('single things', () => {
    it('are found by id with and without .json, and case matters', async () => {
      for (const [kind, all] of Object.entries({
        events: up.catalogue.eventIds(),
        venues: up.catalogue.venueIds(),
        attractions: up.catalogue.view().attractions.map((a) => a.id),
      })) {
        const lower = new Map<string, string>();
        const twins = all.flatMap((id) => {
          const twin = lower.get(id.toLowerCase());
          lower.set(id.toLowerCase(), id);
          return twin ? [[id, twin]] : [];
        });
        for (const id of twins[0] ?? []) {
          expect((await up.discover(`${kind}/${id}.json`)).json.id).toBe(id);
          expect((await up.discover(`${kind}/${id}`)).json.id).toBe(id);
        }
      }
    });

    it('are a 404 when they do not exist', async () => {
      const { status, json } = await up.discover('events/nothing.json');
      expect(status).toBe(404);
      expect(json.errors[0]).toMatchObject({
        code: 'DIS1004',
        status: '404',
        detail: 'Resource not found with provided criteria (locale=en-us, id=nothing)',
      });
    });
  });

  describe('bodies', () => {
    it('have string coordinates, longitude first', async () => {
      const venue = up.catalogue.allVenues().find((v) => v.latitude !== undefined);
      const { location } = (await up.discover(`venues/${venue?.id}`)).json;
      expect(Object.keys(location)).toEqual(['longitude', 'latitude']);
      expect(typeof location.latitude).toBe('string');
      expect(Number(location.latitude)).toBe(venue?.latitude);
    });

    const eventWhere = async (
      holds: (e: ReturnType<TestUpstreams['catalogue']['allEvents']>[number]) => boolean,
      locale = 'en-us',
    ): Promise<Tree> => {
      const event = up.catalogue.allEvents().find(holds);
      return (await up.discover(`events/${event?.id}.json`, { locale })).json;
    };

    it('lack what real ones lack', async () => {
      expect(await eventWhere((e) => e.seed.venueIds.length + e.seed.attractionIds.length === 0)).not.toHaveProperty('_embedded');
      expect(await eventWhere((e) => e.seed.genre === undefined)).not.toHaveProperty('classifications');
      expect(await eventWhere((e) => e.price === undefined)).not.toHaveProperty('priceRanges');
      const { dates } = await eventWhere((e) => e.status === undefined && !e.seed.showsTimezone);
      expect(dates).not.toHaveProperty('status');
      expect(dates).not.toHaveProperty('timezone');
      expect((await eventWhere((e) => e.seed.onSaleLead === undefined)).sales.public.startDateTime).toBe('1900-01-01T06:00:00Z');
      expect((await eventWhere((e) => e.schedule === 'noSpecificTime')).dates.start).toEqual(
        expect.not.objectContaining({ dateTime: expect.anything(), localTime: expect.anything() }),
      );
      expect((await eventWhere((e) => e.schedule === 'timeTba')).dates.start).toMatchObject({ timeTBA: true, localDate: expect.any(String) });
    });

    it('keep the initial date of a postponed event', async () => {
      const { dates } = await eventWhere((e) => e.status === 'postponed');
      expect(dates).toMatchObject({
        start: { dateTBA: true, dateTBD: false },
        initialStartDate: {
          localDate: expect.any(String),
          localTime: expect.any(String),
          dateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        },
        status: { code: 'postponed' },
      });
      expect(dates.start).not.toHaveProperty('localDate');
    });

    it('are nameless under sv-se', async () => {
      const swedish = await eventWhere(
        (e) => e.countryCode === 'SE' && e.seed.attractionIds.length > 0 && e.seed.genre !== undefined && e.seed.nameless,
        'sv-se',
      );
      expect(swedish).not.toHaveProperty('name');
      expect(swedish._embedded.attractions[0]).not.toHaveProperty('name');
      expect(swedish.classifications[0].segment).toEqual({ id: expect.any(String) });
      expect((await up.discover(`events/${swedish.id}`)).json.name).toEqual(expect.any(String));
      expect((await up.discover(`events/${swedish.id}`, { locale: '*' })).json.locale).toBe('sv-se');
    });

    it('link attractions to Spotify', async () => {
      const attraction = up.catalogue.view().attractions.find((a) => a.spotifyArtistId);
      const { externalLinks } = (await up.discover(`attractions/${attraction?.id}`)).json;
      expect(externalLinks.spotify).toEqual([{ url: `https://open.spotify.com/artist/${attraction?.spotifyArtistId}` }]);
    });
  });

  describe('the gateway', () => {
    it('takes the apikey from the query only', async () => {
      const wrong = await up.discover('events.json', { apikey: 'wrong' });
      expect(wrong.status).toBe(401);
      expect(wrong.json).toEqual({ fault: { faultstring: 'Invalid ApiKey', detail: { errorcode: 'oauth.v2.InvalidApiKey' } } });
      const header = await call(`${up.ticketmasterUrl}/discovery/v2/events.json`, {
        headers: { 'x-apikey': up.credentials.ticketmasterApiKey, apikey: up.credentials.ticketmasterApiKey },
      });
      expect([header.status, header.json.fault.detail.errorcode]).toEqual([401, 'steps.oauth.v2.FailedToResolveAPIKey']);
    });

    it('arrests spikes of more than five calls a second', async () => {
      up.resetRequests();
      up.limits.ticketmaster.perSecond = 5;
      for (let i = 0; i < 5; i++) expect((await up.discover('venues.json', { size: 1 })).status).toBe(200);
      const arrested = await up.discover('venues.json', { size: 1 });
      expect([arrested.status, arrested.json.fault.detail.errorcode]).toEqual([429, 'policies.ratelimit.SpikeArrestViolation']);
      expect(arrested.headers.get('rate-limit')).toBeNull();
      now += 1000;
      expect((await up.discover('venues.json', { size: 1 })).status).toBe(200);
      expect(up.requests().byApi.ticketmaster).toMatchObject({ calls: 7, tooManyRequests: 1, maxInASecond: 6 });
      up.limits.ticketmaster.perSecond = 1e6;
    });

    it('counts a quota a day, of which a 400 is part, and echoes the apikey when it is used up', async () => {
      up.resetRequests();
      up.limits.ticketmaster.perDay = 3;
      const first = await up.discover('venues.json', { size: 1 });
      const reset = String(now + 86_400_000);
      expect(['rate-limit', 'rate-limit-available', 'rate-limit-over', 'rate-limit-reset'].map((h) => first.headers.get(h))).toEqual([
        '3',
        '2',
        '0',
        reset,
      ]);
      const bad = await up.discover('venues.json', { size: 500 });
      expect([bad.status, bad.headers.get('rate-limit')]).toEqual([400, null]);
      expect((await up.discover('venues.json', { size: 1 })).headers.get('rate-limit-available')).toBe('0');
      const refused = await up.discover('venues.json', { size: 1 });
      expect([refused.status, refused.json.fault.detail.errorcode]).toEqual([429, 'policies.ratelimit.QuotaViolation']);
      expect(refused.json.fault.faultstring).toContain(up.credentials.ticketmasterApiKey);
      expect([refused.headers.get('rate-limit-over'), refused.headers.get('rate-limit-reset')]).toEqual(['1', reset]);
      now += 86_400_000;
      expect((await up.discover('venues.json', { size: 1 })).status).toBe(200);
      up.limits.ticketmaster.perDay = 5000;
    });
  });

  it('serves everything when the limits are raised', async () => {
    Object.assign(up.limits.ticketmaster, { maxItems: 1e6, maxTotalElements: 1e6 });
    expect(await allIds('venues', { countryCode: 'US' })).toEqual(up.catalogue.venueIds('US'));
    const { json } = await up.discover('events.json', { size: 200, page: 59, sort: 'id,asc' });
    expect([json.page.totalElements, ids(json, 'events')]).toEqual([12_000, up.catalogue.eventIds().slice(11_800)]);
    Object.assign(up.limits.ticketmaster, { maxItems: 1000, maxTotalElements: 10_000 });
  });
});
