import { Track } from '../records/track.js';
import type { Parsed, Reason } from '../types.js';
import { identify, readEntityId } from '../fields/identity.js';
import { readWidestImage } from '../fields/image.js';
import { readNumber, readObject, readObjects, readText, readYesNo } from '../fields/read.js';
import { finish } from '../validation/finish.js';
import { readReleaseDate } from './release-date.js';

/** A track object of Spotify's Web API as a normalized record. Never throws; fields always come in the same order. */
export function parseTrack(raw: unknown): Parsed<Track> {
  const identified = identify(raw, 'track');
  if (!identified.ok) return identified;
  const json = identified.record;
  const reasons: Reason[] = [];
  const album = readObject(reasons, 'album', json['album']);
  const released = readReleaseDate(reasons, album);
  const artists = readObjects(reasons, 'artists', json['artists'], (artist, path) => ({
    artist_id: readEntityId(reasons, `${path}.id`, 'spotify', artist['id']),
    name: readText(reasons, `${path}.name`, artist['name']),
  }));
  const record: Track = {
    track_id: `spotify_${json.id}`,
    name: readText(reasons, 'name', json['name']),
    artist_ids: artists === null ? null : artists.map(({ artist_id }) => artist_id).filter((id) => id !== null),
    artists,
    album_id: readEntityId(reasons, 'album.id', 'spotify', album['id']),
    album_name: readText(reasons, 'album.name', album['name']),
    album_type: readText(reasons, 'album.album_type', album['album_type']),
    album_release_date: released.date,
    album_release_date_precision: released.precision,
    disc_number: readNumber(reasons, 'disc_number', json['disc_number']),
    track_number: readNumber(reasons, 'track_number', json['track_number']),
    duration_ms: readNumber(reasons, 'duration_ms', json['duration_ms']),
    explicit: readYesNo(reasons, 'explicit', json['explicit']),
    isrc: readText(reasons, 'external_ids.isrc', readObject(reasons, 'external_ids', json['external_ids'])['isrc']),
    popularity_score: readNumber(reasons, 'popularity', json['popularity']),
    image_url: readWidestImage(reasons, 'album.images', album['images']),
    url: readText(reasons, 'external_urls.spotify', readObject(reasons, 'external_urls', json['external_urls'])['spotify']),
    spotify_id: json.id,
    source: 'spotify',
  };
  return finish(Track, record, reasons);
}
