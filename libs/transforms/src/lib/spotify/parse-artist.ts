import { Artist } from '../records/artist.js';
import type { Parsed, Reason } from '../types.js';
import { identify } from '../fields/identity.js';
import { readWidestImage } from '../fields/image.js';
import { readNumber, readObject, readText, readTexts } from '../fields/read.js';
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
    genre: readTexts(reasons, 'genres', json['genres']),
    popularity_score: readNumber(reasons, 'popularity', json['popularity']),
    followers: readNumber(reasons, 'followers.total', readObject(reasons, 'followers', json['followers'])['total']),
    spotify_id: json.id,
    image_url: readWidestImage(reasons, 'images', json['images']),
    external_url: readText(reasons, 'external_urls.spotify', readObject(reasons, 'external_urls', json['external_urls'])['spotify']),
    source: 'spotify',
  };
  return finish(Artist, record, reasons);
}
