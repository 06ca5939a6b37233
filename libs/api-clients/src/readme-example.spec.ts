import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSpotifyClient, createTicketmasterClient, createTicketmasterEventsStream } from './index.js';
import { startWorld } from './upstreams.fixture.js';

describe('README', () => {
  it('has an example that runs', async () => {
    const { upstreams, clock, close } = await startWorld();
    const { spotifyUrl, spotifyAccountsUrl, ticketmasterUrl, credentials } = upstreams;
    const { spotifyClientId: clientId, spotifyClientSecret: clientSecret, ticketmasterApiKey: apiKey } = credentials;
    const names: string[] = [];
    const ids: (string | undefined)[] = [];
    const local = { clock };

    // example
    const spotify = createSpotifyClient({ clientId, clientSecret, baseUrl: spotifyUrl, accountsUrl: spotifyAccountsUrl, ...local });
    for await (const { artists } of spotify.searchArtists('genre:"grime"')) {
      for (const artist of artists) if (artist !== null) names.push(artist.name); // null: an entry that is gone
    }
    spotify.close();

    const ticketmaster = createTicketmasterClient({ apiKey, baseUrl: ticketmasterUrl, ...local });
    for await (const { items } of ticketmaster.pages('venues', { countryCode: 'IE' })) ids.push(...items.map((venue) => venue?.id));
    ticketmaster.close();
    // end

    expect(names.length).toBeGreaterThan(5);
    expect([...ids].sort()).toEqual(upstreams.catalogue.venueIds('IE'));
    expect(typeof createTicketmasterEventsStream).toBe('function');
    await close();

    const own = readFileSync(__filename, 'utf8');
    const example = own.slice(own.indexOf('// example\n') + 11, own.indexOf('    // end\n')).replace(/^ {4}/gm, '');
    const block = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(__dirname, '../README.md'), 'utf8'))?.[1] ?? '';
    const shown = block.replace(/^import .*\n\n?/gm, '');
    expect(shown.trim()).toBe(
      example
        .replaceAll(', baseUrl: spotifyUrl, accountsUrl: spotifyAccountsUrl, ...local', '')
        .replaceAll(', baseUrl: ticketmasterUrl, ...local', '')
        .trim(),
    );
  });
});
