import { hash32 } from '../catalogue/random.js';
import { json, type Call, type Reply } from '../server/exchange.js';
import type { TicketmasterLimits } from '../types.js';
import { badParameter, badSize, badSort, tooDeep } from './errors.js';

/** How one kind of thing is paged and sorted. */
export interface Listing<T extends { readonly id: string }> {
  /** `events`, `venues`, `attractions`: the path and the name in `_embedded`. */
  readonly name: string;
  readonly nameOf: (item: T) => string;
  /** Events have one; undated ones come last. */
  readonly dateOf?: (item: T) => number;
  /** As JSON. */
  readonly render: (item: T) => string;
}

export interface Paging {
  readonly page: number;
  readonly size: number;
  readonly sort: string;
}

const defaultSize = 20;

/** What the call asks for, or the refusal: pages count from 0, and only so deep. */
export function pagingOf({ query }: Call, limits: TicketmasterLimits, sorts: readonly string[]): Paging | Reply {
  const size = whole(query.get('size'), defaultSize);
  if (size === undefined || size < 1) return badParameter('size', 'a number of 1 or more');
  if (size > limits.maxSize) return badSize(limits.maxSize);
  const page = whole(query.get('page'), 0);
  if (page === undefined) return badParameter('page', 'a number of 0 or more');
  const served = (page + 1) * size <= limits.maxItems || page * size < limits.maxItems + limits.leeway;
  if (!served) return tooDeep(limits.maxItems);
  const sort = query.get('sort') || 'relevance,desc';
  return sorts.includes(sort) ? { page, size, sort } : badSort(sorts);
}

export function isReply(value: Paging | Reply): value is Reply {
  return 'status' in value;
}

export function sortsOf(name: string): readonly string[] {
  const fields = name === 'events' ? ['id', 'date', 'name', 'relevance'] : ['id', 'name', 'relevance'];
  return fields.flatMap((field) => [field, `${field},asc`, `${field},desc`]);
}

/** A HAL page: without `_embedded` when it is empty; links are relative and lack the apikey; without a sort in the call they are templated. */
export function pageOf<T extends { readonly id: string }>(
  call: Call,
  found: readonly T[],
  paging: Paging,
  listing: Listing<T>,
  limits: TicketmasterLimits,
): Reply {
  const { page, size } = paging;
  const totalElements = Math.min(found.length, limits.maxTotalElements);
  const totalPages = Math.ceil(totalElements / size);
  const items = sorted(found, paging.sort, listing).slice(page * size, (page + 1) * size);
  const reply = json(200, { _links: linksOf(call, paging, totalPages), page: { size, totalElements, totalPages, number: page } });
  if (items.length === 0) return reply;
  const embedded = `"_embedded":{"${listing.name}":[${items.map(listing.render).join()}]}`;
  return { ...reply, body: reply.body.replace(/,"page":\{[^}]*\}\}$/, (end) => `,${embedded}${end}`) };
}

function sorted<T extends { readonly id: string }>(items: readonly T[], sort: string, listing: Listing<T>): readonly T[] {
  const [field, direction = field === 'relevance' ? 'desc' : 'asc'] = sort.split(',');
  const keyOf = (item: T): string | number => {
    if (field === 'name') return listing.nameOf(item);
    if (field === 'date') return listing.dateOf?.(item) ?? 0;
    return field === 'relevance' ? hash32(item.id) : item.id;
  };
  // As the catalogue has them.
  if (field === 'id' && direction === 'asc') return items;
  const sign = direction === 'desc' ? -1 : 1;
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  // Equal keys are told apart by id, so that the order is the same on every page.
  return keyed.sort((a, b) => sign * compare(a.key, b.key) || compare(a.item.id, b.item.id)).map(({ item }) => item);
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function linksOf(call: Call, { page, size }: Paging, totalPages: number): unknown {
  const link = (number: number): unknown => {
    const query = new URLSearchParams(call.query);
    query.delete('apikey');
    query.set('page', String(number));
    query.set('size', String(size));
    const href = `${call.path}?${query.toString()}`;
    return query.has('sort') ? { href } : { href: `${href}{&sort}`, templated: true };
  };
  if (totalPages === 0) return { self: { href: `${call.path}?size=${size}` } };
  return {
    first: link(0),
    ...(page > 0 ? { prev: link(page - 1) } : {}),
    self: link(page),
    ...(page + 1 < totalPages ? { next: link(page + 1) } : {}),
    last: link(totalPages - 1),
  };
}

function whole(text: string | null, otherwise: number): number | undefined {
  if (text === null || text === '') return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
