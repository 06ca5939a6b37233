import type { Page, ReadOptions, Slice, Stream } from '@loadin/pipeline';
import { queryOf } from '../http/url.js';
import { readCapped } from '../kit/windows/capped-reader.js';
import { pageSize, searchCap, type TicketmasterClient } from './client.js';
import { readByIds } from './by-ids.js';
import { embeddedVenues } from './embedded-venues.js';
import { countryOf, idOf } from './raw.js';
import { searchPage } from './search-page.js';
import { createVenueSplitter } from './venue-splitter.js';

export interface TicketmasterVenuesStreamOptions {
  readonly client: TicketmasterClient;
  /** ISO 3166-1 codes: `US`. One slice each. Default: none. */
  readonly countries?: readonly string[];
  /** Venues that are followed by id, one slice, `ids`; an id that doesn't exist is a `null` record. Default: none. */
  readonly venueIds?: readonly string[];
}

const id = 'ticketmaster.venues';
const events = 'ticketmaster.events';

interface Bounds {
  readonly countryCode?: string;
  readonly countries: readonly string[];
  /** Missing when no venue is followed by id. */
  readonly venueIds?: readonly string[];
}
const boundsOf = ({ bounds }: Slice): Bounds => bounds as unknown as Bounds;

/** `ticketmaster.venues`: all venues of the countries, those embedded in the run's events included, and those with the ids. */
export function createTicketmasterVenuesStream({ client, countries = [], venueIds = [] }: TicketmasterVenuesStreamOptions): Stream {
  return {
    id,
    source: 'ticketmaster',
    dataType: 'venues',
    readMode: 'full',
    ...(countries.length > 0 || venueIds.length === 0 ? { readsAfter: [events] } : {}),
    plan() {
      const each = [...new Set(countries)];
      const ids = [...new Set(venueIds)];
      const bounds = { countries: each, ...(ids.length > 0 && { venueIds: ids }) };
      const slices = each.map((countryCode, ordinal): Slice => ({ ordinal, name: countryCode, bounds: { countryCode, ...bounds } }));
      if (ids.length > 0) slices.push({ ordinal: slices.length, name: 'ids', bounds });
      return slices;
    },
    read(slice, options) {
      const { countryCode, countries: each, venueIds: ids = [] } = boundsOf(slice);
      if (countryCode === undefined) return readByIds({ client, kind: 'venues', ids, streamId: id, options });
      return readCountry(client, countryCode, each, options);
    },
    key: idOf,
    // No search may give a venue that is followed by its id: so that is delivered where it was asked for by its id.
    belongs(raw, slice) {
      const { countryCode, countries: each, venueIds: ids = [] } = boundsOf(slice);
      if (countryCode === undefined) return true;
      if (ids.includes(idOf(raw) ?? '')) return false;
      const country = countryOf(raw);
      // One that does not say its country may be found by the searches of several: the first slice that claims it delivers it.
      if (country === undefined) return each.length > 1 ? 'unclaimed' : true;
      return country === countryCode;
    },
  };
}

function readCountry(client: TicketmasterClient, countryCode: string, countries: readonly string[], options: ReadOptions): AsyncGenerator<Page> {
  const request = `embedded in ${events}?country=${countryCode}`;
  const embedded = (isNew: (venueId: string) => boolean) => embeddedVenues({ countryCode, countries, pages: options.landed(events), isNew, request });
  return readCapped({
    splitter: createVenueSplitter({ countryCode, embedded }),
    search: searchPage(client, 'venues'),
    items: 'venues',
    cap: searchCap,
    pageSize,
    idOf,
    queryOf: (sent) => ({ query: searchOf(sent), page: Number(queryOf(sent).get('page')) }),
    orderParameter: 'sort',
    isOurs: (query) => query['countryCode'] === countryCode || query['country'] === countryCode,
    streamId: id,
    options,
  });
}

/** The parameters that make a search, out of a page's request; those that every call has are left out. */
function searchOf(request: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...queryOf(request)].filter(([name]) => !['locale', 'sort', 'size', 'page'].includes(name)));
}
