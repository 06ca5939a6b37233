import type { Json, Page } from '@loadin/pipeline';
import { queryOf } from '../http/url.js';
import { pageSize } from './client.js';
import { countryOf, idOf, venuesOf } from './raw.js';

export interface EmbeddedVenuesOptions {
  readonly countryCode: string;
  /** All countries whose venues are read, each in a slice of its own. */
  readonly countries: readonly string[];
  /** The pages of events that this run has landed: for every slice the same ones in the same order. */
  readonly pages: AsyncIterable<Page>;
  /** Whether no page of this slice had the venue yet. */
  readonly isNew: (id: string) => boolean;
  /** What the pages say that they answer. */
  readonly request: string;
}

/**
 * The venues of one country that events embed, each once, and each in one country only. A venue without a country may have one in
 * another event, so it waits until all were looked at. When it has none, it belongs to the country of the first event that embeds it:
 * that of the event's first venue in a country that is read, else the one whose search found the event.
 */
export async function* embeddedVenues(options: EmbeddedVenuesOptions): AsyncGenerator<Pick<Page, 'records' | 'request'>> {
  const { countryCode, countries, pages, isNew, request } = options;
  const countryById = new Map<string, string>();
  /** Without a country; `null`: of another slice. */
  const waiting = new Map<string, Json>();
  let batch = new Map<string, Json>();
  const full = (atLeast: number): Json[] => {
    if (batch.size < atLeast) return [];
    const records = [...batch.values()];
    batch = new Map();
    return records;
  };

  for await (const page of pages) {
    for (const event of page.records) {
      for (const venue of venuesOf(event)) {
        const id = idOf(venue);
        if (id === undefined) continue;
        const country = countryOf(venue);
        if (country === undefined) {
          if (!waiting.has(id)) waiting.set(id, ownerOf(event, countries, page.request) === countryCode ? venue : null);
          continue;
        }
        if (!countryById.has(id)) countryById.set(id, country);
        if (countryById.get(id) === countryCode && !batch.has(id) && isNew(id)) batch.set(id, venue);
      }
    }
    const records = full(pageSize);
    if (records.length > 0) yield { records, request };
  }
  for (const [id, venue] of waiting) {
    if (venue !== null && !countryById.has(id) && isNew(id)) batch.set(id, venue);
    const records = full(pageSize);
    if (records.length > 0) yield { records, request };
  }
  const records = full(1);
  if (records.length > 0) yield { records, request };
}

function ownerOf(event: Json, countries: readonly string[], request: string): string | undefined {
  const known = venuesOf(event)
    .map(countryOf)
    .find((code) => code !== undefined && countries.includes(code));
  return known ?? queryOf(request).get('countryCode') ?? undefined;
}
