import { distance } from '../ticketmaster/geo.js';
import type { CatalogueEvent, CatalogueView, Venue } from './types.js';
import { dmaOf } from './venues.js';

/** Where and what events are followed: all given things hold, of a list one is enough. */
export interface MarketSelection {
  readonly country?: string;
  readonly states?: readonly string[];
  readonly dmas?: readonly string[];
  readonly city?: string;
  readonly around?: { readonly latitude: number; readonly longitude: number; readonly radius: number; readonly unit?: 'km' | 'miles' };
  readonly venueIds?: readonly string[];
  readonly attractionIds?: readonly string[];
  /** Names of segments, genres or subgenres. */
  readonly classifications?: readonly string[];
}

/** Whether an event is one of a market; what an event with several venues needs, each of them may give. */
export function inMarket(event: CatalogueEvent, market: MarketSelection, view: CatalogueView): boolean {
  const { country, states, dmas, city, around, venueIds, attractionIds, classifications } = market;
  const { genre, venueIds: ids, attractionIds: performers } = event.seed;
  const venues = ids.flatMap((id) => view.venueById.get(id) ?? []);
  const some = (holds: (venue: Venue) => boolean): boolean => venues.some(holds);
  const same = (a: string, b = ''): boolean => a.toLowerCase() === b.toLowerCase();
  return (
    (country === undefined || event.countryCode === country) &&
    (states === undefined || some(({ stateCode }) => stateCode !== undefined && states.includes(stateCode))) &&
    (dmas === undefined || some((venue) => dmas.includes(String(dmaOf(venue))))) &&
    (city === undefined || some((venue) => same(city, venue.city))) &&
    (around === undefined || some((venue) => isNear(venue, around))) &&
    (venueIds === undefined || ids.some((id) => venueIds.includes(id))) &&
    (attractionIds === undefined || performers.some((id) => attractionIds.includes(id))) &&
    (classifications === undefined ||
      (genre !== undefined && classifications.some((name) => [genre.segment, genre.name, genre.subGenre].some((level) => same(name, level)))))
  );
}

function isNear({ latitude, longitude }: Venue, { radius, unit = 'miles', ...point }: NonNullable<MarketSelection['around']>): boolean {
  return latitude !== undefined && longitude !== undefined && distance(point, { latitude, longitude }, unit) <= radius;
}
