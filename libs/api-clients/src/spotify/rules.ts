import type { FailureRule } from '../kit/declaration.js';

export const credentialsHint = 'Check API_SPOTIFY_CLIENT_ID and API_SPOTIFY_CLIENT_SECRET against the app in the Spotify developer dashboard.';

type Endpoint = 'search' | 'artist' | 'several-artists' | 'top-tracks' | 'related-artists';

/** `api.spotify.com`: errors nested in `error`, some bodies plain text. */
export const dataRules: readonly FailureRule<Endpoint>[] = [
  { on: 401, then: 'refresh-token', code: 'token' },
  {
    on: 403,
    body: /premium subscription required/i,
    then: 'fatal',
    code: 'premium',
    message: 'answers only when the owner of the app has a Premium subscription',
    hint: 'Renew the subscription of the account that owns the app; after that it can take a few hours until calls are allowed again.',
  },
  { on: 429, body: /QUOTA_EXCEEDED/, then: 'stop', code: 'quota', message: 'says that the quota of the account is used up (QUOTA_EXCEEDED)' },
  { on: 429, then: 'wait', code: 'rate-limit', message: 'limits the calls of this app for longer than is waited' },
  { on: 400, endpoints: ['search'], body: /Invalid limit/i, then: 'refuse', code: 'invalid-limit' },
  {
    on: 400,
    endpoints: ['artist', 'several-artists', 'top-tracks', 'related-artists'],
    body: /Invalid (base62 )?id/i,
    then: 'refuse',
    code: 'invalid-id',
  },
  { on: 403, endpoints: ['several-artists', 'top-tracks', 'related-artists'], then: 'refuse', code: 'withheld' },
  {
    on: 403,
    then: 'fatal',
    code: 'forbidden',
    message: 'does not allow this app to ask that: {detail}',
    hint: 'Check the status of the app in the Spotify developer dashboard.',
  },
];
