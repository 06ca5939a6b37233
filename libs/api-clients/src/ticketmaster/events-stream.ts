import type { Json, JsonObject, Slice, Stream } from '@loadin/pipeline';
import { readWindows } from '../kit/windows/read-windows.js';
import type { SearchQuery, TimeWindow } from '../kit/windows/types.js';
import type { TicketmasterClient } from './client.js';
import { checkRefresh, coverage, skippedNote, type RefreshPolicy } from './coverage.js';
import { eventWindows } from './event-windows.js';
import { followed, type Market } from './markets.js';
import { countryOf, idOf, venuesOf } from './raw.js';
import { searchPage } from './search-page.js';

export interface TicketmasterEventsStreamOptions {
  readonly client: TicketmasterClient;
  /** ISO 3166-1 codes: `US`. One slice each; short for a market with nothing but its country. Default: none. */
  readonly countries?: readonly string[];
  /** What else is followed. They may overlap: all but whole countries are one slice, `markets`. Default: none. */
  readonly markets?: readonly Market[];
  /** How far ahead of the scheduled time events are read. */
  readonly horizonDays: number;
  /** How far before the scheduled time: the day that ends now is in other zones not over yet. Default 1. */
  readonly lookBackDays?: number;
  /** For jobs that run often: which part of the horizon a run reads. Default: all of it. */
  readonly refresh?: RefreshPolicy;
}

/** What a slice is asked to read; plans of earlier versions have what a country has alone. */
interface Bounds {
  /** Of a slice that is a country. */
  readonly countryCode?: string;
  /** Of the slice `markets`: its searches. */
  readonly markets?: readonly SearchQuery[];
  /** Inclusive, `YYYY-MM-DDTHH:mm:ssZ`. */
  readonly from: string;
  readonly to: string;
  /** All countries that are read whole, each in a slice of its own. */
  readonly countries: readonly string[];
  /** Whether there are countries and markets: an event of no country that is read whole may be found by both. */
  readonly shared?: true;
  /** Parts of it that are read. */
  readonly windows?: readonly TimeWindow[];
  /** What the report says about the others. */
  readonly skipped?: string;
}

const id = 'ticketmaster.events';
const boundsOf = ({ bounds }: Slice): Bounds => bounds as unknown as Bounds;

/**
 * `ticketmaster.events`: all events of the countries and markets from `lookBackDays` ago to `horizonDays` ahead, and all undated (TBA, TBD)
 * ones. Throws `FatalError` for a market or a policy that can't be meant.
 */
export function createTicketmasterEventsStream(options: TicketmasterEventsStreamOptions): Stream {
  const { client, horizonDays, lookBackDays = 1, refresh } = options;
  const { countries, searches } = followed(options.countries ?? [], options.markets ?? []);
  if (refresh !== undefined) checkRefresh(refresh);
  return {
    id,
    source: 'ticketmaster',
    dataType: 'events',
    readMode: 'full',
    plan({ scheduledTime }) {
      const covered = coverage({ scheduledTime, horizonDays, lookBackDays, refresh });
      const { from, to, windows } = covered;
      const skipped = skippedNote(covered);
      const partly = refresh === undefined ? {} : { windows, ...(skipped !== undefined && { skipped }) };
      const shared = countries.length > 0 && searches.length > 0 ? { shared: true } : {};
      const bounds = { from, to, countries, ...shared, ...partly } as unknown as JsonObject;
      const slices = countries.map((countryCode, ordinal): Slice => ({ ordinal, name: countryCode, bounds: { countryCode, ...bounds } }));
      if (searches.length > 0) slices.push({ ordinal: slices.length, name: 'markets', bounds: { markets: searches, ...bounds } });
      return slices;
    },
    read(slice, readOptions) {
      const { countryCode, markets, from, to, countries: each, windows = [{ from, to }], skipped } = boundsOf(slice);
      const bases = markets ?? [{ countryCode: countryCode ?? '' }];
      return readWindows({
        declaration: eventWindows(countryCode),
        search: searchPage(client, 'events'),
        bases,
        windows,
        streamId: id,
        // A market's searches are never within a country that is read whole, so the country tells whose a landed page is.
        isOurs: (query) => (markets === undefined ? query['countryCode'] === countryCode : !each.includes(query['countryCode'] ?? '')),
        lastNotes: skipped === undefined ? [] : [{ kind: 'skipped', message: `${slice.name}: ${skipped}` }],
        options: readOptions,
      });
    },
    key: idOf,
    belongs(raw, slice) {
      const { countryCode, countries: each, shared } = boundsOf(slice);
      const owner = ownerOf(raw, each);
      if (owner !== undefined) return owner === countryCode;
      // One slice alone has nobody to share with.
      return shared || each.length > 1 ? 'unclaimed' : true;
    },
  };
}

/**
 * The country whose slice delivers an event: that of its first venue in a country that is read whole. Others (their venues lie elsewhere, or don't
 * say where) belong to no slice by themselves: where the searches of several may find one, the first slice that claims it delivers it.
 */
function ownerOf(raw: Json, countries: readonly string[]): string | undefined {
  return venuesOf(raw)
    .map(countryOf)
    .find((code) => code !== undefined && countries.includes(code));
}
