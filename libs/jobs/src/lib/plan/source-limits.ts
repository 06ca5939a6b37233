import type { Settings } from '@loadin/config';

/** What a source allows, as its client keeps it. */
export interface SourceLimits {
  readonly title: string;
  readonly perSecond: number;
  /** `null`: none is published. */
  readonly perDay: number | null;
}

/** Spotify counts a rolling window of 30 s of which its client uses 170 calls; Ticketmaster publishes 5 a second and 5,000 a day; the
 * usage plans of payments and shipments are each owner's own, and their client takes 10 a second. */
const LIMITS: Readonly<Record<string, SourceLimits>> = {
  spotify: { title: 'Spotify', perSecond: 170 / 30, perDay: null },
  ticketmaster: { title: 'Ticketmaster', perSecond: 5, perDay: 5_000 },
  payments: { title: 'the payments API', perSecond: 10, perDay: null },
  shipments: { title: 'the shipments API', perSecond: 10, perDay: null },
};

/** The source's own limits, lowered by `API_RATE_LIMIT_REQUESTS`. */
export function limitsOf(source: string, { requestsPerMinute }: Pick<Settings['http'], 'requestsPerMinute'>): SourceLimits {
  const own = LIMITS[source] ?? { title: source, perSecond: 1, perDay: null };
  return { ...own, perSecond: Math.min(own.perSecond, (requestsPerMinute ?? Infinity) / 60) };
}
