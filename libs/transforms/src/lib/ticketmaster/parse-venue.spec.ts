import { reasonsOf, recordOf } from '../parsed.fixture.js';
import { ticketmasterVenue } from '../samples/raw.js';
import { parseVenue } from './parse-venue.js';

describe('parseVenue', () => {
  it('normalizes a venue, its fields in a fixed order', () => {
    expect(JSON.stringify(recordOf(parseVenue(ticketmasterVenue())), null, 1)).toBe(
      JSON.stringify(
        {
          venue_id: 'ticketmaster_KovZsynth01',
          name: 'Quayside Hall',
          address: '1 Quay Street, Pier 4',
          city: 'Harborview',
          state: 'Maine',
          state_code: 'ME',
          country: 'United States Of America',
          country_code: 'US',
          postal_code: '04101',
          latitude: 43.6591,
          longitude: -70.2552,
          timezone: 'America/New_York',
          capacity: null,
          url: 'https://tickets.example/venue/KovZsynth01',
          ticketmaster_id: 'KovZsynth01',
          source: 'ticketmaster',
        },
        null,
        1,
      ),
    );
  });

  it('loads a venue of which only the id is known', () => {
    const record = recordOf(parseVenue({ id: 'KovZ1' }));
    const { venue_id, ticketmaster_id, source, ...rest } = record;
    expect([venue_id, ticketmaster_id, source]).toEqual(['ticketmaster_KovZ1', 'KovZ1', 'ticketmaster']);
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  it.each([
    ['texts', { latitude: '-12.5', longitude: '180' }, [-12.5, 180]],
    ['numbers', { latitude: 90, longitude: -180 }, [90, -180]],
    ['a real zero', { latitude: '0.0', longitude: 0 }, [0, 0]],
    ['empty texts', { latitude: '', longitude: ' ' }, [null, null]],
    ['words', { latitude: 'n/a', longitude: '12abc' }, [null, null]],
    ['out of range', { latitude: '90.01', longitude: '-180.5' }, [null, null]],
    ['another type', { latitude: true, longitude: [] }, [null, null]],
    ['only one', { latitude: '1.5' }, [1.5, null]],
    ['hexadecimal and exponents, which no atlas uses', { latitude: '0x10', longitude: '1e1' }, [null, null]],
  ])('reads coordinates given as %s', (_case, location, expected) => {
    const { latitude, longitude } = recordOf(parseVenue(ticketmasterVenue({ location })));
    expect([latitude, longitude]).toEqual(expected);
  });

  it.each([
    ['a second line alone', { line2: 'Pier 4' }, 'Pier 4'],
    ['three lines', { line1: 'a', line2: 'b', line3: 'c' }, 'a, b, c'],
    ['blank lines', { line1: ' ', line2: '' }, null],
    ['nothing', {}, null],
  ])('joins an address of %s', (_case, address, expected) => {
    expect(recordOf(parseVenue(ticketmasterVenue({ address }))).address).toBe(expected);
  });

  it('says everything that is wrong, with its path', () => {
    expect(reasonsOf(parseVenue(ticketmasterVenue({ city: 'Harborview', postalCode: 4101, location: [] })))).toEqual([
      { path: 'location', message: 'must be an object, is a list' },
      { path: 'city', message: 'must be an object, is a string' },
      { path: 'postalCode', message: 'must be a text, is a number' },
    ]);
  });

  it('rejects an event in place of a venue', () => {
    expect(reasonsOf(parseVenue(ticketmasterVenue({ type: 'event' })))).toEqual([{ path: 'type', message: 'must be venue, is "event"' }]);
  });
});
