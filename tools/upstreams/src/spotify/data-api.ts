import type { Artist, CatalogueView } from '../catalogue/types.js';
import { json, type Call, type Reply } from '../server/exchange.js';
import { createRateWindow } from '../server/rate-window.js';
import type { SpotifyLimits } from '../types.js';
import { artistBody, topTracksBody } from './bodies.js';
import { spotifyError, tokenExpired, tooManyRequests } from './errors.js';
import { search } from './search.js';
import type { Tokens } from './tokens.js';

export interface SpotifyOptions {
  readonly seed: number;
  readonly limits: SpotifyLimits;
  readonly tokens: Tokens;
  readonly view: () => CatalogueView;
}

export interface SpotifyApi {
  answer(call: Call): Reply;
  /** Forgets the calls of the rolling window. */
  reset(): void;
}

const batchSize = 50;

export function createSpotifyApi(options: SpotifyOptions): SpotifyApi {
  const { limits, tokens } = options;
  const window = createRateWindow();
  return {
    answer(call) {
      const refused = unauthorized(call, tokens);
      if (refused) return refused;
      const taken = window.take(call.at, limits.callsPerWindow, limits.rollingWindowMs);
      if (!taken.ok) return tooManyRequests(Math.ceil(taken.waitMs / 1000));
      if (call.method !== 'GET') return spotifyError(405, 'Method not allowed');
      return route(call, options);
    },
    reset: () => window.reset(),
  };
}

/** The bearer token that a call presents. */
export function bearerOf({ headers }: Call): string | undefined {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function unauthorized(call: Call, tokens: Tokens): Reply | undefined {
  if (call.headers.authorization === undefined) return spotifyError(401, 'No token provided');
  const token = bearerOf(call);
  if (token === undefined) return spotifyError(400, 'Only valid bearer authentication supported');
  const state = tokens.state(token, call.at);
  if (state === 'good') return undefined;
  return state === 'expired' ? tokenExpired() : spotifyError(401, 'Invalid access token');
}

function route(call: Call, options: SpotifyOptions): Reply {
  const { limits, view } = options;
  if (call.path === '/v1/search') return search(call, view(), limits);
  if (call.path === '/v1/artists') return batch(call, options);
  const [, id = '', extra] = /^\/v1\/artists\/([^/]+)(?:\/([a-z-]+))?$/.exec(call.path) ?? [];
  if (id === '') return spotifyError(404, 'Service not found');
  if (!/^[0-9A-Za-z]{22}$/.test(id)) return spotifyError(400, 'Invalid base62 id');
  const artist = view().artistById.get(id);
  if (!artist) return spotifyError(404, 'Resource not found');
  if (extra === undefined) return json(200, artistBody(artist, limits.developmentMode));
  if (extra === 'top-tracks') return limits.developmentMode ? forbidden() : topTracks(call, artist, options.seed);
  if (extra === 'related-artists') return limits.developmentMode ? spotifyError(404, 'Not found.') : json(200, { artists: related(artist, view()) });
  return spotifyError(404, 'Service not found');
}

function topTracks({ query }: Call, artist: Artist, seed: number): Reply {
  const market = query.get('market');
  if (market !== null && !/^[A-Z]{2}$/i.test(market)) return spotifyError(400, 'Invalid market code');
  return json(200, topTracksBody(artist, seed));
}

/** Several artists by id, in the order of the ids; null for one that does not exist. */
function batch({ query }: Call, { limits, view }: SpotifyOptions): Reply {
  if (limits.developmentMode) return forbidden();
  const ids = (query.get('ids') ?? '').split(',').filter((id) => id !== '');
  if (ids.length === 0) return spotifyError(400, 'Missing required field: ids');
  if (ids.length > batchSize) return spotifyError(400, 'Too many ids requested');
  if (ids.some((id) => !/^[0-9A-Za-z]{22}$/.test(id))) return spotifyError(400, 'Invalid base62 id');
  const { artistById } = view();
  const artists = ids.map((id) => artistById.get(id)).map((artist) => (artist ? artistBody(artist, false) : null));
  return json(200, { artists });
}

/** Up to 20 artists that share a genre. */
function related(artist: Artist, view: CatalogueView): readonly unknown[] {
  const akin = view.artists.filter((other) => other.id !== artist.id && other.genres.some((g) => artist.genres.includes(g)));
  return akin.slice(0, 20).map((other) => artistBody(other, false));
}

const forbidden = (): Reply => spotifyError(403, 'Forbidden');
