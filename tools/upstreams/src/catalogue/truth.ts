import { searchArtists, withoutAccents } from './artist-query.js';
import { createViews } from './catalogue.js';
import { inMarket, type MarketSelection } from './market.js';
import { topTrackIds } from './tracks.js';
import type { Artist, CatalogueEvent, CatalogueOptions, CatalogueView, Venue } from './types.js';

/** Which events a client ought to have after reading countries and a window. */
export interface EventSelection {
  readonly countries: readonly string[];
  /** Events of any of these belong to it too. Default: none. */
  readonly markets?: readonly MarketSelection[];
  /** Inclusive, ISO 8601. */
  readonly from: string;
  /** Inclusive, ISO 8601. */
  readonly to: string;
  /** Whether the undated (TBA, TBD) events of the countries and markets belong to it. Default true. */
  readonly undated?: boolean;
}

/** The right answers, as sorted ids, computed from the catalogue without the API. `day` is the current simulated day unless it is given. */
export interface Expected {
  artists(selection: ArtistSelection, day?: number): readonly string[];
  /** The top tracks of the artists. */
  tracks(selection: { readonly artistIds: readonly string[] }): readonly string[];
  events(selection: EventSelection, day?: number): readonly string[];
  /** All venues of the countries, whether a search finds them or not. */
  venues(selection: { readonly countries: readonly string[] }, day?: number): readonly string[];
  /** The venues that the events of a selection embed. */
  embeddedVenues(selection: EventSelection, day?: number): readonly string[];
  /** The attractions that the events of a selection embed. */
  embeddedAttractions(selection: EventSelection, day?: number): readonly string[];
  /** The attractions whose name has every word of a keyword at the beginning of one of its own. */
  attractions(selection: { readonly keywords: readonly string[] }, day?: number): readonly string[];
}

export interface ArtistSelection {
  readonly queries?: readonly string[];
  readonly ids?: readonly string[];
  /** Artists of exactly this name, whatever its case, accents and spaces. */
  readonly names?: readonly string[];
}

/** The truth that the simulators serve pages of. */
export interface Catalogue {
  readonly expected: Expected;
  view(day?: number): CatalogueView;
  allArtists(day?: number): readonly Artist[];
  allVenues(day?: number): readonly Venue[];
  allEvents(day?: number): readonly CatalogueEvent[];
  artistIds(day?: number): readonly string[];
  venueIds(countryCode?: string, day?: number): readonly string[];
  eventIds(countryCode?: string, day?: number): readonly string[];
  /** Venues that some search within the real limits gives: by country, by state, or by place when the state is too crowded. */
  searchableVenueIds(countryCode?: string, day?: number): readonly string[];
}

/** The real cap on paging. */
const pageable = 1000;

export function createCatalogue(options: CatalogueOptions, today: () => number): Catalogue {
  const viewOf = createViews(options);
  const view = (day = today()): CatalogueView => viewOf(day);
  const idsOf = <T extends { readonly id: string; readonly countryCode: string }>(list: readonly T[], country?: string): readonly string[] =>
    list.filter((item) => country === undefined || item.countryCode === country).map((item) => item.id);
  return {
    expected: expectations(view, options.seed),
    view,
    allArtists: (day) => view(day).artists,
    allVenues: (day) => view(day).venues,
    allEvents: (day) => view(day).events,
    artistIds: (day) => view(day).artists.map((a) => a.id),
    venueIds: (country, day) => idsOf(view(day).venues, country),
    eventIds: (country, day) => idsOf(view(day).events, country),
    searchableVenueIds: (country, day) => idsOf(searchable(view(day).venues), country),
  };
}

function expectations(view: (day?: number) => CatalogueView, seed: number): Expected {
  const eventsOf = ({ countries, markets = [], from, to, undated = true }: EventSelection, day?: number): readonly CatalogueEvent[] => {
    const [start, end] = [Date.parse(from), Date.parse(to)];
    const now = view(day);
    return now.events
      .filter((e) => (e.at === undefined ? undated : e.at >= start && e.at <= end))
      .filter((e) => countries.includes(e.countryCode) || markets.some((market) => inMarket(e, market, now)));
  };
  return {
    artists({ queries = [], ids = [], names = [] }, day) {
      const { artists, artistById } = view(day);
      const found = queries.flatMap((q) => searchArtists(artists, q).map((a) => a.id));
      const wanted = new Set(names.map(plainName));
      const named = artists.filter((a) => wanted.has(plainName(a.name))).map((a) => a.id);
      return [...new Set([...found, ...named, ...ids.filter((id) => artistById.has(id))])].sort();
    },
    tracks: ({ artistIds }) => artistIds.flatMap((id) => topTrackIds(seed, id)).sort(),
    events: (selection, day) => eventsOf(selection, day).map((e) => e.id),
    venues: ({ countries }, day) =>
      view(day)
        .venues.filter((v) => countries.includes(v.countryCode))
        .map((v) => v.id),
    embeddedVenues: (selection, day) => [...new Set(eventsOf(selection, day).flatMap((e) => e.seed.venueIds))].sort(),
    embeddedAttractions: (selection, day) => [...new Set(eventsOf(selection, day).flatMap((e) => e.seed.attractionIds))].sort(),
    attractions({ keywords }, day) {
      const begins = (name: string, keyword: string): boolean =>
        wordsOf(keyword).every((asked) => wordsOf(name).some((word) => word.startsWith(asked)));
      return view(day)
        .attractions.filter(({ name }) => keywords.some((keyword) => begins(name, keyword)))
        .map((a) => a.id);
    },
  };
}

function searchable(venues: readonly Venue[]): readonly Venue[] {
  const counts = new Map<string, number>();
  const count = (key: string): number => counts.get(key) ?? 0;
  for (const v of venues) for (const key of [v.countryCode, `${v.countryCode}-${v.stateCode}`]) counts.set(key, count(key) + 1);
  return venues.filter(
    (v) =>
      count(v.countryCode) <= pageable ||
      (v.stateCode !== undefined &&
        (count(`${v.countryCode}-${v.stateCode}`) <= pageable || (v.latitude !== undefined && v.longitude !== undefined))),
  );
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/);
const plainName = (name: string): string => withoutAccents(name).toLowerCase().replace(/\s+/g, '');
