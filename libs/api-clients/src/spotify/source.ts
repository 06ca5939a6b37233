import { defineSource } from '../kit/define-source.js';
import { list, one } from '../kit/shape.js';
import { tokenRules } from '../kit/token.js';
import { credentialsHint, dataRules } from './rules.js';
import type { SpotifyArtist, SpotifyPaging, SpotifyTrack } from './types.js';

/** The service's maximum since 2026; it was 50 before. */
export const maxLimit = 10;

const anArtist = ['invalid-id', 'not-found'] as const;
/** One malformed id spoils a whole batch; that says nothing about the app. */
const badId = ['invalid-id'] as const;

/** The Spotify Web API (developer.spotify.com/documentation/web-api), as far as client credentials reach. */
export const spotify = defineSource({
  name: 'spotify',
  title: 'Spotify',
  baseUrl: 'https://api.spotify.com',
  auth: {
    kind: 'client-credentials',
    tokens: {
      title: 'Spotify accounts',
      baseUrl: 'https://accounts.spotify.com',
      path: '/api/token',
      setting: 'API_SPOTIFY_ACCOUNTS_URL',
      failures: tokenRules(credentialsHint),
    },
  },
  // Calls are counted in a rolling window of 30 s and the limit is not published; client authors observe about 180 for an app in
  // development mode. 170 leaves room for a call that somebody makes by hand with the same app.
  rate: { windows: [{ limit: 170, windowMs: 30_000 }], pace: { perSecond: 170 / 30, burst: 20 }, maxInFlight: 10 },
  failures: dataRules,
  settings: { baseUrl: 'API_SPOTIFY_BASE_URL', credentials: ['API_SPOTIFY_CLIENT_ID', 'API_SPOTIFY_CLIENT_SECRET'] },
  endpoints: {
    search: {
      path: '/v1/search',
      params: { q: 'string' },
      query: { type: 'artist' },
      answer: list<SpotifyArtist, { readonly artists: SpotifyPaging<SpotifyArtist> }>('artists.items'),
      // `offset + limit` above 1,000 is refused, although `next` still points there; entries can be missing from a page.
      paging: { kind: 'offset', offset: 'offset', limit: 'limit', perPage: maxLimit, step: 'limit', maxItems: 1_000, ends: { next: 'artists.next' } },
    },
    artist: { path: '/v1/artists/{id}', answer: one<SpotifyArtist>('', { expects: { id: 'string' } }), absent: anArtist },
    'several-artists': {
      path: '/v1/artists',
      params: { ids: 'string' },
      answer: one<(SpotifyArtist | null)[]>('artists', { expects: { artists: 'list' } }),
      absent: badId,
      optional: 'several artists in one call: not available to this app, artists are read one by one',
    },
    'top-tracks': {
      path: '/v1/artists/{id}/top-tracks',
      params: { market: 'string?' },
      answer: one<(SpotifyTrack | null)[]>('tracks', { expects: { tracks: 'list' } }),
      absent: badId,
      optional: 'top tracks: not available to this app',
      foundBy: 'artist',
    },
    'related-artists': {
      path: '/v1/artists/{id}/related-artists',
      answer: one<(SpotifyArtist | null)[]>('artists', { expects: { artists: 'list' } }),
      absent: badId,
      optional: 'related artists: not available to this app',
      foundBy: 'artist',
    },
  },
});
