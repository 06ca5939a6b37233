import type { AttractionLink } from '../records/attraction-link.js';
import type { SpotifyLink } from '../records/spotify-link.js';
import type { Json } from '../fields/read.js';
import { isFilledText } from '../validation/formats.js';

// External links are typed in by promoters: one that can't be read is no link, and no reason to lose a record.

/** An attraction's `externalLinks`, by service in alphabetical order so that equal links are equal bytes; null when there are none. */
export function readLinks(value: unknown): AttractionLink[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const services = Object.keys(value).filter(isFilledText).sort();
  return services.flatMap((service) => entriesOf((value as Json)[service]).flatMap((entry) => linkOf(service, entry)));
}

function linkOf(service: string, { url, id }: Json): AttractionLink[] {
  const link = { service, url: isFilledText(url) ? url : null, external_id: isFilledText(id) ? id : null };
  return link.url === null && link.external_id === null ? [] : [link];
}

function entriesOf(list: unknown): Json[] {
  return Array.isArray(list) ? list.filter((entry): entry is Json => typeof entry === 'object' && entry !== null) : [];
}

const NONE = { spotify_id: null, spotify_link: null } as const;

/** Which Spotify artist an attraction's `externalLinks` lead to, and how sure that is. Links to users, playlists and albums lead to none. */
export function spotifyLinkOf(links: unknown): { spotify_id: string | null; spotify_link: SpotifyLink | null } {
  const spotify: unknown = typeof links === 'object' && links !== null ? (links as Json)['spotify'] : undefined;
  if (spotify === undefined) return NONE;
  const ids = new Set<string>();
  for (const { url } of entriesOf(spotify)) {
    const id = typeof url === 'string' ? spotifyArtistOf(url) : undefined;
    if (id !== undefined) ids.add(id);
  }
  const [first] = ids;
  return first === undefined ? NONE : { spotify_id: first, spotify_link: ids.size === 1 ? 'exact' : 'ambiguous' };
}

const PAGE = /^(?:https?:)?(?:\/\/)?(?:(?:open|play|www)\.)?spotify\.com\/(?:intl-[a-z-]+\/|embed\/)*artist\/([0-9a-z]{22})(?![0-9a-z])/i;
const URI = /^spotify:artist:([0-9a-z]{22})(?![0-9a-z])/i;

/** The artist's id in an address (`open.spotify.com/artist/…`, localized or embedded, with whatever follows) or a URI (`spotify:artist:…`). */
export function spotifyArtistOf(url: string): string | undefined {
  const text = url.trim();
  return (PAGE.exec(text) ?? URI.exec(text))?.[1];
}
