import { spotifyId } from './ids.js';

/** An artist's top tracks; no two artists share one. */
const trackCount = 10;

/** The ids of an artist's top tracks, the most popular first. The catalogue holds no tracks: they follow from the artist's id. */
export function topTrackIds(seed: number, artistId: string): readonly string[] {
  return Array.from({ length: trackCount }, (_, i) => spotifyId(seed, `track-${artistId}`, i));
}
