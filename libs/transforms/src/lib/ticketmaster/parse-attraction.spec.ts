import { reasonsOf, recordOf } from '../parsed.fixture.js';
import { ticketmasterAttraction } from '../samples/raw.js';
import { parseAttraction } from './parse-attraction.js';

const attraction = (changes: Record<string, unknown>) => recordOf(parseAttraction(ticketmasterAttraction(changes)));

describe('parseAttraction', () => {
  it('normalizes an attraction, its fields in a fixed order', () => {
    expect(JSON.stringify(attraction({}), null, 1)).toBe(
      JSON.stringify(
        {
          attraction_id: 'ticketmaster_K8vA1',
          name: 'The Paper Lanterns',
          segment: 'Music',
          genre: 'Rock',
          subgenre: null,
          aliases: ['Paper Lanterns'],
          upcoming_events_total: 12,
          url: 'https://tickets.example/artist/K8vA1',
          image_url: 'https://images.example/own-1024',
          links: [
            { service: 'homepage', url: 'https://paper-lanterns.example', external_id: null },
            { service: 'musicbrainz', url: null, external_id: '0d9f1c7e-0000-4000-8000-000000000001' },
            { service: 'spotify', url: 'https://open.spotify.com/artist/7aXvTq0nLmYc2RkE9wBzD1', external_id: null },
          ],
          spotify_id: '7aXvTq0nLmYc2RkE9wBzD1',
          spotify_link: 'exact',
          ticketmaster_id: 'K8vA1',
          source: 'ticketmaster',
        },
        null,
        1,
      ),
    );
  });

  it('loads an attraction of which only the id is known', () => {
    const { attraction_id, ticketmaster_id, source, ...rest } = recordOf(parseAttraction({ id: 'K1' }));
    expect([attraction_id, ticketmaster_id, source]).toEqual(['ticketmaster_K1', 'K1', 'ticketmaster']);
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  it.each([
    ['no name, as under some locales', { name: undefined }, { name: null }],
    ['only ids of classifications', { classifications: [{ segment: { id: 'S1' } }] }, { segment: null, genre: null }],
    ['a real zero of events', { upcomingEvents: { _total: 0 } }, { upcoming_events_total: 0 }],
    ['events of one market alone', { upcomingEvents: { 'mfx-se': 3 } }, { upcoming_events_total: null }],
    ['only pictures of its genre', { images: [{ url: 'u', fallback: true }] }, { image_url: null }],
    ['null and blank aliases', { aliases: [null, ' ', 'Lanterns'] }, { aliases: ['Lanterns'] }],
    ['no links', { externalLinks: undefined }, { links: null, spotify_id: null, spotify_link: null }],
    ['links that are no links', { externalLinks: { spotify: 'x', homepage: [3] } }, { links: [], spotify_id: null, spotify_link: null }],
  ])('loads an attraction with %s', (_case, changes, expected) => {
    expect(attraction(changes)).toMatchObject(expected);
  });

  it('says everything that is wrong, with its path', () => {
    const odd = { name: 7, aliases: ['a', {}], upcomingEvents: { _total: 'many' }, images: [{ fallback: 'no' }], classifications: 'Music' };
    expect(reasonsOf(parseAttraction(ticketmasterAttraction(odd)))).toEqual([
      { path: 'classifications', message: 'must be a list, is a string' },
      { path: 'name', message: 'must be a text, is a number' },
      { path: 'aliases[1]', message: 'must be a text, is an object' },
      { path: 'upcomingEvents._total', message: 'must be a number, is a string' },
      { path: 'images[0].fallback', message: 'must be true or false, is a string' },
    ]);
    expect(reasonsOf(parseAttraction(ticketmasterAttraction({ upcomingEvents: { _total: -1 } })))).toEqual([
      { path: 'upcoming_events_total', message: 'must be a whole number, 0 or more' },
    ]);
  });
});
