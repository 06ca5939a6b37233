import { FatalError } from '@loadin/pipeline';
import type { SearchQuery } from '../kit/windows/types.js';
import { geohash } from './area.js';

/** Where and what events are followed: all given things hold together, of a list one is enough. */
export interface Market {
  /** ISO 3166-1: `US`. */
  readonly country?: string;
  /** `CA`, `NY`; codes of the country, in several countries when none is given. */
  readonly states?: readonly string[];
  /** Designated market areas of the US, by number: `345`. */
  readonly dmas?: readonly string[];
  readonly city?: string;
  readonly around?: Surroundings;
  /** Ticketmaster's ids. */
  readonly venueIds?: readonly string[];
  readonly attractionIds?: readonly string[];
  /** Names of segments, genres, subgenres: `Music`. */
  readonly classifications?: readonly string[];
}

export interface Surroundings {
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Whole number from 1 to 19,999. */
  readonly radius: number;
  /** Default `miles`: the API's. */
  readonly unit?: 'km' | 'miles';
}

/** Ids in one call: a longer address is refused on the way by some servers. */
const idsInACall = 100;

/** What the markets come to: countries that are read whole, and the searches of all others. */
export interface Followed {
  readonly countries: readonly string[];
  readonly searches: readonly SearchQuery[];
}

/**
 * Throws `FatalError` for a market that can't be meant. A market within a country that is read whole needs no search of its own.
 */
export function followed(countries: readonly string[], markets: readonly Market[]): Followed {
  markets.forEach(check);
  const whole = markets.flatMap((market) => (isWhole(market) ? [market.country] : []));
  const each = [...new Set([...countries, ...whole])];
  const others = markets.filter((market) => !isWhole(market) && (market.country === undefined || !each.includes(market.country)));
  const searches = new Map(others.flatMap(searchesOf).map((query) => [JSON.stringify(query), query]));
  return { countries: each, searches: [...searches.values()] };
}

const isWhole = (market: Market): market is Market & { readonly country: string } => market.country !== undefined && given(market).length === 1;

const given = (market: Market): [string, unknown][] => Object.entries(market).filter(([, value]) => value !== undefined);

/** Several values of a parameter are one search each, but for those whose lists the API takes. */
function searchesOf({ country, states, dmas, city, around, venueIds, attractionIds, classifications }: Market): SearchQuery[] {
  const choices: SearchQuery[][] = [
    country === undefined ? [] : [{ countryCode: country }],
    (states ?? []).map((stateCode) => ({ stateCode })),
    lists(dmas).map((dmaId) => ({ dmaId })),
    city === undefined ? [] : [{ city }],
    around === undefined ? [] : [surroundings(around)],
    lists(venueIds).map((venueId) => ({ venueId })),
    lists(attractionIds).map((attractionId) => ({ attractionId })),
    (classifications ?? []).map((classificationName) => ({ classificationName })),
  ];
  return choices
    .filter((choice) => choice.length > 0)
    .reduce<SearchQuery[]>((queries, choice) => queries.flatMap((query) => choice.map((more) => ({ ...query, ...more }))), [{}]);
}

const surroundings = ({ latitude, longitude, radius, unit = 'miles' }: Surroundings): SearchQuery => ({
  geoPoint: geohash({ latitude, longitude }),
  radius: String(radius),
  unit,
});

/** Different ids, as many together as one call takes. */
export function callsOf(ids: readonly string[]): string[][] {
  const each = [...new Set(ids)];
  return Array.from({ length: Math.ceil(each.length / idsInACall) }, (_, i) => each.slice(i * idsInACall, (i + 1) * idsInACall));
}

const lists = (ids: readonly string[] = []): string[] => callsOf(ids).map((each) => each.join(','));

const shapes: Readonly<Record<string, { readonly pattern: RegExp; readonly like: string }>> = {
  states: { pattern: /^[A-Za-z0-9]{1,5}$/, like: 'a code like CA' },
  dmas: { pattern: /^\d{1,6}$/, like: 'a number like 345' },
  venueIds: { pattern: /^[\w-]+$/, like: 'an id like KovZpZA7AAEA' },
  attractionIds: { pattern: /^[\w-]+$/, like: 'an id like K8vZ917Gku7' },
  classifications: { pattern: /^[^,\s][^,]*$/, like: 'one name like Music' },
};

function check(market: Market, index: number): void {
  const where = `ticketmaster.events, market ${index + 1}`;
  const refuse = (message: string, hint?: string): never => {
    throw new FatalError(message, { where, ...(hint !== undefined && { hint }) });
  };
  if (given(market).length === 0)
    refuse('names nothing to follow', 'Give it a country, states, dmas, a city, around, venueIds, attractionIds or classifications.');
  const { country, city, around } = market;
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) refuse(`country "${country}" is not a code of two capitals like US`);
  if (city !== undefined && city.trim() === '') refuse('city is empty');
  for (const [name, { pattern, like }] of Object.entries(shapes)) {
    const values = market[name as 'states'];
    if (values === undefined) continue;
    if (values.length === 0) refuse(`${name} is empty`, 'Leave it out, or name at least one.');
    const wrong = values.find((value) => !pattern.test(value));
    if (wrong !== undefined) refuse(`${name}: "${wrong}" is not ${like}`);
  }
  if (around !== undefined) checkAround(around, refuse);
}

function checkAround({ latitude, longitude, radius, unit }: Partial<Surroundings>, refuse: (message: string, hint?: string) => never): void {
  const isWithin = (value: number | undefined, most: number): boolean => typeof value === 'number' && Math.abs(value) <= most;
  if (!isWithin(latitude, 90) || !isWithin(longitude, 180))
    refuse('around needs a point: latitude from -90 to 90 and longitude from -180 to 180, in degrees');
  if (radius === undefined || !Number.isInteger(radius) || radius < 1 || radius > 19_999)
    refuse(`around needs a radius: a whole number from 1 to 19,999${radius === undefined ? '' : `, not ${radius}`}`);
  if (unit !== undefined && unit !== 'km' && unit !== 'miles') refuse(`around: unit "${String(unit)}" is neither km nor miles`);
}
