import { FatalError } from '@loadin/pipeline';
import type { TicketmasterClient } from './client.js';
import { createTicketmasterEventsStream } from './events-stream.js';
import { followed, type Market } from './markets.js';

const searchesOf = (...markets: Market[]) => followed([], markets).searches;

describe('markets', () => {
  it('come to searches: things of a market together, several values one after the other', () => {
    expect(searchesOf({ country: 'US', states: ['CA', 'NV'], classifications: ['Music', 'Film'] })).toEqual([
      { countryCode: 'US', stateCode: 'CA', classificationName: 'Music' },
      { countryCode: 'US', stateCode: 'CA', classificationName: 'Film' },
      { countryCode: 'US', stateCode: 'NV', classificationName: 'Music' },
      { countryCode: 'US', stateCode: 'NV', classificationName: 'Film' },
    ]);
  });

  it('join areas, venues and attractions in as few searches as the service takes', () => {
    const venueIds = Array.from({ length: 250 }, (_, i) => `V${i}`);
    const searches = searchesOf({ venueIds, attractionIds: ['A', 'B', 'A'] });
    expect(searches.map(({ venueId, attractionId }) => [venueId?.split(',').length, attractionId])).toEqual([
      [100, 'A,B'],
      [100, 'A,B'],
      [50, 'A,B'],
    ]);
    expect(searchesOf({ dmas: ['345', '324'] })).toEqual([{ dmaId: '345,324' }]);
  });

  it('name a place by its geohash', () => {
    expect(searchesOf({ around: { latitude: 51.5, longitude: -0.12, radius: 30 } })).toEqual([
      { geoPoint: 'gcpuvr295', radius: '30', unit: 'miles' },
    ]);
  });

  it('with nothing but a country are read whole, and what lies within such a country needs no search', () => {
    const markets: Market[] = [
      { country: 'SE' },
      { country: 'US', states: ['CA'] },
      { city: 'Oslo', country: 'NO' },
      { city: 'Oslo', country: 'NO' },
    ];
    expect(followed(['US', 'US'], markets)).toEqual({ countries: ['US', 'SE'], searches: [{ countryCode: 'NO', city: 'Oslo' }] });
  });

  it.each<[string, unknown]>([
    ['names nothing to follow', {}],
    ['names nothing to follow', { country: undefined }],
    ['country "usa" is not a code of two capitals like US', { country: 'usa' }],
    ['city is empty', { city: ' ' }],
    ['states is empty', { states: [] }],
    ['states: "New York" is not a code like CA', { states: ['NY', 'New York'] }],
    ['dmas: "LA" is not a number like 345', { dmas: ['LA'] }],
    ['venueIds: "A,B" is not an id like KovZpZA7AAEA', { venueIds: ['A,B'] }],
    ['attractionIds is empty', { attractionIds: [] }],
    ['classifications: "Music,Film" is not one name like Music', { classifications: ['Music,Film'] }],
    ['around needs a point: latitude from -90 to 90 and longitude from -180 to 180, in degrees', { around: { radius: 30 } }],
    [
      'around needs a point: latitude from -90 to 90 and longitude from -180 to 180, in degrees',
      { around: { latitude: 91, longitude: 0, radius: 30 } },
    ],
    ['around needs a radius: a whole number from 1 to 19,999', { around: { latitude: 1, longitude: 1 } }],
    ['around needs a radius: a whole number from 1 to 19,999, not 0.5', { around: { latitude: 1, longitude: 1, radius: 0.5 } }],
    ['around: unit "mi" is neither km nor miles', { around: { latitude: 1, longitude: 1, radius: 5, unit: 'mi' } }],
  ])('are refused when the stream is made: %s', (message, market) => {
    const make = () =>
      createTicketmasterEventsStream({ client: {} as TicketmasterClient, markets: [{ country: 'SE' }, market as Market], horizonDays: 30 });
    expect(make).toThrow(FatalError);
    expect(make).toThrow(message);
    try {
      make();
    } catch (error) {
      expect((error as FatalError).where).toBe('ticketmaster.events, market 2');
    }
  });
});
