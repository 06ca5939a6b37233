import { ticketmasterVenue } from './raw.js';
import { good, odd, wrong, type Sample } from './sample.js';

export const VENUES: readonly Sample[] = [
  good('venues', 'everything, with coordinates as texts', ticketmasterVenue(), {
    venue_id: 'ticketmaster_KovZsynth01',
    address: '1 Quay Street, Pier 4',
    city: 'Harborview',
    state_code: 'ME',
    country_code: 'US',
    postal_code: '04101',
    latitude: 43.6591,
    longitude: -70.2552,
    timezone: 'America/New_York',
    capacity: null,
  }),
  good(
    'venues',
    'a country without states',
    ticketmasterVenue({
      state: undefined,
      city: { name: 'Göteborg' },
      country: { name: 'Sverige', countryCode: 'SE' },
      timezone: 'Europe/Stockholm',
    }),
    { city: 'Göteborg', state: null, state_code: null, country_code: 'SE' },
  ),
  odd(
    'venues',
    'neither coordinates nor time zone nor address',
    ticketmasterVenue({ location: undefined, timezone: undefined, address: undefined }),
    {
      latitude: null,
      longitude: null,
      timezone: null,
      address: null,
    },
  ),
  odd('venues', 'coordinates that are none, and a real zero', ticketmasterVenue({ location: { latitude: '0.0', longitude: 'n/a' } }), {
    latitude: 0,
    longitude: null,
  }),
  odd('venues', 'coordinates as numbers, as documented and never seen', ticketmasterVenue({ location: { latitude: 43.5, longitude: -181 } }), {
    latitude: 43.5,
    longitude: null,
  }),
  odd('venues', 'blank texts', ticketmasterVenue({ name: ' ', postalCode: '', address: { line1: ' ' } }), {
    name: null,
    postal_code: null,
    address: null,
  }),
  odd('venues', 'only an id', { id: 'KovZ1' }, { venue_id: 'ticketmaster_KovZ1', name: null, country_code: null }),
  wrong('venues', 'an id with a blank', ticketmasterVenue({ id: 'Kov Z' }), ['id']),
  wrong('venues', 'an event in place of a venue', ticketmasterVenue({ type: 'event' }), ['type']),
  wrong('venues', 'fields of other types', ticketmasterVenue({ city: 'Harborview', postalCode: 4101, location: [] }), [
    'location',
    'city',
    'postalCode',
  ]),
];
