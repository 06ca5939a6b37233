import { spotifyId } from './ids.js';
import { random, type Random } from './random.js';
import type { Artist } from './types.js';
import { additions, artistGenres, firstNames, lastNames, nonAscii, nouns, openings } from './words.js';

export const artistCount = 5200;
/** Every 80th artist has the very name of another. */
const namesakeEvery = 80;

/** The artists on day 0, in no particular order. */
export function createArtists(seed: number): readonly Artist[] {
  const names = new Set<string>();
  const artists: Artist[] = [];
  for (let i = 0; i < artistCount; i++) {
    const r = random(seed, 'artist', i);
    const namesake = i % namesakeEvery === namesakeEvery - 1 ? artists[i - 7] : undefined;
    const name = namesake?.name ?? uniqueName(r, names);
    names.add(name);
    artists.push({ id: spotifyId(seed, 'artist', i), name, genres: genresOf(r), popularity: popularityOf(r), ...audienceOf(r) });
  }
  return artists;
}

/** The artist as of a day: fame drifts, audiences grow, about one in a hundred gets new pictures each day. */
export function artistOn(artist: Artist, day: number, seed: number): Artist {
  if (day === 0) return artist;
  const r = random(seed, 'drift', artist.id);
  const phase = r.int(100);
  const drift = r.chance(0.4) ? Math.round(4 * (Math.sin((day + phase) / 9) - Math.sin(phase / 9))) : 0;
  const growth = r.chance(0.3) ? r.between(1, 400) : 0;
  return {
    ...artist,
    popularity: artist.popularity === 0 ? 0 : Math.min(100, Math.max(1, artist.popularity + drift)),
    followers: artist.followers === 0 ? 0 : artist.followers + growth * day,
    imageSet: Math.floor((day + phase) / 100),
  };
}

function uniqueName(r: Random, taken: ReadonlySet<string>): string {
  let name = nameOf(r);
  while (taken.has(name)) name = `${name} ${r.pick(additions)}`;
  return name;
}

function nameOf(r: Random): string {
  const kind = r.next();
  if (kind < 0.4) return `${r.pick(openings)} ${r.pick(nouns)}`;
  if (kind < 0.6) return `The ${r.pick(openings)} ${r.pick(nouns)}s`;
  if (kind < 0.7) return `${r.pick(nouns)} of the ${r.pick(nouns)}`;
  if (kind < 0.75) return `${r.pick(nouns)} & ${r.pick(nouns)}`;
  if (kind < 0.9) return `${r.pick(firstNames)} ${r.pick(lastNames)}`;
  if (kind < 0.95) return `${r.pick(nonAscii)} ${r.pick(nouns)}`;
  return `${r.pick(openings)} ${r.pick(openings)}`;
}

function genresOf(r: Random): readonly string[] {
  // Most small artists have no genre at all.
  const count = r.pick([0, 0, 0, 1, 1, 2, 3]);
  return [...new Set(Array.from({ length: count }, () => r.pick(artistGenres)))].sort();
}

function popularityOf(r: Random): number {
  return r.chance(0.12) ? 0 : Math.floor(100 * r.next() ** 2);
}

function audienceOf(r: Random): Pick<Artist, 'followers' | 'images' | 'imageSet'> {
  return { followers: r.chance(0.06) ? 0 : Math.floor(Math.exp(r.next() * 14)), images: r.pick([0, 3, 3, 3, 4]), imageSet: 0 };
}
