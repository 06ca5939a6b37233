import type { Clock } from '@loadin/pipeline';
import type { Credential } from '../http/credential.js';
import type { CallOptions, HttpLimits, QueryValue } from '../http/types.js';
import type { SharedQuota } from '../rate/quota-types.js';
import { ticketmaster } from './source.js';
import type { TicketmasterKinds, TicketmasterPaging } from './types.js';

export { pageSize, searchCap, totalCap } from './source.js';

export interface TicketmasterClientOptions extends HttpLimits {
  /** `API_TICKETMASTER_API_KEY`, or where to get it from when it can change meanwhile. */
  readonly apiKey: string | Credential;
  /** `API_TICKETMASTER_BASE_URL`; the client adds `/discovery/v2/…`. Default `https://app.ticketmaster.com`. */
  readonly baseUrl?: string;
  /** Calls a minute (`API_RATE_LIMIT_REQUESTS`); lowers the source's own limits, never raises them. Default: the source's limits. */
  readonly rateLimitPerMinute?: number;
  /** Runs that are given the same store share one budget of calls. Default: this process counts alone. */
  readonly quota?: SharedQuota;
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
  /** Gives back what it holds of a shared quota, and closes idle connections. Never rejects. */
  close(): Promise<void>;
}

const singular = { events: 'event', venues: 'venue', attractions: 'attraction' } as const;

export function createTicketmasterClient({ locale = '*', ...options }: TicketmasterClientOptions): TicketmasterClient {
  const client = ticketmaster.connect(options);

  const pageAt = async <Kind extends TicketmasterKind>(kind: Kind, query: TicketmasterQuery, at: number, callOptions?: CallOptions) => {
    const found = await client.page(kind as TicketmasterKind, { ...query, locale }, { ...callOptions, at });
    const items = found.items as readonly (TicketmasterKinds[Kind] | null)[];
    return { page: { items, paging: found.body.page, request: found.request }, next: found.next as number | null };
  };

  return {
    page: async (kind, query, number, callOptions) => (await pageAt(kind, query, number, callOptions)).page,
    async *pages<Kind extends TicketmasterKind>(kind: Kind, query: TicketmasterQuery, callOptions?: CallOptions) {
      for (let at: number | null = 0; at !== null;) {
        const { page, next }: Awaited<ReturnType<typeof pageAt<Kind>>> = await pageAt(kind, query, at, callOptions);
        yield page;
        at = next;
      }
    },
    async byId<Kind extends TicketmasterKind>(kind: Kind, id: string, callOptions?: CallOptions) {
      const { value } = await client.get(singular[kind as TicketmasterKind], { id, locale }, callOptions);
      return value as TicketmasterKinds[Kind] | null;
    },
    close: () => client.close(),
  };
}
