import { join } from 'node:path';
import { differences, type Difference } from './compare.fixture.js';
import { publishedShapes } from './published-shapes.fixture.js';
import { spotifyTypes, ticketmasterTypes, typedShapes } from './typed-shapes.fixture.js';
import { spotifyDifferences, ticketmasterDifferences, type WrittenDifference } from './written-differences.fixture.js';

// The descriptions belong to the services: they stay outside the project. Jest leaves this file out where nobody has them.
const folder = process.env['LOADIN_SPECIFICATIONS'] ?? '';

const apis = [
  {
    api: 'Spotify',
    types: spotifyTypes,
    description: 'spotify-openapi.yml',
    written: spotifyDifferences,
    pairs: {
      SpotifyArtist: 'ArtistObject',
      SpotifySimplifiedArtist: 'SimplifiedArtistObject',
      SpotifyTrack: 'TrackObject',
      SpotifyPaging: 'PagingArtistObject',
    },
    /** Interfaces that the description knows nothing of. */
    beside: [] as string[],
  },
  {
    api: 'Ticketmaster',
    types: ticketmasterTypes,
    description: 'ticketmaster-discovery-v2.swagger.json',
    written: ticketmasterDifferences,
    pairs: { TicketmasterEvent: 'Event', TicketmasterVenue: 'Venue', TicketmasterAttraction: 'Attraction' },
    beside: ['TicketmasterLink', 'TicketmasterLinks', 'TicketmasterPageLinks', 'TicketmasterPaging', 'TicketmasterKinds'],
  },
];

const plain = (list: readonly (Difference | WrittenDifference)[]): string[] => list.map(({ field, what }) => `${what} ${field}`).sort();

describe.each(apis)('the types of $api', ({ types, description, written, pairs, beside }) => {
  const ours = typedShapes(types);
  const theirs = publishedShapes(join(folder, description));
  const compared = new Set<string>();
  const found = Object.entries(pairs).flatMap(([name, definition]) => {
    const shape = ours.get(name);
    return shape === undefined ? [] : differences(shape, theirs(definition), name, compared);
  });

  it('say what the published description says, but for the differences that are written down with their reason', () => {
    expect(plain(found)).toEqual(plain(written));
  });

  it('are compared, each of them', () => {
    expect([...compared, ...beside].sort()).toEqual([...ours.keys()].sort());
  });
});
