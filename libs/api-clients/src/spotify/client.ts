import type { Clock } from '@loadin/pipeline';
import type { Credential } from '../http/credential.js';
import { RefusedError } from '../http/errors.js';
import type { CallOptions, HttpLimits } from '../http/types.js';
import type { SharedQuota } from '../rate/quota-types.js';
import type { Capability } from './capabilities.js';
import { maxLimit, spotify } from './source.js';
import type { SpotifyArtist, SpotifyTrack } from './types.js';

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
  /** Runs that are given the same store share one budget of calls. Default: this process counts alone. */
  readonly quota?: SharedQuota;
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
  /**
   * Up to ten tracks, in `market` (ISO 3166-1: `SE`; default: what the service takes). `null`: this app doesn't get them (see `capabilities`), or the
   * artist is unknown.
   */
  topTracks(id: string, options?: CallOptions & { readonly market?: string }): Promise<SpotifyAnswer<readonly (SpotifyTrack | null)[] | null>>;
  /** `null`: this app doesn't get them (see `capabilities`), or the artist is unknown. */
  relatedArtists(id: string, options?: CallOptions): Promise<SpotifyAnswer<readonly (SpotifyArtist | null)[] | null>>;
  /** What these credentials turned out not to give, found out at the first refusal and not asked for again. */
  readonly capabilities: readonly Capability[];
  /** Gives back what it holds of a shared quota, and closes idle connections. Never rejects. */
  close(): Promise<void>;
}

const maxIds = 50;

export function createSpotifyClient({ accountsUrl, ...options }: SpotifyClientOptions): SpotifyClient {
  const client = spotify.connect({ ...options, tokenUrl: accountsUrl });
  let limit = maxLimit;

  const searchArtistsPage: SpotifyClient['searchArtistsPage'] = async (query, offset, callOptions) => {
    for (;;) {
      const size = limit;
      try {
        const { items, next, request } = await client.page('search', { q: query }, { ...callOptions, at: offset, size });
        return { artists: items, nextOffset: next as number | null, request };
      } catch (error) {
        if (!(error instanceof RefusedError) || error.code !== 'invalid-limit' || size <= 1) throw error;
        limit = Math.min(limit, Math.floor(size / 2)); // remembered: every later search asks for less
      }
    }
  };

  const artist: SpotifyClient['artist'] = (id, callOptions) => client.get('artist', { id }, callOptions);

  const oneByOne = async (ids: readonly string[], callOptions?: CallOptions): Promise<SpotifyAnswer<(SpotifyArtist | null)[]>> => {
    const value: (SpotifyArtist | null)[] = [];
    for (const id of ids) value.push((await artist(id, callOptions)).value);
    return { value, request: ids.length === 1 ? `GET /v1/artists/${ids[0]}` : `GET /v1/artists/{id}, each of ${ids.join(',')}` };
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
    async artists(ids, callOptions) {
      if (ids.length > maxIds) throw new RangeError(`at most ${maxIds} ids, not ${ids.length}`);
      if (ids.length < 2) return oneByOne(ids, callOptions);
      const { value, request } = await client.get('several-artists', { ids: ids.join(',') }, callOptions);
      // Which of the ids a shorter list leaves out, it doesn't say.
      return value?.length === ids.length ? { value, request } : oneByOne(ids, callOptions);
    },
    topTracks: (id, { market, ...callOptions } = {}) => client.get('top-tracks', { id, market }, callOptions),
    relatedArtists: (id, callOptions) => client.get('related-artists', { id }, callOptions),
    get capabilities() {
      return client.capabilities as readonly Capability[];
    },
    close: () => client.close(),
  };
}
