import { createRandom } from '@loadin/testing';
import type { Api, StormKind } from '@loadin/upstreams';

/** What the job of a scenario reads. */
export interface Selection {
  readonly name: string;
  readonly queries: readonly string[];
  /** How many artists are followed by id, one that nobody knows among them. */
  readonly ids: number;
  /** Whether the app has the extended quota: batches, top tracks, all fields. */
  readonly extended: boolean;
  /** Countries whose events are read; ZZ has none. */
  readonly countries: readonly string[];
  /** States of the US whose events are read beside them. */
  readonly states?: readonly string[];
  readonly venueCountries: readonly string[];
  readonly horizonDays: number;
  /** Whose top tracks are read: some of the followed artists, the unknown one among them, or also all that the run found. Default: nobody's. */
  readonly tracks?: 'followed' | 'all';
  /** Whether the attractions that the events embed are delivered. */
  readonly attractions?: true;
}

export interface Scenario {
  readonly seed: number;
  readonly selection: Selection;
  readonly rates: Readonly<Partial<Record<StormKind, number>>>;
  /** A service is down: from so long after the run's beginning, for so long. */
  readonly outage?: { readonly api: Api; readonly afterSeconds: number; readonly seconds: number };
  /** Of the simulated Spotify tokens: short ones end by themselves in the middle of the run. */
  readonly tokenTtlSeconds: number;
  /** `API_RETRY_ATTEMPTS` */
  readonly retries: number;
}

/** Each has something of its own to go wrong; the last one is large (a country with more venues and events than any search gives). */
const selections: readonly Selection[] = [
  {
    name: 'small countries',
    queries: ['midnight'],
    ids: 8,
    extended: false,
    countries: ['SE', 'IE', 'ZZ'],
    venueCountries: ['SE', 'IE'],
    horizonDays: 365,
    tracks: 'followed',
    attractions: true,
  },
  { name: 'over the cap', queries: ['velvet'], ids: 0, extended: false, countries: ['US'], venueCountries: ['GB'], horizonDays: 25 },
  {
    name: 'extended app',
    queries: ['silver', 'genre:"grime"'],
    ids: 70,
    extended: true,
    countries: ['GB'],
    venueCountries: ['MX', 'ZZ'],
    horizonDays: 90,
    tracks: 'followed',
  },
  {
    name: 'markets',
    queries: ['silver'],
    ids: 5,
    extended: true,
    countries: ['IE'],
    states: ['NY', 'NV'],
    venueCountries: ['IE', 'AU'],
    horizonDays: 90,
    tracks: 'all',
    attractions: true,
  },
  { name: 'one by one', queries: [], ids: 40, extended: false, countries: ['DE', 'AU'], venueCountries: ['DE', 'AU'], horizonDays: 120 },
];
const large: Selection = {
  name: 'large',
  queries: ['the', 'midnight'],
  ids: 12,
  extended: true,
  countries: ['US', 'CA'],
  venueCountries: ['US', 'CA'],
  horizonDays: 45,
  tracks: 'followed',
};
const largeEvery = 10;
const apis: readonly Api[] = ['spotify', 'ticketmaster', 'accounts'];

/** All that a seed decides. */
export function scenarioOf(seed: number): Scenario {
  const random = createRandom(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const selection = seed % largeEvery === 0 ? large : (selections[seed % selections.length] ?? large);
  /** A little of everything, and in some seeds much of a kind. */
  const share = (most: number): number => most * (0.15 + 0.85 * random() ** 1.5);
  const rates = {
    serverError: share(0.12),
    badGateway: share(0.08),
    tooManyRequests: share(0.06),
    spikeArrest: share(0.04),
    longRetryAfter: share(0.006),
    quotaExceeded: share(0.006),
    drop: share(0.08),
    hang: share(0.004),
    truncatedBody: share(0.06),
    malformedJson: share(0.06),
    emptyBody: share(0.06),
    latency: share(0.1),
    tokenExpired: share(0.1),
    searchLimit: share(0.05),
    drift: share(0.1),
    nulls: share(0.1),
    echo: share(0.1),
  } satisfies Record<StormKind, number>;
  const outage = { api: apis[between(0, 2)] ?? 'spotify', afterSeconds: between(0, 8), seconds: between(3, 90) };
  return { seed, selection, rates, ...(random() < 0.4 && { outage }), tokenTtlSeconds: between(15, 120), retries: between(3, 6) };
}

/** Nothing goes wrong: what the storm's records are compared with. */
export const calm = (selection: Selection): Scenario => ({ seed: 0, selection, rates: {}, tokenTtlSeconds: 3_600, retries: 3 });
