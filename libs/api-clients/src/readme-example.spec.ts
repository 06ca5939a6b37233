import { readmeDifferences } from '@loadin/specs/readme';
import { createSpotifyClient as spotifyClientOf, createTicketmasterClient as ticketmasterClientOf, createTicketmasterEventsStream } from './index.js';
import { startWorld } from './upstreams.fixture.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const { upstreams, clock, close } = await startWorld();
    const { spotifyUrl, spotifyAccountsUrl, ticketmasterUrl, credentials } = upstreams;
    const { spotifyClientId: clientId, spotifyClientSecret: clientSecret, ticketmasterApiKey: apiKey } = credentials;
    const names: string[] = [];
    const ids: (string | undefined)[] = [];
    const createSpotifyClient = (options: Parameters<typeof spotifyClientOf>[0]) =>
      spotifyClientOf({ ...options, baseUrl: spotifyUrl, accountsUrl: spotifyAccountsUrl, clock });
    const createTicketmasterClient = (options: Parameters<typeof ticketmasterClientOf>[0]) =>
      ticketmasterClientOf({ ...options, baseUrl: ticketmasterUrl, clock });

    // example
    const spotify = createSpotifyClient({ clientId, clientSecret });
    for await (const { artists } of spotify.searchArtists('genre:"grime"')) {
      for (const artist of artists) if (artist !== null) names.push(artist.name); // null: an entry that is gone
    }
    spotify.close();

    const ticketmaster = createTicketmasterClient({ apiKey });
    for await (const { items } of ticketmaster.pages('venues', { countryCode: 'IE' })) ids.push(...items.map((venue) => venue?.id));
    ticketmaster.close();
    // end

    expect(names.length).toBeGreaterThan(5);
    expect([...ids].sort()).toEqual(upstreams.catalogue.venueIds('IE'));
    expect(typeof createTicketmasterEventsStream).toBe('function');
    await close();
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
