import { systemClock, type Clock } from '@loadin/pipeline';
import { createRetryBudget } from '@loadin/resilience';
import { RefusedError } from '../http/errors.js';
import { createCredentialInUse, type Credential } from '../http/credential.js';
import { createHttp } from '../http/http.js';
import { createRedactor } from '../http/redact.js';
import type { CallOptions, HttpLimits, QueryValue } from '../http/types.js';
import { lowered, type SourceRate } from '../rate/lowered.js';
import { createRate } from '../rate/rate.js';
import { discoveryRules } from './rules.js';
import type { TicketmasterKinds, TicketmasterPaging } from './types.js';

export interface TicketmasterClientOptions extends HttpLimits {
  /** `API_TICKETMASTER_API_KEY`, or where to get it from when it can change meanwhile. */
  readonly apiKey: string | Credential;
  /** `API_TICKETMASTER_BASE_URL`; the client adds `/discovery/v2/…`. Default `https://app.ticketmaster.com`. */
  readonly baseUrl?: string;
  /** Calls a minute (`API_RATE_LIMIT_REQUESTS`); lowers the source's own limits, never raises them. Default: the source's limits. */
  readonly rateLimitPerMinute?: number;
  /** Which translations count: the default `*` is all of them; without it, events that have no English text are left out. */
  readonly locale?: string;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Numbers in [0, 1) for the jitter of retries. Default `Math.random`. */
  readonly random?: () => number;
}

export type TicketmasterKind = keyof TicketmasterKinds;

/** Search parameters by the names of the API: `countryCode`, `startDateTime`, … */
export type TicketmasterQuery = Readonly<Record<string, QueryValue>>;

export interface TicketmasterPage<Item> {
  /** Empty when the answer has no `_embedded`. */
  readonly items: readonly (Item | null)[];
  readonly paging: TicketmasterPaging;
  readonly request: string;
}

export interface TicketmasterClient {
  /** One page of up to 200; `page` counts from 0 and can be at most 4: no call reaches more than 1,000 items of a search. */
  page<Kind extends TicketmasterKind>(
    kind: Kind,
    query: TicketmasterQuery,
    page: number,
    options?: CallOptions,
  ): Promise<TicketmasterPage<TicketmasterKinds[Kind]>>;
  /** The pages of a search, each asked for when the consumer wants it; ends at 1,000 items. `paging.totalElements` says whether that was all. */
  pages<Kind extends TicketmasterKind>(
    kind: Kind,
    query: TicketmasterQuery,
    options?: CallOptions,
  ): AsyncGenerator<TicketmasterPage<TicketmasterKinds[Kind]>>;
  /** One event, venue or attraction; `null` when there is none with this id. */
  byId<Kind extends TicketmasterKind>(kind: Kind, id: string, options?: CallOptions): Promise<TicketmasterKinds[Kind] | null>;
  close(): void;
}

/** The API's maximum. */
export const pageSize = 200;
/** Items of one search that can be paged through safely. */
export const searchCap = 1_000;
/** `totalElements` stops counting here. */
export const totalCap = 10_000;

/**
 * 5 calls a second and 5,000 a day for an API key. The gateway's spike arrest counts fractions of a second, so calls are spread evenly:
 * no burst.
 */
const discoveryRate: SourceRate = {
  windows: [
    { limit: 5, windowMs: 1_000 },
    { limit: 5_000, windowMs: 86_400_000 },
  ],
  pace: { perSecond: 5, burst: 1 },
};

/** Venues and attractions can't be sorted by id. */
const sorts: Record<TicketmasterKind, string> = { events: 'id,asc', venues: 'name,asc', attractions: 'name,asc' };
const singular: Record<TicketmasterKind, string> = { events: 'event', venues: 'venue', attractions: 'attraction' };

export function createTicketmasterClient(options: TicketmasterClientOptions): TicketmasterClient {
  const {
    apiKey,
    baseUrl = 'https://app.ticketmaster.com',
    rateLimitPerMinute,
    locale = '*',
    clock = systemClock,
    random = Math.random,
    retryBudget = createRetryBudget(),
    ...limits
  } = options;
  const redactor = createRedactor();
  const http = createHttp({
    ...limits,
    service: 'Ticketmaster',
    baseUrl,
    rules: discoveryRules,
    settings: { baseUrl: 'API_TICKETMASTER_BASE_URL', credentials: ['API_TICKETMASTER_API_KEY'] },
    auth: { kind: 'query', name: 'apikey', value: createCredentialInUse(apiKey, redactor) },
    rate: createRate({ service: 'Ticketmaster', ...lowered(discoveryRate, rateLimitPerMinute), maxInFlight: 4, clock }),
    redactor,
    clock,
    random,
    retryBudget,
  });

  const page: TicketmasterClient['page'] = async <Kind extends TicketmasterKind>(
    kind: Kind,
    query: TicketmasterQuery,
    number: number,
    callOptions?: CallOptions,
  ) => {
    if ((number + 1) * pageSize > searchCap) throw new RangeError(`page ${number} is beyond the ${searchCap} items that a search gives`);
    const ask = { ...query, locale, sort: query['sort'] ?? sorts[kind], size: pageSize, page: number };
    const { body, request } = await http.request({
      endpoint: kind,
      path: `/discovery/v2/${kind}.json`,
      query: ask,
      isValid: (answer) => isPage(answer, kind),
      ...callOptions,
    });
    const answer = body as Answer;
    return { items: (answer._embedded?.[kind] ?? []) as (TicketmasterKinds[Kind] | null)[], paging: answer.page, request };
  };

  return {
    page,
    async *pages(kind, query, callOptions) {
      for (let number = 0; number * pageSize < searchCap; number += 1) {
        const answer = await page(kind, query, number, callOptions);
        yield answer;
        if (number + 1 >= answer.paging.totalPages || answer.items.length === 0) return;
      }
    },
    async byId<Kind extends TicketmasterKind>(kind: Kind, id: string, callOptions?: CallOptions): Promise<TicketmasterKinds[Kind] | null> {
      try {
        const path = `/discovery/v2/${kind}/${encodeURIComponent(id)}.json`;
        const { body } = await http.request({ endpoint: singular[kind], path, query: { locale }, isValid: hasId, ...callOptions });
        return body as TicketmasterKinds[Kind];
      } catch (error) {
        if (error instanceof RefusedError && error.code === 'not-found') return null;
        throw error;
      }
    },
    close: () => http.close(),
  };
}

interface Answer {
  readonly _embedded?: Readonly<Record<string, readonly unknown[]>>;
  readonly page: TicketmasterPaging;
}

/** A page below `totalPages` that has no items is not an answer: taken as one it would lose 200 records. */
function isPage(body: unknown, kind: TicketmasterKind): boolean {
  const { page, _embedded } = (body ?? {}) as { page?: Partial<TicketmasterPaging>; _embedded?: Record<string, unknown> };
  if (typeof page?.totalElements !== 'number' || typeof page.totalPages !== 'number' || typeof page.number !== 'number') return false;
  const items = _embedded?.[kind] ?? [];
  return Array.isArray(items) && (items.length > 0 || page.number >= page.totalPages);
}

const hasId = (body: unknown): boolean => typeof body === 'object' && body !== null && typeof (body as { id?: unknown }).id === 'string';
