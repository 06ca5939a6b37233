import { california, californiaVenues, countries, countryByCode, type Country, type Place } from './countries.js';
import { ticketmasterId } from './ids.js';
import { hash32, random, type Random } from './random.js';
import type { Venue } from './types.js';
import { junkVenueNames, nouns, openings, streets, venueKinds } from './words.js';

/** US venues without a state, and Californian ones without a location: no search finds them within the real limits. */
export const hiddenVenues = { stateless: 10, unlocated: 8 } as const;
/** A venue opens every third day. */
const opensEvery = 3;

/** The venues of day 0, country by country. */
export function createVenues(seed: number, unreachable = 0): readonly Venue[] {
  const venues: Venue[] = [];
  for (const country of countries) {
    for (let i = 0; i < country.venues; i++) {
      const r = random(seed, 'venue', country.code, i);
      const id = ticketmasterId(seed, 'venue', country.code, i);
      venues.push(country.code === 'US' ? americanVenue(r, id, i, country) : venueAt(r, id, country, placeOf(r, country.places), { odd: true }));
    }
  }
  const us = country('US');
  for (let i = 0; i < unreachable; i++) {
    venues.push(
      withoutPlace(venueAt(random(seed, 'unreachable', i), ticketmasterId(seed, 'venue', 'unreachable', i), us, placeOf(random(seed, i), us.places))),
    );
  }
  return venues;
}

/** The venues that opened on days 1 to `day`; all of them can be found by search. */
export function openedVenues(seed: number, day: number): readonly Venue[] {
  const venues: Venue[] = [];
  for (let on = opensEvery; on <= day; on += opensEvery) {
    const r = random(seed, 'opened', on);
    const of = r.pick(countries);
    venues.push({ ...venueAt(r, ticketmasterId(seed, 'venue', 'opened', on), of, placeOf(r, of.places)), addedOn: on });
  }
  return venues;
}

/** The venue as of a day: now and then one is renamed. */
export function venueOn(venue: Venue, day: number): Venue {
  return venue.renamed && day >= venue.renamed.on ? { ...venue, name: venue.renamed.name } : venue;
}

/** The market area by number that a venue is shown in (`dmas`), and found by. */
export function dmaOf({ id }: Pick<Venue, 'id'>): number {
  return 200 + (hash32(id, 1) % 400);
}

function americanVenue(r: Random, id: string, index: number, us: Country): Venue {
  if (index < californiaVenues) {
    const venue = venueAt(r, id, us, placeOf(r, california));
    return index < hiddenVenues.unlocated ? withoutLocation(venue) : venue;
  }
  const venue = venueAt(r, id, us, placeOf(r, us.places), { odd: true });
  const stateless = index - californiaVenues;
  if (stateless >= hiddenVenues.stateless) return venue;
  // Half of them have a place on the map all the same, which no search by state covers.
  const lost = { ...venue, stateCode: undefined, stateName: undefined, hidden: true };
  return stateless % 2 === 0 ? lost : withoutLocation(lost);
}

function withoutLocation(venue: Venue): Venue {
  return { ...venue, latitude: undefined, longitude: undefined, hidden: true };
}

function withoutPlace(venue: Venue): Venue {
  return { ...withoutLocation(venue), stateCode: undefined, stateName: undefined, hidden: false };
}

function placeOf(r: Random, places: readonly Place[]): Place {
  let left = r.next() * places.reduce((sum, p) => sum + p.weight, 0);
  return places.find((p) => (left -= p.weight) < 0) ?? (places[0] as Place);
}

/** `odd`: fields may be missing; US venues keep their state, whatever else they lack. */
function venueAt(r: Random, id: string, of: Country, place: Place, { odd = false } = {}): Venue {
  const lacks = (probability: number): boolean => odd && r.chance(probability);
  const name = lacks(0.012) ? r.pick(junkVenueNames) : nameOf(r, place);
  return {
    id,
    ...(lacks(0.01) ? {} : { name }),
    ...(lacks(0.01) ? {} : { city: place.city }),
    ...(place.stateCode && !(of.code !== 'US' && lacks(0.03)) ? { stateCode: place.stateCode, stateName: place.stateName } : {}),
    countryCode: of.code,
    ...(lacks(0.04) ? {} : { latitude: round(place.latitude + r.gaussian() * 0.18), longitude: round(place.longitude + r.gaussian() * 0.22) }),
    ...(r.chance(0.1) ? {} : { timezone: place.zone }),
    zone: place.zone,
    ...(r.chance(0.08) ? {} : { postalCode: String(r.between(10_000, 99_999)) }),
    ...(r.chance(0.08) ? {} : { address: `${r.between(1, 999)} ${r.pick(streets)}` }),
    ...(r.chance(0.3) ? {} : { url: `https://www.ticketmaster.example/venue/${r.between(100_000, 999_999)}` }),
    addedOn: 0,
    ...(r.chance(0.025) ? { renamed: { on: r.between(1, 60), name: `${nameOf(r, place)} (new name)` } } : {}),
    hidden: false,
    upcoming: r.int(120),
  };
}

function nameOf(r: Random, place: Place): string {
  return r.chance(0.3) ? `${place.city} ${r.pick(venueKinds)}` : `${r.pick(openings)} ${r.pick(nouns)} ${r.pick(venueKinds)}`;
}

function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}

function country(code: string): Country {
  return countryByCode.get(code) as Country;
}
