/**
 * A selection of the default catalogue (seed 1) that an efficient client reads within the real rate limits in well under a minute:
 * fewer than 50 Spotify calls and fewer than 110 Ticketmaster calls. The US, with more venues than a search can page through and one state
 * of 1,150, is part of it.
 */
export const demoSelection = {
  queries: ['midnight', 'velvet', 'genre:"grime"'],
  /** Artists that no query gives, and one that a query gives too. */
  ids: ['089E1GvhsJFcIirMyZtxiT', '0jV5WvTsxcmT2i3c06rtq8', '0wz62a8eRzE2ZyZ2nAE5Wp', '1N8faLkIxYyknH38r6O2HE', '039vOS4lW5vuGKUvZklQ8F'],
  countries: ['US', 'GB', 'DE', 'SE'],
  /** Events from the beginning of the day until so many days later, and all undated ones. */
  horizonDays: 50,
  /** What day 0 of the default base date gives. */
  expected: { artists: 310, venues: 2200, events: 2518 },
} as const;

/** The horizon of a simulated day as date parameters, both ends inclusive. */
export function demoWindow(baseDate: string, day = 0): { readonly from: string; readonly to: string } {
  const start = Date.parse(`${baseDate}T00:00:00Z`) + day * 86_400_000;
  const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
  return { from: iso(start), to: iso(start + demoSelection.horizonDays * 86_400_000) };
}
