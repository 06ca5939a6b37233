import { random, type Random } from '../catalogue/random.js';
import { isBehindGateway, type Call } from './exchange.js';
import type { FaultEffect } from './faults.js';
import { targetOf } from './request-log.js';

/** What a storm can do to a call. All of it passes: the same call, made again, may be answered well. */
export const stormKinds = [
  /** 500, 503 or 504 in the API's own shape. */
  'serverError',
  /** 502 with a page of HTML that repeats the request, credentials included. */
  'badGateway',
  /** 429 with a short `Retry-After`: plain text from Spotify, `SpikeArrestViolation` from Ticketmaster. */
  'tooManyRequests',
  /** The same without `Retry-After`. */
  'spikeArrest',
  /** 429 with a `Retry-After` of more than anybody waits. */
  'longRetryAfter',
  /** `QUOTA_EXCEEDED` and `QuotaViolation`. */
  'quotaExceeded',
  'drop',
  'hang',
  'truncatedBody',
  'malformedJson',
  'emptyBody',
  'latency',
  /** Spotify data: the presented token ends, if it has brought a good answer before. */
  'tokenExpired',
  /** Spotify search: from now on fewer results may be asked for at once. */
  'searchLimit',
  /** The total that a list announces is wrong. Ticketmaster's only upwards, and only when a list is asked for the first time. */
  'drift',
  /** A null among the entries of a list. */
  'nulls',
  /** The answer repeats the credential that it was asked with, in its entries too. */
  'echo',
] as const;

export type StormKind = (typeof stormKinds)[number];

export interface StormOptions {
  /** What happens to the n-th time that a call is made follows from this, the call and n alone: in whatever order calls arrive, a seed repeats its storm. */
  readonly seed: number;
  /** Shares of the calls, 0 to 1, together at most 1. What can't happen to a call (an expired token to Ticketmaster) leaves it alone. */
  readonly rates: Readonly<Partial<Record<StormKind, number>>>;
  /** The longest `latency`, in milliseconds. Default 20. */
  readonly latencyMs?: number;
  /** The longest `Retry-After` of `tooManyRequests`, in seconds. Default 5. */
  readonly retryAfterSeconds?: number;
  /** `Retry-After` of `longRetryAfter`, in seconds. Default 13,749: it has been seen. */
  readonly longRetryAfterSeconds?: number;
}

export interface StormReport extends StormOptions {
  readonly id: string;
  /** Calls that were hit, by kind. */
  readonly struck: Readonly<Partial<Record<StormKind, number>>>;
}

export interface Storm {
  readonly id: string;
  /** `isProven`: whether the token that the call presents has brought a good answer. */
  strike(call: Call, isProven: (call: Call) => boolean): FaultEffect | undefined;
  report(): StormReport;
}

/** Throws a `RangeError` that says what is wrong with the options. */
export function createStorm(id: string, options: StormOptions): Storm {
  check(options);
  const times = new Map<string, number>();
  const struck: Partial<Record<StormKind, number>> = {};
  return {
    id,
    strike(call, isProven) {
      const target = `${call.api} ${call.method} ${targetOf(call)}`;
      const nth = (times.get(target) ?? 0) + 1;
      times.set(target, nth);
      const dice = random('storm', options.seed, target, nth);
      const kind = kindOf(options.rates, dice.next());
      const effect = kind && effectOf(kind, call, { nth, dice, options, isProven });
      if (kind && effect) struck[kind] = (struck[kind] ?? 0) + 1;
      return effect;
    },
    report: () => ({ ...options, id, struck: { ...struck } }),
  };
}

function kindOf(rates: StormOptions['rates'], chance: number): StormKind | undefined {
  let below = 0;
  return stormKinds.find((kind) => chance < (below += rates[kind] ?? 0));
}

interface Strike {
  readonly nth: number;
  readonly dice: Random;
  readonly options: StormOptions;
  readonly isProven: (call: Call) => boolean;
}

/** Asking for fewer than this at once would be a day's work for a large search. */
const smallestSearch = 4;

function effectOf(kind: StormKind, call: Call, { nth, dice, options, isProven }: Strike): FaultEffect | undefined {
  const { latencyMs = 20, retryAfterSeconds = 5, longRetryAfterSeconds = 13_749 } = options;
  switch (kind) {
    case 'serverError':
      return { kind: 'status', status: dice.pick([500, 503, 504]) };
    case 'badGateway':
      return { kind: 'status', status: 502, body: gatewayPage(call), headers: { 'content-type': 'text/html' } };
    case 'tooManyRequests':
      return { kind: 'retryAfter', seconds: dice.between(1, retryAfterSeconds) };
    case 'spikeArrest':
      return {
        kind: 'status',
        status: 429,
        ...spikeArrestOf(call),
      };
    case 'longRetryAfter':
      return { kind: 'retryAfter', seconds: longRetryAfterSeconds };
    case 'quotaExceeded':
      return call.api === 'accounts' ? undefined : { kind };
    case 'latency':
      return { kind, ms: dice.between(1, latencyMs) };
    case 'tokenExpired':
      return call.api === 'spotify' && isProven(call) ? { kind } : undefined;
    case 'searchLimit': {
      const asked = Number(call.query.get('limit'));
      return call.path === '/v1/search' && asked > smallestSearch ? { kind, limit: dice.between(smallestSearch, asked - 1) } : undefined;
    }
    case 'drift':
      if (isBehindGateway(call.api)) return undefined; // these announce no total
      if (call.api === 'ticketmaster') return nth === 1 ? { kind, by: dice.between(1, 3) } : undefined;
      return { kind, by: dice.between(-9, 99) };
    default:
      return { kind };
  }
}

/** In the gateway's own shape, which has no `Retry-After` anyway. */
function spikeArrestOf({ api }: Call): { readonly body?: string; readonly headers?: Readonly<Record<string, string>> } {
  if (isBehindGateway(api)) return {};
  return api === 'ticketmaster' ? { body: spikeArrest } : { body: 'Too many requests', headers: plainText };
}

const plainText = { 'content-type': 'text/plain; charset=utf-8' };
const spikeArrest =
  '{"fault":{"faultstring":"Spike arrest violation. Allowed rate : 5ps","detail":{"errorcode":"policies.ratelimit.SpikeArrestViolation"}}}';

/** Proxies show the request that they could not pass on. */
function gatewayPage({ method, path, query, headers }: Call): string {
  return `<html><title>502</title><p>${method} ${path}?${query.toString()}</p><pre>authorization: ${headers.authorization ?? ''}\nx-api-key: ${String(headers['x-api-key'] ?? '')}</pre></html>`;
}

function check({ seed, rates, latencyMs, retryAfterSeconds, longRetryAfterSeconds }: StormOptions): void {
  const demand = (holds: boolean, text: string): void => {
    if (!holds) throw new RangeError(`storm: ${text}`);
  };
  demand(Number.isInteger(seed), 'seed must be a whole number');
  demand(typeof rates === 'object' && rates !== null, 'rates must be an object');
  const unknown = Object.keys(rates).find((kind) => !stormKinds.includes(kind as StormKind));
  demand(unknown === undefined, `rates.${unknown}: unknown, use one of ${stormKinds.join(', ')}`);
  const shares: unknown[] = Object.values(rates);
  demand(
    shares.every((share) => typeof share === 'number' && share >= 0),
    'rates must be numbers of 0 or more',
  );
  const sum = (shares as number[]).reduce((total, share) => total + share, 0);
  demand(sum <= 1 + 1e-9, 'rates must be at most 1 together');
  for (const [name, value] of Object.entries({ latencyMs, retryAfterSeconds, longRetryAfterSeconds }))
    demand(value === undefined || (typeof value === 'number' && value >= 1), `${name} must be a number of 1 or more`);
}
