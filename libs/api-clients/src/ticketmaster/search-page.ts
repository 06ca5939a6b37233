import type { Json } from '@loadin/pipeline';
import type { SearchPage } from '../kit/windows/types.js';
import type { TicketmasterClient, TicketmasterKind } from './client.js';

/** A search of the client, as windows ask for it. */
export const searchPage =
  (client: TicketmasterClient, kind: TicketmasterKind): SearchPage =>
  async (query, page, options) => {
    const { items, paging, request } = await client.page(kind, query, page, options);
    return { records: items as unknown as readonly Json[], total: paging.totalElements, request };
  };
