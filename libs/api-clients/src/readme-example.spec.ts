import { readmeDifferences } from '@loadin/specs/readme';
import { createSpotifyClient as spotifyClientOf, createTicketmasterClient as ticketmasterClientOf, createTicketmasterEventsStream } from './index.js';
import { startWorld } from './upstreams.fixture.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const { upstreams, clock, close } = await startWorld();
    const { spotifyUrl, spotifyAccountsUrl, ticketmasterUrl, credentials } = upstreams;
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };
    const createSpotifyClient = (options: Parameters<typeof spotifyClientOf>[0]) =>
      spotifyClientOf({
        ...options,
        clientId: credentials.spotifyClientId,
        clientSecret: credentials.spotifyClientSecret,
        baseUrl: spotifyUrl,
        accountsUrl: spotifyAccountsUrl,
        clock,
      });
    const createTicketmasterClient = (options: Parameters<typeof ticketmasterClientOf>[0]) =>
      ticketmasterClientOf({ ...options, apiKey: credentials.ticketmasterApiKey, baseUrl: ticketmasterUrl, clock });

    // example
    const { API_SPOTIFY_CLIENT_ID: clientId = '', API_SPOTIFY_CLIENT_SECRET: clientSecret = '', API_TICKETMASTER_API_KEY: apiKey = '' } = process.env;

    const names: string[] = [];
    const spotify = createSpotifyClient({ clientId, clientSecret });
    for await (const { artists } of spotify.searchArtists('genre:"grime"')) {
      for (const artist of artists) if (artist !== null) names.push(artist.name); // null: an entry that is gone
    }
    spotify.close();

    const ids: (string | undefined)[] = [];
    const ticketmaster = createTicketmasterClient({ apiKey });
    for await (const { items } of ticketmaster.pages('venues', { countryCode: 'IE' })) ids.push(...items.map((venue) => venue?.id));
    ticketmaster.close();
    console.log(names, ids);
    // end

    expect(lines).toEqual([names, ids]);
    expect(names.length).toBeGreaterThan(5);
    expect([...ids].sort()).toEqual(upstreams.catalogue.venueIds('IE'));
    expect(typeof createTicketmasterEventsStream).toBe('function');
    await close();
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
