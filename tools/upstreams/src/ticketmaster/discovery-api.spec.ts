import { call, testUpstreams, type TestUpstreams, type Tree } from '../client.fixture.js';

describe('Ticketmaster Discovery', () => {
  let up: TestUpstreams;
  let now = Date.parse('2026-03-01T12:00:00Z');
  beforeAll(async () => (up = await testUpstreams({ now: () => now })));
  afterAll(() => up.close());

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
});
