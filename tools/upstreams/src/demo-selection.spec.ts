import { testUpstreams, type TestUpstreams, type Tree } from './client.fixture.js';
import { defaultBaseDate, demoSelection, demoWindow } from './index.js';

/** An efficient client of the real limits: it halves windows, splits venues by state, and a crowded state by circles. */
describe('the demonstration selection', () => {
  let up: TestUpstreams;
  beforeAll(async () => (up = await testUpstreams()));
  beforeEach(() => up.resetRequests());
  afterAll(() => up.close());

  const cap = 1000;
  type Query = Record<string, string | number>;

  /** All pages, or the total alone when it is too large. */
  const read = async (kind: string, query: Query, into: Map<string, Tree>): Promise<number> => {
    for (let page = 0, pages = 1; page < pages; page++) {
      const { status, json } = await up.discover(`${kind}.json`, { ...query, size: 200, sort: 'id,asc', page });
      expect(status).toBe(200);
      if (json.page.totalElements > cap) return json.page.totalElements;
      pages = json.page.totalPages;
      for (const item of json._embedded?.[kind] ?? []) into.set(item.id, item);
    }
    return 0;
  };

  const readWindow = async (countryCode: string, from: number, to: number, into: Map<string, Tree>): Promise<void> => {
    const iso = (at: number): string => new Date(at).toISOString().replace('.000', '');
    if ((await read('events', { countryCode, startDateTime: iso(from), endDateTime: iso(to) }, into)) === 0) return;
    const middle = from + Math.floor((to - from) / 2000) * 1000;
    await readWindow(countryCode, from, middle, into);
    await readWindow(countryCode, middle + 1000, to, into);
  };

  const readSquare = async (query: Query, [lat, lon, half]: readonly [number, number, number], into: Map<string, Tree>): Promise<void> => {
    // The circle around a square of degrees; a degree of latitude has 111.2 km, one of longitude no more.
    const circle = { geoPoint: `${lat},${lon}`, radius: Math.ceil(half * Math.SQRT2 * 111.2), unit: 'km' };
    if ((await read('venues', { ...query, ...circle }, into)) === 0) return;
    for (const [dy, dx] of [
      [-1, -1],
      [-1, 1],
      [1, -1],
      [1, 1],
    ] as const)
      await readSquare(query, [lat + (dy * half) / 2, lon + (dx * half) / 2, half / 2], into);
  };

  it('gives what it promises, exactly, in few calls', async () => {
    const { countries, expected } = demoSelection;
    const { from, to } = demoWindow(defaultBaseDate);
    const [events, venues] = [new Map<string, Tree>(), new Map<string, Tree>()];
    for (const countryCode of countries) {
      await readWindow(countryCode, Date.parse(from), Date.parse(to), events);
      await read('events', { countryCode, includeTBA: 'only' }, events);
      await read('events', { countryCode, includeTBD: 'only' }, events);
      if ((await read('venues', { countryCode }, venues)) === 0) continue;
      const states = new Set(up.catalogue.allVenues().flatMap((v) => (v.countryCode === countryCode && v.stateCode) || []));
      for (const stateCode of states) {
        if ((await read('venues', { countryCode, stateCode }, venues)) > 0) await readSquare({ countryCode, stateCode }, [37, -119.5, 6], venues);
      }
    }
    expect([...events.keys()].sort()).toEqual(up.catalogue.expected.events({ countries, from, to }));
    const embedded = [...events.values()].flatMap((e) => (e._embedded?.venues ?? []).map((v: Tree) => v.id as string));
    expect([...venues.keys()].sort()).toEqual(
      up.catalogue.searchableVenueIds().filter((id) => countries.some((c) => c === up.catalogue.view().venueById.get(id)?.countryCode)),
    );
    expect([...new Set([...venues.keys(), ...embedded])].sort()).toEqual(up.catalogue.expected.venues({ countries }));
    expect({ events: events.size, venues: new Set([...venues.keys(), ...embedded]).size }).toEqual({
      events: expected.events,
      venues: expected.venues,
    });
    expect(up.requests().total).toBeLessThan(110);
  });

  it('gives its artists in fewer than 50 calls', async () => {
    const { queries, ids, expected } = demoSelection;
    const found = new Set<string>();
    for (const q of queries) {
      for (let offset = 0, more = true; more; offset += 10) {
        const { artists } = (await up.spotify('search', { q, type: 'artist', limit: 10, offset })).json;
        for (const artist of artists.items) if (artist) found.add(artist.id);
        more = artists.next !== null;
      }
    }
    for (const id of ids) found.add((await up.spotify(`artists/${id}`)).json.id);
    expect([...found].sort()).toEqual(up.catalogue.expected.artists({ queries, ids }));
    expect(found.size).toBe(expected.artists);
    expect(up.requests().byApi.spotify.calls).toBeLessThan(50);
  });

  it('reaches through a crowded evening by halving windows down to seconds', async () => {
    const events = new Map<string, Tree>();
    const [from, to] = ['2026-08-01T00:00:00Z', '2026-10-01T00:00:00Z'];
    await readWindow('US', Date.parse(from), Date.parse(to), events);
    expect([...events.keys()].sort()).toEqual(up.catalogue.expected.events({ countries: ['US'], from, to, undated: false }));
    expect(up.requests().byApi.ticketmaster.calls).toBeGreaterThan(40);
  });
});
