import { createSpotifyArtistsStream, createTicketmasterEventsStream, createTicketmasterVenuesStream } from '../index.js';
import { arrived, run, startWorld, type Ran, type World } from './run.fixture.js';

describe('odd records', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  beforeEach(() => world.renew());
  afterAll(() => world.close());

  const records = <T>({ sink }: Ran): Map<string, T> => new Map(sink.records.map(({ id, value }) => [id.slice(id.indexOf('_') + 1), value as T]));
  const artists = (ids: readonly string[]) => run(world, [createSpotifyArtistsStream({ client: world.spotify(), ids })]);
  interface ArtistRecord {
    readonly genre: readonly string[] | null;
    readonly followers: number | null;
    readonly popularity_score: number | null;
  }

  it('behaviour 9: followers, popularity and genres that are missing are null', async () => {
    const ids = world.upstreams.catalogue.artistIds().slice(0, 3);
    for (const record of records<ArtistRecord>(await artists(ids)).values())
      expect(record).toMatchObject({ genre: null, followers: null, popularity_score: null });
  });

  it('behaviour 9: a real 0 and a real [] stay', async () => {
    world.upstreams.limits.spotify.developmentMode = false;
    const all = world.upstreams.catalogue.allArtists();
    const odd = [
      all.find(({ popularity }) => popularity === 0),
      all.find(({ followers }) => followers === 0),
      all.find(({ genres }) => genres.length === 0),
    ];
    const found = records<ArtistRecord>(await artists(odd.map((artist) => artist?.id ?? '')));
    expect([...found.values()].some((artist) => artist.popularity_score === 0)).toBe(true);
    for (const artist of odd)
      expect(found.get(artist?.id ?? '')).toMatchObject({
        genre: artist?.genres,
        followers: artist?.followers,
        popularity_score: artist?.popularity,
      });
  });

  it('behaviour 10: null entries in arrays are skipped and counted', async () => {
    const queries = ['midnight'];
    const artistsRun = await run(world, [createSpotifyArtistsStream({ client: world.spotify(), queries, ids: ['0000000000000000000000'] })]);
    expect(arrived(artistsRun)).toEqual(world.upstreams.catalogue.expected.artists({ queries }));
    const { null_entries: nulls, rejected } = artistsRun.report.streams[0]?.ledger ?? {};
    expect(nulls).toBeGreaterThanOrEqual(3); // about every sixtieth of 120, and the id that nobody knows
    expect(rejected).toBe(0);
    world.upstreams.faults.add({ api: 'ticketmaster', effect: { kind: 'nulls' } });
    const venues = await run(world, [createTicketmasterVenuesStream({ client: world.ticketmaster(), countries: ['SE'] })]);
    expect(arrived(venues)).toEqual(world.upstreams.catalogue.venueIds('SE'));
    expect(venues.report.streams[0]?.ledger).toMatchObject({ null_entries: 1, rejected: 0 });
  });

  describe('of Ticketmaster', () => {
    interface EventRecord {
      readonly [field: string]: unknown;
    }
    const countries = ['SE', 'IE', 'GB'];
    let ran: Ran;
    let events: Map<string, EventRecord>;
    beforeAll(async () => {
      ran = await run(world, [createTicketmasterEventsStream({ client: world.ticketmaster(), countries, horizonDays: 365 })]);
      events = records<EventRecord>(ran);
    });
    const inCatalogue = () => world.upstreams.catalogue.allEvents().filter(({ id }) => events.has(id));

    it('behaviour 22: events without venue, attractions, prices, time zone, status or classifications all load', () => {
      expect(ran.report.streams[0]?.ledger).toMatchObject({ rejected: 0 });
      const lacking: Record<string, (event: ReturnType<typeof inCatalogue>[number]) => boolean> = {
        venue: ({ seed }) => seed.venueIds.length === 0,
        attractions: ({ seed }) => seed.attractionIds.length === 0,
        price: ({ price }) => price === undefined,
        timezone: ({ seed }) => !seed.showsTimezone,
        status: ({ status }) => status === undefined,
        classifications: ({ seed }) => seed.genre === undefined,
      };
      for (const [what, lacks] of Object.entries(lacking)) expect([what, inCatalogue().some(lacks)]).toEqual([what, true]);
      expect(arrived(ran)).toEqual(
        world.upstreams.catalogue.expected.events({ countries, from: '2026-02-28T12:00:00Z', to: '2027-03-01T12:00:00Z' }),
      );
    });

    it('behaviour 22: a 1900 on-sale date is null', () => {
      const unknown = inCatalogue().filter(({ seed }) => seed.onSaleLead === undefined);
      expect(unknown.length).toBeGreaterThan(0);
      for (const { id } of unknown) expect(JSON.stringify(events.get(id))).not.toContain('1900-01-01');
    });

    it('behaviour 22: venues without name, state or coordinates load, and string coordinates become numbers', async () => {
      const venues = await run(world, [createTicketmasterVenuesStream({ client: world.ticketmaster(), countries })]);
      const found = records<{ latitude: number | null; longitude: number | null; name: string | null }>(venues);
      const all = world.upstreams.catalogue.allVenues().filter(({ countryCode }) => countries.includes(countryCode));
      expect([...found.keys()].sort()).toEqual(all.map(({ id }) => id));
      expect(all.some(({ name }) => name === undefined)).toBe(true);
      for (const { id, latitude, longitude } of all) {
        const record = found.get(id);
        if (latitude === undefined || longitude === undefined) expect([record?.latitude, record?.longitude]).toEqual([null, null]);
        else {
          expect(record?.latitude).toBeCloseTo(latitude, 4);
          expect(record?.longitude).toBeCloseTo(longitude, 4);
        }
      }
    });
  });
});
