import { readOptions, startWorld, type World } from '../upstreams.fixture.js';
import { misfits } from './fits.fixture.js';
import { recordedParts } from './recorded.fixture.js';
import { spotifyTypes, ticketmasterTypes, typedShapes } from './typed-shapes.fixture.js';

/** Paths of each kind of answer, and how many records it has at least. */
const answers = {
  'a search for events': ['/discovery/v2/events.json?countryCode=US&size=100&locale=*', 100],
  'undated events': ['/discovery/v2/events.json?countryCode=US&includeTBA=only&size=100&locale=*', 50],
  'events in a language without names': ['/discovery/v2/events.json?countryCode=SE&size=100&locale=sv-se', 100],
  'a search for venues': ['/discovery/v2/venues.json?countryCode=IE&size=100', 20],
  'a search for attractions': ['/discovery/v2/attractions.json?size=100', 100],
} as const;

describe('the simulators answer what the types say', () => {
  const shapes = new Map([...typedShapes(spotifyTypes), ...typedShapes(ticketmasterTypes)]);
  const wrongIn = (body: unknown): string[] =>
    recordedParts(body, '').flatMap(({ type, value, where }) =>
      misfits(shapes.get(type) ?? missing(type), value).map((misfit) => `${where} ${misfit}`),
    );
  const missing = (type: string): never => {
    throw new Error(`no type ${type}`);
  };
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  afterAll(() => world.close());

  it.each(Object.entries(answers))('%s', async (_what, [path, atLeast]) => {
    const { ticketmasterUrl, credentials } = world.upstreams;
    const body: unknown = await (await fetch(`${ticketmasterUrl}${path}&apikey=${credentials.ticketmasterApiKey}`)).json();
    expect(recordedParts(body, '').length).toBeGreaterThanOrEqual(atLeast);
    expect(wrongIn(body)).toEqual([]);
  });

  it.each([true, false])('artists and tracks, in development mode: %s', async (developmentMode) => {
    world.upstreams.limits.spotify.developmentMode = developmentMode;
    const client = world.spotify();
    const { artists } = await client.searchArtistsPage('the', 0);
    const [first] = artists.flatMap((artist) => artist ?? []);
    const { value: tracks } = await client.topTracks(first?.id ?? '', readOptions());
    expect([artists.length, tracks === null]).toEqual([10, developmentMode]);
    expect(wrongIn([artists, tracks])).toEqual([]);
  });
});
