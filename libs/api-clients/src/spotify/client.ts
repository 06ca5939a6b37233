import { systemClock, type Clock } from '@loadin/pipeline';
import { createRetryBudget } from '@loadin/resilience';
import { RefusedError } from '../http/errors.js';
import { createCredentialInUse, type Credential } from '../http/credential.js';
import { createHttp } from '../http/http.js';
import { createRedactor } from '../http/redact.js';
import type { CallOptions, Http, HttpLimits } from '../http/types.js';
import { lowered, type SourceRate } from '../rate/lowered.js';
import { createRate } from '../rate/rate.js';
import { createCapabilities, type Capability } from './capabilities.js';
import { accountsRules, dataRules } from './rules.js';
import { createTokenSource } from './token.js';
import type { SpotifyArtist, SpotifyPaging, SpotifyTrack } from './types.js';

export interface SpotifyClientOptions extends HttpLimits {
  /** `API_SPOTIFY_CLIENT_ID`, or where to get it from when it can change meanwhile. */
  readonly clientId: string | Credential;
  /** `API_SPOTIFY_CLIENT_SECRET`, or where to get it from when it can change meanwhile. */
  readonly clientSecret: string | Credential;
  /** `API_SPOTIFY_BASE_URL`; the client adds `/v1/…`. Default `https://api.spotify.com`. */
  readonly baseUrl?: string;
  /** `API_SPOTIFY_ACCOUNTS_URL`; the client adds `/api/token`. Default `https://accounts.spotify.com`. */
  readonly accountsUrl?: string;
  /** Calls a minute (`API_RATE_LIMIT_REQUESTS`); lowers the source's own limit, never raises it. Default: the source's limit. */
  readonly rateLimitPerMinute?: number;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Numbers in [0, 1) for the jitter of retries. Default `Math.random`. */
  readonly random?: () => number;
}

export interface SpotifySearchPage {
  readonly artists: readonly (SpotifyArtist | null)[];
  /** The offset of the next page; `null` when this was the last one that can be read. */
  readonly nextOffset: number | null;
  readonly request: string;
}

export interface SpotifyAnswer<T> {
  readonly value: T;
  readonly request: string;
}

export interface SpotifyClient {
  /** One page of an artist search from `offset` on. */
  searchArtistsPage(query: string, offset: number, options?: CallOptions): Promise<SpotifySearchPage>;
  /** The pages of an artist search; a page is asked for when the consumer wants it. At most 1,000 entries can be read. */
  searchArtists(query: string, options?: CallOptions): AsyncGenerator<SpotifySearchPage>;
  /** `null`: there is no artist with this id. */
  artist(id: string, options?: CallOptions): Promise<SpotifyAnswer<SpotifyArtist | null>>;
  /** Up to 50 artists, in the order of the ids, `null` for an unknown id; one by one for apps that may not ask for several. */
  artists(ids: readonly string[], options?: CallOptions): Promise<SpotifyAnswer<readonly (SpotifyArtist | null)[]>>;
  /** `null`: this app doesn't get them (see `capabilities`), or the artist is unknown. */
  topTracks(id: string, options?: CallOptions): Promise<SpotifyAnswer<readonly (SpotifyTrack | null)[] | null>>;
  /** `null`: this app doesn't get them (see `capabilities`), or the artist is unknown. */
  relatedArtists(id: string, options?: CallOptions): Promise<SpotifyAnswer<readonly (SpotifyArtist | null)[] | null>>;
  /** What these credentials turned out not to give, found out at the first refusal and not asked for again. */
  readonly capabilities: readonly Capability[];
  close(): void;
}

/** The service's maximum since 2026; it was 50 before. */
const maxLimit = 10;
/** `offset + limit` above this is refused, although `next` still points there. */
const maxItems = 1_000;
const maxIds = 50;

/**
 * Spotify counts calls in a rolling window of 30 s and does not publish the limit; client authors observe about 180 for an app in
 * development mode. 170 leaves room for a call that somebody makes by hand with the same app.
 */
const spotifyRate: SourceRate = { windows: [{ limit: 170, windowMs: 30_000 }], pace: { perSecond: 170 / 30, burst: 20 } };

export function createSpotifyClient(options: SpotifyClientOptions): SpotifyClient {
  const http = createSpotifyHttp(options);
  const capabilities = createCapabilities();
  let limit = maxLimit;

  const searchArtistsPage: SpotifyClient['searchArtistsPage'] = async (query, offset, callOptions) => {
    for (;;) {
      const size = Math.min(limit, maxItems - offset);
      try {
        const ask = { q: query, type: 'artist', limit: size, offset };
        const { body, request } = await http.data.request({
          endpoint: 'search',
          path: '/v1/search',
          query: ask,
          isValid: isSearchPage,
          ...callOptions,
        });
        const { items, next } = (body as { artists: SpotifyPaging<SpotifyArtist> }).artists;
        const nextOffset = offset + size;
        const ended = typeof next !== 'string' || items.length === 0 || nextOffset >= maxItems;
        return { artists: items, nextOffset: ended ? null : nextOffset, request };
      } catch (error) {
        if (!isRefusal(error, 'invalid-limit') || size <= 1) throw error;
        limit = Math.floor(size / 2); // remembered: every later search asks for less
      }
    }
  };

  const artist: SpotifyClient['artist'] = async (id, callOptions) => {
    const path = `/v1/artists/${encodeURIComponent(id)}`;
    return absentAsNull(
      `GET ${path}`,
      http.data.request({ endpoint: 'artist', path, isValid: hasId, ...callOptions }),
      (body) => body as SpotifyArtist,
    );
  };

  const oneByOne = async (ids: readonly string[], callOptions?: CallOptions): Promise<SpotifyAnswer<(SpotifyArtist | null)[]>> => {
    const value: (SpotifyArtist | null)[] = [];
    for (const id of ids) value.push((await artist(id, callOptions)).value);
    return { value, request: ids.length === 1 ? `GET /v1/artists/${ids[0]}` : `GET /v1/artists/{id}, each of ${ids.join(',')}` };
  };

  const artists: SpotifyClient['artists'] = async (ids, callOptions) => {
    if (ids.length > maxIds) throw new RangeError(`at most ${maxIds} ids, not ${ids.length}`);
    if (ids.length < 2 || capabilities.lacks('several-artists')) return oneByOne(ids, callOptions);
    try {
      const answer = await http.data.request({
        endpoint: 'artists',
        path: '/v1/artists',
        query: { ids: ids.join(',') },
        isValid: isArtistList,
        ...callOptions,
      });
      return { value: (answer.body as { artists: (SpotifyArtist | null)[] }).artists, request: answer.request };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      // One malformed id spoils the whole batch; that says nothing about the app.
      if (error.code !== 'invalid-id') capabilities.withheld('several-artists', error.status);
      return oneByOne(ids, callOptions);
    }
  };

  const extra = async <T>(
    name: 'top-tracks' | 'related-artists',
    id: string,
    list: 'tracks' | 'artists',
    callOptions?: CallOptions,
  ): Promise<SpotifyAnswer<T[] | null>> => {
    const path = `/v1/artists/${encodeURIComponent(id)}/${name}`;
    const request = `GET ${path}`;
    if (capabilities.lacks(name)) return { value: null, request };
    try {
      const { body } = await http.data.request({ endpoint: name, path, isValid: (answer) => Array.isArray(field(answer, list)), ...callOptions });
      capabilities.works(name);
      return { value: field(body, list) as T[], request };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      // Withheld endpoints answer 403 or 404. Once an endpoint has worked, a 404 is about this artist.
      if (error.code !== 'invalid-id' && !(error.status === 404 && capabilities.hasWorked(name))) capabilities.withheld(name, error.status);
      return { value: null, request };
    }
  };

  return {
    searchArtistsPage,
    async *searchArtists(query, callOptions) {
      for (let offset: number | null = 0; offset !== null;) {
        const page: SpotifySearchPage = await searchArtistsPage(query, offset, callOptions);
        yield page;
        offset = page.nextOffset;
      }
    },
    artist,
    artists,
    topTracks: (id, callOptions) => extra<SpotifyTrack | null>('top-tracks', id, 'tracks', callOptions),
    relatedArtists: (id, callOptions) => extra<SpotifyArtist | null>('related-artists', id, 'artists', callOptions),
    get capabilities() {
      return capabilities.list();
    },
    close: () => http.close(),
  };
}

function createSpotifyHttp(options: SpotifyClientOptions): { data: Http; close(): void } {
  const {
    clientId,
    clientSecret,
    baseUrl = 'https://api.spotify.com',
    accountsUrl = 'https://accounts.spotify.com',
    rateLimitPerMinute,
    clock = systemClock,
    random = Math.random,
    retryBudget = createRetryBudget(),
    ...limits
  } = options;
  const redactor = createRedactor();
  const idRedactor = typeof clientId === 'string' ? undefined : redactor; // an id is no secret, unless it is kept like one
  const credentials = ['API_SPOTIFY_CLIENT_ID', 'API_SPOTIFY_CLIENT_SECRET'];
  const rate = createRate({ service: 'Spotify', ...lowered(spotifyRate, rateLimitPerMinute), maxInFlight: 10, clock });
  const accountsRate = createRate({
    service: 'Spotify accounts',
    windows: [{ limit: 30, windowMs: 30_000 }],
    pace: { perSecond: 1, burst: 5 },
    maxInFlight: 1,
    clock,
  });
  const common = { ...limits, redactor, clock, random, retryBudget };
  const accounts = createHttp({
    ...common,
    service: 'Spotify accounts',
    baseUrl: accountsUrl,
    rules: accountsRules,
    settings: { baseUrl: 'API_SPOTIFY_ACCOUNTS_URL', credentials },
    auth: { kind: 'basic', user: createCredentialInUse(clientId, idRedactor), password: createCredentialInUse(clientSecret, redactor) },
    rate: accountsRate,
  });
  const tokens = createTokenSource({ accounts, redactor, clock });
  const data = createHttp({
    ...common,
    service: 'Spotify',
    baseUrl,
    rules: dataRules,
    settings: { baseUrl: 'API_SPOTIFY_BASE_URL', credentials },
    auth: { kind: 'bearer', tokens },
    rate,
  });
  return {
    data,
    close: () => {
      accounts.close();
      data.close();
    },
  };
}

async function absentAsNull<T>(request: string, asked: Promise<{ body: unknown }>, as: (body: unknown) => T): Promise<SpotifyAnswer<T | null>> {
  try {
    return { value: as((await asked).body), request };
  } catch (error) {
    if (isRefusal(error, 'not-found') || isRefusal(error, 'invalid-id')) return { value: null, request };
    throw error;
  }
}

const isRefusal = (error: unknown, code: string): boolean => error instanceof RefusedError && error.code === code;
const field = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
const hasId = (body: unknown): boolean => typeof field(body, 'id') === 'string';
const isArtistList = (body: unknown): boolean => Array.isArray(field(body, 'artists'));
const isSearchPage = (body: unknown): boolean => Array.isArray(field(field(body, 'artists'), 'items'));
