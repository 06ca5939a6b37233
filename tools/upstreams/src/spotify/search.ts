import { searchArtists } from '../catalogue/artist-query.js';
import { hash32 } from '../catalogue/random.js';
import type { Artist, CatalogueView } from '../catalogue/types.js';
import { json, type Call, type Reply } from '../server/exchange.js';
import type { SpotifyLimits } from '../types.js';
import { artistBody } from './bodies.js';
import { spotifyError } from './errors.js';

const types = ['album', 'artist', 'playlist', 'track', 'show', 'episode', 'audiobook'];
const defaultLimit = 5;

/** `GET /v1/search`: only artists exist here, the other types answer empty pages. */
export function search({ query, headers }: Call, view: CatalogueView, limits: SpotifyLimits): Reply {
  // Links between pages say `query`, which is understood as well.
  const q = query.get('q') ?? query.get('query') ?? '';
  if (q.trim() === '') return spotifyError(400, 'No search query');
  const asked = (query.get('type') ?? '').split(',').filter((t) => t !== '');
  if (asked.length === 0) return spotifyError(400, 'Missing parameter type');
  const wrong = asked.find((t) => !types.includes(t));
  if (wrong !== undefined) return spotifyError(400, `Bad search type field ${wrong}`);
  const limit = whole(query.get('limit'), Math.min(defaultLimit, limits.maxSearchLimit));
  if (limit === undefined || limit < 1 || limit > limits.maxSearchLimit) return spotifyError(400, 'Invalid limit');
  const offset = whole(query.get('offset'), 0);
  if (offset === undefined || offset + limit > limits.maxSearchItems) return spotifyError(400, 'Invalid offset');
  const paging = { q, limit, offset, types: asked.join(','), host: headers.host ?? 'api.spotify.com' };
  return json(200, Object.fromEntries(asked.map((type) => [`${type}s`, type === 'artist' ? artistPage(view, limits, paging) : emptyPage(paging)])));
}

interface Paging {
  readonly q: string;
  readonly types: string;
  readonly limit: number;
  readonly offset: number;
  /** Links between pages lead back to the server that was asked. */
  readonly host: string;
}

function artistPage(view: CatalogueView, limits: SpotifyLimits, paging: Paging): unknown {
  const results = withNulls(searchArtists(view.artists, paging.q), paging.q, limits.nullEvery);
  const { limit, offset } = paging;
  const items = results.slice(offset, offset + limit).map((artist) => artist && artistBody(artist, limits.developmentMode));
  return {
    href: href(paging, offset),
    items,
    limit,
    // `next` knows nothing of the cap on offsets.
    next: offset + limit < results.length ? href(paging, offset + limit) : null,
    offset,
    previous: offset > 0 ? href(paging, Math.max(0, offset - limit)) : null,
    total: drifting(results.length, paging),
  };
}

/** The total that a page claims differs a little from that of the next page. */
function drifting(total: number, { q, offset }: Paging): number {
  return total < 2 ? total : Math.max(1, total + (hash32('total', q, offset) % 7) - 3);
}

function withNulls(artists: readonly Artist[], q: string, every: number): readonly (Artist | null)[] {
  if (every < 1) return artists;
  const shift = hash32(q) % every;
  return artists.flatMap((artist, i) => ((i + shift) % every === every - 1 ? [null, artist] : [artist]));
}

function emptyPage(paging: Paging): unknown {
  return { href: href(paging, paging.offset), items: [], limit: paging.limit, next: null, offset: paging.offset, previous: null, total: 0 };
}

function href({ q, types: type, limit, host }: Paging, offset: number): string {
  return `http://${host}/v1/search?${new URLSearchParams({ offset: String(offset), limit: String(limit), query: q, type }).toString()}`;
}

function whole(text: string | null, otherwise: number): number | undefined {
  if (text === null) return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
