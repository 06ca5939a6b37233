import { hash32, random } from '../catalogue/random.js';
import { spotifyId } from '../catalogue/ids.js';
import { topTrackIds } from '../catalogue/tracks.js';
import type { Artist } from '../catalogue/types.js';
import { nouns, openings } from '../catalogue/words.js';

const hosts = { api: 'https://api.spotify.com/v1', open: 'https://open.spotify.com', images: 'https://i.scdn.co/image' } as const;
const sizes = [640, 300, 160, 64] as const;

/** An artist as an app sees it: apps in development mode get neither followers nor genres nor popularity. */
export function artistBody(artist: Artist, developmentMode: boolean): Record<string, unknown> {
  const { id, name, genres, popularity, followers } = artist;
  const images = sizes.slice(0, artist.images).map((size) => ({ url: `${hosts.images}/${imageId(artist, size)}`, height: size, width: size }));
  const always = {
    external_urls: { spotify: `${hosts.open}/artist/${id}` },
    href: `${hosts.api}/artists/${id}`,
    id,
    images,
    name,
    type: 'artist',
    uri: `spotify:artist:${id}`,
  };
  return developmentMode ? always : { ...always, followers: { href: null, total: followers }, genres, popularity };
}

/** Ten tracks of an artist; the catalogue holds no tracks, so they follow from the artist's id. */
export function topTracksBody(artist: Artist, seed: number): Record<string, unknown> {
  const by = {
    external_urls: { spotify: `${hosts.open}/artist/${artist.id}` },
    href: `${hosts.api}/artists/${artist.id}`,
    id: artist.id,
    name: artist.name,
    type: 'artist',
    uri: `spotify:artist:${artist.id}`,
  };
  const tracks = topTrackIds(seed, artist.id).map((id, i) => {
    const r = random(seed, 'track', artist.id, i);
    const albumId = spotifyId(seed, `album-${artist.id}`, Math.floor(i / 4));
    return {
      album: {
        album_type: 'album',
        artists: [by],
        href: `${hosts.api}/albums/${albumId}`,
        id: albumId,
        images: [],
        name: `${r.pick(openings)} ${r.pick(nouns)}`,
        type: 'album',
        uri: `spotify:album:${albumId}`,
      },
      artists: [by],
      disc_number: 1,
      duration_ms: r.between(120_000, 320_000),
      explicit: r.chance(0.1),
      external_ids: { isrc: `XX${r.between(1_000_000_000, 9_999_999_999)}` },
      external_urls: { spotify: `${hosts.open}/track/${id}` },
      href: `${hosts.api}/tracks/${id}`,
      id,
      is_playable: true,
      name: `${r.pick(nouns)} ${r.pick(['Song', 'Blues', 'Waltz', '(Live)', '– Remastered', 'No. 5'])}`,
      popularity: Math.max(0, artist.popularity - i * 2),
      preview_url: null,
      track_number: i + 1,
      type: 'track',
      uri: `spotify:track:${id}`,
    };
  });
  return { tracks };
}

function imageId({ id, imageSet }: Artist, size: number): string {
  return [1, 2, 3, 4, 5].map((part) => hash32(id, imageSet, size, part).toString(16).padStart(8, '0')).join('');
}
