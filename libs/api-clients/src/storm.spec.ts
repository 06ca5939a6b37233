import type { FaultEffect } from '@loadin/upstreams';
import { createRandom } from '@loadin/testing';
import { createRetryBudget } from '@loadin/resilience';
import { createSpotifyArtistsStream } from './spotify/artists-stream.js';
import { createTicketmasterEventsStream } from './ticketmaster/events-stream.js';
import { createTicketmasterVenuesStream } from './ticketmaster/venues-stream.js';
import { idsOf, notesOf, readAll, startWorld } from './upstreams.fixture.js';

const transient: FaultEffect[] = [
  { kind: 'status', status: 502 },
  { kind: 'retryAfter', seconds: 3 },
  { kind: 'drop' },
  { kind: 'malformedJson' },
  { kind: 'emptyBody' },
  { kind: 'truncatedBody' },
  { kind: 'hang' },
];

describe('a storm of every transient fault at once', () => {
  it.each([1, 2, 3])('changes nothing of what arrives (seed %i)', async (seed) => {
    const world = await startWorld();
    for (const [index, effect] of transient.entries()) world.upstreams.faults.add({ effect, when: { rate: 0.05, seed: seed * 100 + index } });
    const options = { random: createRandom(seed), timeoutMs: 300, attempts: 8, retryBudget: createRetryBudget({ tokens: 1_000 }) };
    const { catalogue } = world.upstreams;
    const [countries, queries] = [
      ['SE', 'IE'],
      ['midnight', 'velvet'],
    ];

    const ticketmaster = world.ticketmaster(options);
    const events = createTicketmasterEventsStream({ client: ticketmaster, countries, horizonDays: 365 });
    const venues = createTicketmasterVenuesStream({ client: ticketmaster, countries });
    const artists = createSpotifyArtistsStream({ client: world.spotify(options), queries });
    const [eventsRead, venuesRead, artistsRead] = await Promise.all([readAll(events), readAll(venues), readAll(artists)]);

    expect(idsOf(events, eventsRead)).toEqual(catalogue.expected.events({ countries, from: '2026-02-28T12:00:00Z', to: '2027-03-01T12:00:00Z' }));
    expect(idsOf(venues, venuesRead)).toEqual(catalogue.expected.venues({ countries }));
    expect(idsOf(artists, artistsRead)).toEqual(catalogue.expected.artists({ queries }));
    expect(notesOf([...eventsRead, ...venuesRead])).toEqual([]);
    await world.close();
  });
});
