import { testUpstreams, type TestUpstreams, type Tree } from '../client.fixture.js';

describe('lists of Ticketmaster Discovery', () => {
  let up: TestUpstreams;
  beforeAll(async () => (up = await testUpstreams()));
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

    it('take several ids, areas and classifications: one is enough', async () => {
      const { catalogue } = up;
      const whole = { countries: [], from: '0000-01-01T00:00:00Z', to: '9999-01-01T00:00:00Z' };
      const events = catalogue.allEvents().filter(({ seed }) => seed.venueIds.length > 0 && seed.attractionIds.length > 0);
      const picked = [events[3], events[400], events[4_000]].flatMap((event) => event ?? []);
      const venueIds = picked.map(({ seed }) => seed.venueIds[0] ?? '');
      const attractionIds = picked.map(({ seed }) => seed.attractionIds[0] ?? '');
      const dmas = ['217', '480'];
      const classifications = ['Film', 'Jazz'];
      const truth = (market: object): readonly string[] => catalogue.expected.events({ ...whole, markets: [market] });
      expect(await allIds('events', { id: picked.map(({ id }) => id).join() })).toEqual(picked.map(({ id }) => id).sort());
      expect(await allIds('events', { venueId: venueIds.join() })).toEqual(truth({ venueIds }));
      expect(await allIds('events', { attractionId: attractionIds.join() })).toEqual(truth({ attractionIds }));
      expect(await allIds('events', { dmaId: dmas.join() })).toEqual(truth({ dmas }));
      expect(await allIds('events', { countryCode: 'DE', classificationName: classifications.join() })).toEqual(
        truth({ country: 'DE', classifications }),
      );
      expect(truth({ dmas }).length).toBeGreaterThan(10);
      const film = 'KZFzniwnSyZfZ7v7nn';
      expect(await allIds('events', { countryCode: 'DE', classificationId: film })).toEqual(truth({ country: 'DE', classifications: ['Film'] }));
      const attractions = catalogue.view().attractions.filter(({ genre }) => genre.segmentId === film);
      expect(await allIds('attractions', { classificationId: film })).toEqual(attractions.map(({ id }) => id));
    });

    it('list attractions', async () => {
      const { json } = await up.discover('attractions.json', { keyword: 'velvet', size: 200 });
      expect(json._embedded.attractions.every((a: Tree) => /velvet/i.test(a.name))).toBe(true);
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
