import type { CatalogueView } from '../catalogue/types.js';
import { json, type Call, type Reply } from '../server/exchange.js';
import { createRateWindow } from '../server/rate-window.js';
import type { TicketmasterLimits } from '../types.js';
import { attractionBody, eventBody, localeFor, venueBody } from './bodies.js';
import { ofCountry } from './by-country.js';
import { ofWindow } from './by-time.js';
import { discoveryError, invalidApikey, missingApikey, notFound, quotaViolation, spikeArrest } from './errors.js';
import { attractionFilters, eventFilters, knownParameters, venueFilters, type Filter } from './filters.js';
import { isReply, pageOf, pagingOf, sortsOf, type Listing } from './paging.js';
import { createQuota } from './quota.js';
import { rendered } from './rendered.js';

export interface DiscoveryOptions {
  readonly apikey: string;
  readonly limits: TicketmasterLimits;
  readonly view: () => CatalogueView;
}

export interface DiscoveryApi {
  answer(call: Call): Reply;
  /** `Rate-Limit…` as of now, for answers that come from a fault. */
  rateHeaders(now: number): Readonly<Record<string, string>>;
  /** Forgets the day's calls and the last second's. */
  reset(): void;
}

export function createDiscoveryApi(options: DiscoveryOptions): DiscoveryApi {
  const { apikey, limits } = options;
  const second = createRateWindow();
  const quota = createQuota(limits);
  return {
    answer(call) {
      // Only the query counts: the gateway looks for the key nowhere else.
      const key = call.query.get('apikey');
      if (key === null || key === '') return missingApikey();
      if (key !== apikey) return invalidApikey();
      if (!second.take(call.at, limits.perSecond, limits.secondMs).ok) return spikeArrest(limits.perSecond);
      if (quota.take(call.at).over > 0) return quotaViolation(key, quota.headers(call.at));
      const reply = route(call, options);
      return reply.status === 200 ? { ...reply, headers: { ...reply.headers, ...quota.headers(call.at) } } : reply;
    },
    rateHeaders: quota.headers,
    reset() {
      second.reset();
      quota.reset();
    },
  };
}

function route(call: Call, options: DiscoveryOptions): Reply {
  if (call.method !== 'GET') return discoveryError('DIS1000', 'Method not allowed', 405);
  const [, kind = '', rest] = /^\/discovery\/v2\/(events|venues|attractions)(?:\.json|\/([^/]+?)(?:\.json)?)?$/.exec(call.path) ?? [];
  if (kind === '') return discoveryError('DIS1000', 'Resource not found', 404);
  return rest === undefined ? list(call, kind, options) : one(call, kind, rest, options.view());
}

function one({ query }: Call, kind: string, id: string, view: CatalogueView): Reply {
  const locale = query.get('locale');
  const body = (): unknown => {
    if (kind === 'events') return mapped(view.eventById.get(id), (e) => eventBody(e, view, locale));
    if (kind === 'venues') return mapped(view.venueById.get(id), (v) => venueBody(v, locale));
    return mapped(view.attractionById.get(id), (a) => attractionBody(a, locale));
  };
  const found = body();
  return found === undefined ? notFound(localeFor(locale), id) : json(200, found, halHeaders);
}

function list(call: Call, kind: string, { limits, view: viewNow }: DiscoveryOptions): Reply {
  const view = viewNow();
  const locale = call.query.get('locale');
  const render = <T extends { readonly id: string }>(
    items: readonly T[],
    filters: readonly Filter<T>[] | Reply,
    listing: Omit<Listing<T>, 'name'>,
  ): Reply => {
    const paging = pagingOf(call, limits, sortsOf(kind));
    if (isReply(paging)) return paging;
    if (!isList(filters)) return filters;
    const found = items.filter((item) => filters.every((keeps) => keeps(item)));
    const reply = pageOf(call, found, paging, { name: kind, ...listing }, limits);
    return { ...reply, headers: { ...reply.headers, ...halHeaders, ...unknownParameters(call, kind) } };
  };
  const text = (id: string, body: () => unknown): string => rendered(view, kind, id, locale, body);
  if (kind === 'venues')
    return render(ofCountry(view.venues, call.query), venueFilters(call.query), {
      nameOf: (v) => v.name ?? '',
      render: (v) => text(v.id, () => venueBody(v, locale)),
    });
  if (kind === 'attractions')
    return render(view.attractions, attractionFilters(call.query), {
      nameOf: (a) => a.name,
      render: (a) => text(a.id, () => attractionBody(a, locale)),
    });
  return render(ofWindow(ofCountry(view.events, call.query), call.query), eventFilters(call.query, view), {
    nameOf: (e) => e.name,
    dateOf: (e) => e.at ?? Infinity,
    render: (e) => text(e.id, () => eventBody(e, view, locale)),
  });
}

const halHeaders = { 'content-type': 'application/hal+json;charset=utf-8' };

/** Parameters that mean nothing here, such as `city` for venues, are named and otherwise ignored. */
function unknownParameters({ query }: Call, kind: string): Readonly<Record<string, string>> {
  const unknown = [...new Set(query.keys())].filter((name) => !knownParameters[kind]?.has(name));
  return unknown.length > 0 ? { 'x-unknown-params': unknown.map((name) => encodeURIComponent(name)).join(',') } : {};
}

function isList<T>(value: readonly T[] | Reply): value is readonly T[] {
  return Array.isArray(value);
}

function mapped<T>(item: T | undefined, render: (item: T) => unknown): unknown {
  return item === undefined ? undefined : render(item);
}
