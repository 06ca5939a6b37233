import { Artist } from '../records/artist.js';
import type { Parsed, Reason } from '../types.js';
import { identify } from '../fields/identity.js';
import { readList, readNumber, readObject, readText } from '../fields/read.js';
import { finish } from '../validation/finish.js';

/** An artist object of Spotify's Web API as a normalized record. Never throws; fields always come in the same order. */
export function parseArtist(raw: unknown): Parsed<Artist> {
  const identified = identify(raw, 'artist');
  if (!identified.ok) return identified;
  const json = identified.record;
  const reasons: Reason[] = [];
  const record: Artist = {
    artist_id: `spotify_${json.id}`,
    name: readText(reasons, 'name', json['name']),
    genre: readGenres(reasons, json['genres']),
    popularity_score: readNumber(reasons, 'popularity', json['popularity']),
    followers: readNumber(reasons, 'followers.total', readObject(reasons, 'followers', json['followers'])['total']),
    spotify_id: json.id,
    image_url: readWidestImage(reasons, json['images']),
    external_url: readText(reasons, 'external_urls.spotify', readObject(reasons, 'external_urls', json['external_urls'])['spotify']),
    source: 'spotify',
  };
  return finish(Artist, record, reasons);
}

function readGenres(reasons: Reason[], value: unknown): string[] | null {
  const genres = readList(reasons, 'genres', value);
  if (genres === null) return null;
  return genres.map((genre, index) => readText(reasons, `genres[${index}]`, genre)).filter((genre) => genre !== null);
}

// The documentation promises the widest first, but widths can be null: the first counts then.
function readWidestImage(reasons: Reason[], value: unknown): string | null {
  let widest: string | null = null;
  let width = -1;
  for (const [index, entry] of (readList(reasons, 'images', value) ?? []).entries()) {
    const image = readObject(reasons, `images[${index}]`, entry);
    const url = readText(reasons, `images[${index}].url`, image['url']);
    const own = readNumber(reasons, `images[${index}].width`, image['width']) ?? 0;
    if (url === null || own <= width) continue;
    widest = url;
    width = own;
  }
  return widest;
}
