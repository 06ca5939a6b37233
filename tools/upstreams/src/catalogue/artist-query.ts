import type { Artist } from './types.js';

/** What a Spotify search text asks for: words of the name, and filters like `genre:"dream pop"`. */
export interface ArtistQuery {
  readonly words: readonly string[];
  readonly genres: readonly string[];
}

const filter = /(\w+):(?:"([^"]*)"|(\S+))/g;

/** `artist:` words count as words of the name; filters that say nothing about artists (`year:`) are ignored. */
export function parseArtistQuery(q: string): ArtistQuery {
  const words: string[] = [];
  const genres: string[] = [];
  const rest = q.replace(filter, (_all, field: string, quoted?: string, bare?: string) => {
    const value = (quoted ?? bare ?? '').toLowerCase();
    if (field === 'genre') genres.push(value);
    if (field === 'artist') words.push(...wordsOf(value));
    return ' ';
  });
  return { words: [...words, ...wordsOf(rest)], genres };
}

/** Every word occurs as a whole word of the name, whatever its case and accents, and every genre is one of the artist's. */
export function matchesArtist(artist: Artist, { words, genres }: ArtistQuery): boolean {
  if (words.length === 0 && genres.length === 0) return false;
  if (!genres.every((g) => artist.genres.includes(g))) return false;
  if (words.length === 0) return true;
  const name = wordsOf(artist.name);
  return words.every((w) => name.includes(w));
}

/** The order of results: the most popular first, then by id. */
export function searchArtists(artists: readonly Artist[], q: string): readonly Artist[] {
  const query = parseArtistQuery(q);
  return artists.filter((a) => matchesArtist(a, query)).sort((a, b) => b.popularity - a.popularity || (a.id < b.id ? -1 : 1));
}

function wordsOf(text: string): readonly string[] {
  return withoutAccents(text)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((w) => w !== '');
}

/** `Ñoche` and `Noche` are the same word to a search. */
export function withoutAccents(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '');
}
