import { ticketmasterId } from './ids.js';
import { random } from './random.js';
import type { Artist, Attraction, Genre } from './types.js';
import { nouns } from './words.js';

export const attractionCount = 3600;

/** The API's own ids of its segments, the same for everyone; genre ids are made up. */
export const segments = {
  Music: 'KZFzniwnSyZfZ7v7nJ',
  Sports: 'KZFzniwnSyZfZ7v7nE',
  'Arts & Theatre': 'KZFzniwnSyZfZ7v7na',
  Film: 'KZFzniwnSyZfZ7v7nn',
  Miscellaneous: 'KZFzniwnSyZfZ7v7n1',
} as const;

const rows: readonly (readonly [keyof typeof segments, string, string])[] = [
  ['Music', 'Rock', 'Indie Rock'],
  ['Music', 'Pop', 'Dream Pop'],
  ['Music', 'Dance/Electronic', 'Club Dance'],
  ['Music', 'Jazz', 'Fusion'],
  ['Music', 'Classical', 'Chamber'],
  ['Music', 'Undefined', 'Undefined'],
  ['Sports', 'Basketball', 'College'],
  ['Sports', 'Ice Hockey', 'Minor League'],
  ['Arts & Theatre', 'Theatre', 'Drama'],
  ['Arts & Theatre', 'Comedy', 'Comedy'],
  ['Film', 'Documentary', 'Documentary'],
  ['Miscellaneous', 'Undefined', 'Undefined'],
];
export const genres: readonly Genre[] = rows.map(([segment, name, subGenre], i) => ({
  segmentId: segments[segment],
  segment,
  id: `KnvZfZ7vL${String(i).padStart(2, '0')}`,
  name,
  subGenreId: `KZazBEonSMnZfZ7vL${String(i).padStart(2, '0')}`,
  subGenre,
}));
const musicGenres = genres.filter((g) => g.segment === 'Music');
const otherGenres = genres.filter((g) => g.segment !== 'Music');

/** Most attractions are musicians of the Spotify catalogue; two thirds of those link to it. The others are teams, plays and shows. */
export function createAttractions(seed: number, artists: readonly Artist[]): readonly Attraction[] {
  return Array.from({ length: attractionCount }, (_, i) => {
    const r = random(seed, 'attraction', i);
    const artist = r.chance(0.75) ? artists[i] : undefined;
    const name = artist?.name ?? `${r.pick(nouns)} ${r.pick(['United', 'Players', 'on Ice', 'vs. The World', '– Das Musical', 'Festival'])} ${i}`;
    return {
      id: ticketmasterId(seed, 'attraction', 'base', i),
      name,
      genre: r.pick(artist ? musicGenres : otherGenres),
      ...(artist && r.chance(0.66) ? { spotifyArtistId: artist.id } : {}),
      upcoming: r.int(40),
    };
  });
}
