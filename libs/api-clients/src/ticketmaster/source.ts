import { defineSource } from '../kit/define-source.js';
import { list, one, valueAt } from '../kit/shape.js';
import { discoveryRules } from './rules.js';
import type { TicketmasterKinds, TicketmasterPaging } from './types.js';

/** The API's maximum. */
export const pageSize = 200;
/** Items of one search that can be paged through safely. */
export const searchCap = 1_000;
/** `totalElements` stops counting here. */
export const totalCap = 10_000;

/** The Ticketmaster Discovery API v2 (developer.ticketmaster.com/products-and-docs/apis/discovery-api/v2). */
export const ticketmaster = defineSource({
  name: 'ticketmaster',
  title: 'Ticketmaster',
  baseUrl: 'https://app.ticketmaster.com',
  auth: { kind: 'api-key', in: 'query', name: 'apikey' },
  // 5 calls a second and 5,000 a day for an API key. The gateway's spike arrest counts fractions of a second, so calls are spread evenly: no burst.
  rate: {
    windows: [
      { limit: 5, windowMs: 1_000 },
      { limit: 5_000, windowMs: 86_400_000 },
    ],
    pace: { perSecond: 5, burst: 1 },
  },
  failures: discoveryRules,
  settings: { baseUrl: 'API_TICKETMASTER_BASE_URL', credentials: ['API_TICKETMASTER_API_KEY'] },
  endpoints: {
    // Venues and attractions can't be sorted by id.
    events: search('events', 'id,asc'),
    venues: search('venues', 'name,asc'),
    attractions: search('attractions', 'name,asc'),
    event: byId('events'),
    venue: byId('venues'),
    attraction: byId('attractions'),
  },
});

type Kind = keyof TicketmasterKinds;

function search<K extends Kind>(kind: K, sort: string) {
  const expects = { 'page.totalElements': 'number', 'page.totalPages': 'number', 'page.number': 'number' } as const;
  return {
    path: `/discovery/v2/${kind}.json`,
    params: 'any',
    query: { sort },
    answer: list<TicketmasterKinds[K], { readonly page: TicketmasterPaging }>(`_embedded.${kind}`, {
      missing: 'empty',
      expects,
      isValid: (body) => hasItems(body, kind),
    }),
    paging: { kind: 'page', page: 'page', size: 'size', perPage: pageSize, first: 0, maxItems: searchCap, ends: { pages: 'page.totalPages' } },
  } as const;
}

function byId<K extends Kind>(kind: K) {
  const answer = one<TicketmasterKinds[K]>('', { expects: { id: 'string' } });
  return { path: `/discovery/v2/${kind}/{id}.json`, params: 'any', answer, absent: ['not-found'] } as const;
}

/** A page below `totalPages` that has no items is not an answer: taken as one it would lose 200 records. */
function hasItems(body: unknown, kind: Kind): boolean {
  const { page } = body as { page: TicketmasterPaging };
  const items = valueAt(body, `_embedded.${kind}`);
  return page.number >= page.totalPages || (Array.isArray(items) && items.length > 0);
}
