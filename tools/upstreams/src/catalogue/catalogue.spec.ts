import { createCatalogue } from '../index.js';
import type { Catalogue, CatalogueEvent, CatalogueOptions, Venue } from '../index.js';

const options: CatalogueOptions = { seed: 1, baseDate: '2026-03-01' };
const make = (changed: Partial<CatalogueOptions> = {}): Catalogue => createCatalogue({ ...options, ...changed }, () => 0);
const dayMs = 86_400_000;

describe('the catalogue', () => {
  const catalogue = make();
  const knobs = make({ crowdedSecond: 1100, unreachableVenues: 4 });
  const events = catalogue.allEvents();
  const venues = catalogue.allVenues();
  const share = <T>(list: readonly T[], holds: (item: T) => boolean): number => list.filter(holds).length / list.length;

  it('is large', () => {
    expect(catalogue.allArtists().length).toBeGreaterThanOrEqual(5000);
    expect(venues.length).toBeGreaterThanOrEqual(2600);
    expect(events.length).toBeGreaterThanOrEqual(12_000);
    expect(new Set(venues.map((v) => v.countryCode)).size).toBeGreaterThanOrEqual(6);
    expect([catalogue.venueIds('US').length, venues.filter((v) => v.stateCode === 'CA').length, catalogue.eventIds('US').length]).toEqual([
      1800, 1150, 8000,
    ]);
  });

  it('gives every id once, in the order of ids, some told apart by case alone', () => {
    for (const ids of [catalogue.artistIds(), catalogue.venueIds(), catalogue.eventIds(), catalogue.view().attractions.map((a) => a.id)]) {
      expect(new Set(ids).size).toBe(ids.length);
      expect([...ids].sort()).toEqual(ids);
    }
    expect(catalogue.artistIds().every((id) => /^[0-9A-Za-z]{22}$/.test(id))).toBe(true);
    expect(new Set(catalogue.eventIds().map((id) => id.toLowerCase())).size).toBeLessThan(events.length);
    expect(new Set(catalogue.venueIds().map((id) => id.toLowerCase())).size).toBeLessThan(venues.length);
  });

  it('has artists of the same name, without genres, popularity, followers, pictures', () => {
    const artists = catalogue.allArtists();
    expect(new Set(artists.map((a) => a.name)).size).toBeLessThan(artists.length - 40);
    for (const holds of [
      (a: (typeof artists)[number]) => a.genres.length === 0,
      (a: (typeof artists)[number]) => a.popularity === 0,
      (a: (typeof artists)[number]) => a.followers === 0,
      (a: (typeof artists)[number]) => a.images === 0,
      (a: (typeof artists)[number]) => /[^ -~]/.test(a.name),
    ]) {
      expect(share(artists, holds)).toBeGreaterThan(0.02);
    }
  });

  it('has venues without location, state, city, name, time zone, and junk names', () => {
    const missing: (keyof Venue)[] = ['latitude', 'stateCode', 'city', 'name', 'timezone', 'postalCode', 'address', 'url'];
    for (const field of missing) expect(venues.some((v) => v[field] === undefined)).toBe(true);
    expect(venues.some((v) => v.name?.includes('DO NOT USE'))).toBe(true);
    expect(venues.filter((v) => v.countryCode !== 'US').every((v) => v.stateCode === undefined || v.stateCode !== 'CA')).toBe(true);
  });

  it('has venues that only events give, in every stretch of ten days of any day', () => {
    const searchable = new Set(catalogue.searchableVenueIds());
    const hidden = venues.filter((v) => !searchable.has(v.id));
    expect(hidden.length).toBe(18);
    expect(hidden.every((v) => v.countryCode === 'US' && v.hidden)).toBe(true);
    for (const day of [0, 1, 33, 400]) {
      const [from, to] = [day, day + 10].map((d) => new Date(Date.parse('2026-03-01') + d * dayMs).toISOString());
      const embedded = new Set(catalogue.expected.embeddedVenues({ countries: ['US'], from: from as string, to: to as string, undated: false }, day));
      expect(hidden.filter((v) => !embedded.has(v.id))).toEqual([]);
    }
  });

  it('has every odd kind of event', () => {
    const kinds: Record<string, (e: CatalogueEvent) => boolean> = {
      tba: (e) => e.schedule === 'tba' && e.initial === undefined,
      tbd: (e) => e.schedule === 'tbd',
      noSpecificTime: (e) => e.schedule === 'noSpecificTime' && e.localTime === undefined && e.localDate !== undefined,
      timeTba: (e) => e.schedule === 'timeTba',
      cancelled: (e) => e.status === 'cancelled',
      rescheduled: (e) => e.status === 'rescheduled' && e.initial !== undefined && e.at !== undefined,
      postponed: (e) => e.status === 'postponed' && e.at === undefined && e.initial !== undefined,
      offsale: (e) => e.status === 'offsale',
      noStatus: (e) => e.status === undefined,
      noVenue: (e) => e.seed.venueIds.length === 0 && e.seed.attractionIds.length > 0,
      noAttraction: (e) => e.seed.attractionIds.length === 0,
      nothingEmbedded: (e) => e.seed.attractionIds.length === 0 && e.seed.venueIds.length === 0,
      noClassification: (e) => e.seed.genre === undefined,
      undefinedGenre: (e) => e.seed.genre?.name === 'Undefined',
      severalAttractions: (e) => e.seed.attractionIds.length > 1,
      severalVenues: (e) => e.seed.venueIds.length > 1,
      free: (e) => e.price?.min === 0,
    };
    for (const [kind, holds] of Object.entries(kinds)) expect([kind, events.some(holds)]).toEqual([kind, true]);
    expect(share(events, (e) => e.price === undefined)).toBeGreaterThan(0.5);
    expect(share(events, (e) => !e.seed.showsTimezone)).toBeCloseTo(0.2, 1);
    expect(share(events, (e) => e.seed.onSaleLead === undefined)).toBeCloseTo(0.2, 1);
  });

  it('keeps an event and its venues in one country', () => {
    const { venueById } = catalogue.view();
    expect(events.every((e) => e.seed.venueIds.every((id) => venueById.get(id)?.countryCode === e.countryCode))).toBe(true);
  });

  it('has an evening with more than 1,000 events in eight seconds, and on request a second with more', () => {
    const seconds = new Map<number, number>();
    for (const e of events) if (e.at !== undefined && e.countryCode === 'US') seconds.set(e.at, (seconds.get(e.at) ?? 0) + 1);
    const crowded = [...seconds.keys()].find((at) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, s) => sum + (seconds.get(at + s * 1000) ?? 0), 0) > 1000);
    expect(crowded).toBeDefined();
    expect(Math.max(...seconds.values())).toBeLessThan(1000);
    const second = knobs.allEvents().filter((e) => e.at === Date.parse('2026-06-29T20:00:00-04:00') && e.name.startsWith('Night of Open Stages'));
    expect(second).toHaveLength(1100);
  });

  it('has on request venues that nothing gives', () => {
    const lonely = knobs;
    const known = new Set([...lonely.searchableVenueIds(), ...lonely.allEvents().flatMap((e) => e.seed.venueIds)]);
    expect(lonely.allVenues().filter((v) => v.countryCode === 'US' && v.stateCode === undefined && !known.has(v.id))).toHaveLength(4);
    expect(lonely.venueIds('US')).toHaveLength(1804);
  });

  it('links attractions to artists of the same name', () => {
    const { attractions, artistById } = catalogue.view();
    const linked = attractions.filter((a) => a.spotifyArtistId !== undefined);
    expect(linked.length).toBeGreaterThan(1000);
    expect(linked.length).toBeLessThan(attractions.length);
    expect(linked.every((a) => artistById.get(a.spotifyArtistId as string)?.name === a.name)).toBe(true);
  });

  describe('over simulated days', () => {
    const of = (c: Catalogue, day: number): string => JSON.stringify([c.allEvents(day), c.allVenues(day), c.allArtists(day)]);

    it('is the same for the same seed and day, whatever was looked at before', () => {
      const other = make();
      of(other, 9);
      expect(of(other, 3) === of(catalogue, 3)).toBe(true);
      const elsewhere = make({ seed: 2 });
      expect(elsewhere.artistIds().some((id) => catalogue.view().artistById.has(id))).toBe(false);
      expect(elsewhere.venueIds().some((id) => catalogue.view().venueById.has(id))).toBe(false);
    });

    it('announces, changes and ends events, opens and renames venues, moves popularity', () => {
      const before = catalogue.view(4).eventById;
      const after = catalogue.view(5).eventById;
      expect([...after.keys()].filter((id) => !before.has(id)).length).toBeGreaterThan(20);
      expect([...before.keys()].filter((id) => !after.has(id)).length).toBeGreaterThan(20);
      const kinds = [1, 2, 3, 4, 5].flatMap((day) =>
        catalogue.allEvents(day).flatMap(({ seed: { change } }) => (change?.on === day ? change.kind : [])),
      );
      for (const kind of ['cancelled', 'rescheduled', 'postponed', 'prices', 'offsale', 'dated', 'renamed'] as const) expect(kinds).toContain(kind);
      expect(catalogue.allVenues(30).length).toBe(venues.length + 10);
      const names = new Map(venues.map((v) => [v.id, v.name]));
      expect(catalogue.allVenues(30).some((v) => names.has(v.id) && names.get(v.id) !== v.name)).toBe(true);
      const { artistById } = catalogue.view(0);
      expect(catalogue.allArtists(10).some((a) => a.popularity !== artistById.get(a.id)?.popularity)).toBe(true);
    });

    it('stays as full and as unique after a year and more', () => {
      const late = catalogue.allEvents(500);
      expect(late.length).toBeGreaterThan(9000);
      expect(new Set(late.map((e) => e.id)).size).toBe(late.length);
      const start = Date.parse('2026-03-01') + 499 * dayMs;
      expect(late.every((e) => e.at === undefined || e.at > start - dayMs)).toBe(true);
    });

    it('lies between the day and about a year later, relative to the base date', () => {
      const moved = make({ baseDate: '2031-11-15' });
      const base = Date.parse('2031-11-15');
      const times = moved.allEvents().flatMap((e) => e.at ?? []);
      expect(Math.min(...times)).toBeGreaterThan(base - dayMs);
      expect(Math.max(...times)).toBeLessThan(base + 430 * dayMs);
      expect(moved.eventIds()).toEqual(catalogue.eventIds());
    });
  });
});
