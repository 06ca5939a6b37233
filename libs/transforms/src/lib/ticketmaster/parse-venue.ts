import { Venue } from '../records/venue.js';
import type { Parsed, Reason } from '../types.js';
import { identify } from '../fields/identity.js';
import { readObject, readText } from '../fields/read.js';
import { finish } from '../validation/finish.js';

/** A venue of Ticketmaster's Discovery API v2 as a normalized record. Never throws; fields always come in the same order. */
export function parseVenue(raw: unknown): Parsed<Venue> {
  const identified = identify(raw, 'venue');
  if (!identified.ok) return identified;
  const json = identified.record;
  const reasons: Reason[] = [];
  const state = readObject(reasons, 'state', json['state']);
  const country = readObject(reasons, 'country', json['country']);
  const location = readObject(reasons, 'location', json['location']);
  const record: Venue = {
    venue_id: `ticketmaster_${json.id}`,
    name: readText(reasons, 'name', json['name']),
    address: readAddress(reasons, json['address']),
    city: readText(reasons, 'city.name', readObject(reasons, 'city', json['city'])['name']),
    state: readText(reasons, 'state.name', state['name']),
    state_code: readText(reasons, 'state.stateCode', state['stateCode']),
    country: readText(reasons, 'country.name', country['name']),
    country_code: readText(reasons, 'country.countryCode', country['countryCode']),
    postal_code: readText(reasons, 'postalCode', json['postalCode']),
    latitude: coordinate(location['latitude'], 90),
    longitude: coordinate(location['longitude'], 180),
    timezone: readText(reasons, 'timezone', json['timezone']),
    capacity: null,
    url: readText(reasons, 'url', json['url']),
    ticketmaster_id: json.id,
    source: 'ticketmaster',
  };
  return finish(Venue, record, reasons);
}

function readAddress(reasons: Reason[], value: unknown): string | null {
  const address = readObject(reasons, 'address', value);
  const lines = ['line1', 'line2', 'line3'].map((line) => readText(reasons, `address.${line}`, address[line])?.trim());
  return lines.filter((line) => line !== undefined).join(', ') || null;
}

const NUMBER = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;

// The source sends texts. A coordinate that isn't one is no reason to lose a venue: it is unknown.
function coordinate(value: unknown, limit: number): number | null {
  const degrees = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof degrees === 'number' && Math.abs(degrees) <= limit ? degrees : null;
}
