/**
 * How sure a link to a Spotify artist is:
 * `exact` all links that lead to an artist lead to this one; `ambiguous` they lead to several artists, of which the first in the source's order is named.
 */
export const SPOTIFY_LINKS = ['exact', 'ambiguous'] as const;
export type SpotifyLink = (typeof SPOTIFY_LINKS)[number];

/** A Spotify id as links carry it. */
export const SPOTIFY_ID = /^[0-9A-Za-z]{22}$/;
