import type { RunReport } from '@loadin/pipeline';
import type { DataRecord } from '@loadin/specs';
import { AT, startWorld, type World } from './world.fixture.js';

const DAY_MS = 86_400_000;

/** One job in which everything is followed by its own: an artist by name, venues by id, the events of a venue, attractions and tracks by where they appear. */
const jobs = ({ name, venues, city }: { name: string; venues: readonly string[]; city: string }): string => `
version: 1
streams:
  spotify.artists: { names: ['${name}'] }
  spotify.tracks: { from_artists: true, market: SE }
  ticketmaster.venues: { venue_ids: [${venues.join(', ')}] }
  ticketmaster.events: { markets: [{ venue_ids: [${venues.join(', ')}] }, { city: '${city}', classifications: [Music] }], horizon_days: 60 }
  ticketmaster.attractions: { from_events: true }
jobs:
  followed:
    streams: [spotify.artists, spotify.tracks, ticketmaster.venues, ticketmaster.events, ticketmaster.attractions]
    sinks: [s3_raw, kinesis]
`;

describe('a job that follows artists by name and places instead of countries', () => {
  let world: World;
  let report: RunReport;
  let followed: { name: string; venues: readonly string[]; city: string };
  beforeAll(async () => {
    const probe = await startWorld({ jobs: '' });
    const { catalogue } = probe.sources;
    const [busy] = catalogue.expected.embeddedVenues({ countries: ['DE'], from: AT, to: '2026-04-01T00:00:00Z' });
    const [somewhere] = catalogue.expected.embeddedVenues({ countries: ['GB'], from: AT, to: '2026-04-01T00:00:00Z' });
    const city = catalogue.allVenues().find(({ id }) => id === somewhere)?.city ?? '';
    followed = { name: catalogue.allArtists()[0]?.name ?? '', venues: [busy ?? '', catalogue.venueIds('SE')[0] ?? ''], city };
    await probe.close();
    world = await startWorld({ jobs: jobs({ ...followed, name: followed.name.toUpperCase() }) });
    world.sources.limits.spotify.developmentMode = false;
    report = await world.run('followed');
  }, 60_000);
  afterAll(() => world.close());

  const ids = (records: readonly DataRecord[], field: string): string[] => records.map((record) => String(record[field])).sort();
  const named = (found: readonly string[]): string[] => found.map((id) => `ticketmaster_${id}`).sort();

  it('is complete, and every record is accounted for', () => {
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    for (const { ledger } of report.streams) {
      expect(ledger.accepted).toBeGreaterThan(0);
      expect(ledger.read).toBe(ledger.accepted + ledger.rejected + ledger.deduplicated);
    }
  });

  it('brings the artists of that name, whatever its case', async () => {
    const same = world.sources.catalogue.allArtists().filter(({ name }) => name === followed.name);
    expect(ids(await world.lake.raw('artists'), 'artist_id')).toEqual(same.map(({ id }) => `spotify_${id}`).sort());
  });

  it('brings the top tracks of these artists', async () => {
    const artists = ids(await world.lake.raw('artists'), 'artist_id');
    for (const { artist_ids } of await world.lake.raw('tracks')) expect(artists).toEqual(expect.arrayContaining([(artist_ids as string[])[0]]));
  });

  it('brings the venues with these ids', async () => {
    expect(ids(await world.lake.raw('venues'), 'venue_id')).toEqual(named(followed.venues));
  });

  it('brings the events of these venues, and the music of that city', async () => {
    const [from, to] = [Date.parse(AT) - DAY_MS, Date.parse(AT) + 60 * DAY_MS];
    const at = world.sources.catalogue.allEvents().filter((event) => event.at === undefined || (event.at >= from && event.at <= to));
    const ofVenues = at.filter(({ seed }) => seed.venueIds.some((id) => followed.venues.includes(id))).map(({ id }) => `ticketmaster_${id}`);
    const records = await world.lake.raw('events');
    const found = ids(records, 'concert_id');
    expect(found).toEqual([...new Set(found)]);
    expect(found).toEqual(expect.arrayContaining(ofVenues));
    const others = records.filter((record) => !ofVenues.includes(String(record['concert_id'])));
    expect(others.length).toBeGreaterThan(0);
    // Some events give the ids of their classification alone.
    expect([...new Set(others.map((record) => record['segment']))].filter((segment) => segment !== null)).toEqual(['Music']);
    const inCity = new Set(world.sources.catalogue.allVenues().flatMap(({ id, city }) => (city === followed.city ? [`ticketmaster_${id}`] : [])));
    for (const { venue_id } of others) if (venue_id !== null) expect([...inCity]).toContain(venue_id);
  });

  it('brings each attraction of these events once, without a call', async () => {
    const embedded = (await world.lake.raw('events')).flatMap((event) => (event['attractions'] as DataRecord[] | null) ?? []);
    const wanted = [...new Set(ids(embedded, 'attraction_id'))];
    expect(ids(await world.lake.raw('attractions'), 'attraction_id')).toEqual(wanted);
    expect(world.sources.requests().calls.filter(({ target }) => target.includes('/attractions'))).toEqual([]);
  });
});
