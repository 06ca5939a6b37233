import type { Stream } from '@loadin/pipeline';
import { readCapped } from './capped-reader.js';
import type { TicketmasterClient } from './client.js';
import { embeddedVenues } from './embedded-venues.js';
import { countryOf, idOf } from './raw.js';
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
    plan() {
      const each = [...new Set(countries)];
      return each.map((countryCode, ordinal) => ({ ordinal, name: countryCode, bounds: { countryCode, countries: each } }));
    },
    read(slice, options) {
      const { countryCode, countries: each } = slice.bounds as { countryCode: string; countries: readonly string[] };
      const request = `embedded in ${events}?country=${countryCode}`;
      const embedded = (isNew: (id: string) => boolean) =>
        embeddedVenues({ countryCode, countries: each, pages: options.landed(events), isNew, request });
      return readCapped({
        client,
        kind: 'venues',
        splitter: createVenueSplitter({ countryCode, embedded }),
        isOurs: (query) => query['countryCode'] === countryCode || query['country'] === countryCode,
        streamId: id,
        options,
      });
    },
    key: idOf,
    belongs: (raw, slice) => (countryOf(raw) ?? slice.bounds['countryCode']) === slice.bounds['countryCode'],
  };
}
