import type { Json, Page, ReadOptions, Stream } from '@loadin/pipeline';
import { queryOf } from '../http/url.js';
import { readCapped } from './capped-reader.js';
import { pageSize, type TicketmasterClient } from './client.js';
import { countryOf, idOf, venuesOf } from './raw.js';
import { createVenueSplitter } from './venue-splitter.js';

export interface TicketmasterVenuesStreamOptions {
  readonly client: TicketmasterClient;
  /** ISO 3166-1 codes: `US`. One slice each. */
  readonly countries: readonly string[];
}

const events = 'ticketmaster.events';

/** `ticketmaster.venues`: all venues of the countries, those embedded in the run's events included. */
export function createTicketmasterVenuesStream({ client, countries }: TicketmasterVenuesStreamOptions): Stream {
  const id = 'ticketmaster.venues';
  return {
    id,
    source: 'ticketmaster',
    dataType: 'venues',
    readMode: 'full',
    readsAfter: [events],
    plan: () => [...new Set(countries)].map((countryCode, ordinal) => ({ ordinal, name: countryCode, bounds: { countryCode } })),
    read(slice, options) {
      const countryCode = String(slice.bounds['countryCode']);
      return readCapped({
        client,
        kind: 'venues',
        splitter: createVenueSplitter({ countryCode, embedded: (isNew) => embeddedVenues(countryCode, options, isNew) }),
        isOurs: (query) => query['countryCode'] === countryCode || query['country'] === countryCode,
        streamId: id,
        options,
      });
    },
    key: idOf,
    belongs: (raw, slice) => (countryOf(raw) ?? slice.bounds['countryCode']) === slice.bounds['countryCode'],
  };
}

/**
 * The venues of this country in the events that this run has landed, each once; a venue without a country belongs to the country whose
 * search found its event.
 */
async function* embeddedVenues(
  countryCode: string,
  { landed }: ReadOptions,
  isNew: (id: string) => boolean,
): AsyncGenerator<Pick<Page, 'records' | 'request'>> {
  const request = `embedded in ${events}?country=${countryCode}`;
  let batch = new Map<string, Json>();
  for await (const page of landed(events)) {
    const askedFor = queryOf(page.request).get('countryCode');
    for (const raw of page.records) {
      for (const venue of venuesOf(raw)) {
        const id = idOf(venue);
        if (id === undefined || batch.has(id) || !isNew(id)) continue;
        if ((countryOf(venue) ?? askedFor) === countryCode) batch.set(id, venue);
      }
    }
    if (batch.size < pageSize) continue;
    yield { records: [...batch.values()], request };
    batch = new Map();
  }
  if (batch.size > 0) yield { records: [...batch.values()], request };
}
