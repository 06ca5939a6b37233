import { ticketmasterAttraction } from './raw.js';
import { good, odd, wrong, type Sample } from './sample.js';

const A = '7aXvTq0nLmYc2RkE9wBzD1';
const B = '2cXvTq0nLmYc2RkE9wBzE2';
const spotify = (...urls: string[]) => ({ externalLinks: { spotify: urls.map((url) => ({ url })) } });

export const ATTRACTIONS: readonly Sample[] = [
  good('attractions', 'everything, with a link to its Spotify artist', ticketmasterAttraction(), {
    attraction_id: 'ticketmaster_K8vA1',
    name: 'The Paper Lanterns',
    segment: 'Music',
    genre: 'Rock',
    subgenre: null,
    aliases: ['Paper Lanterns'],
    upcoming_events_total: 12,
    image_url: 'https://images.example/own-1024',
    spotify_id: A,
    spotify_link: 'exact',
  }),
  good('attractions', 'a team, without links', ticketmasterAttraction({ name: 'Harborview Herons', externalLinks: undefined, aliases: undefined }), {
    name: 'Harborview Herons',
    links: null,
    aliases: null,
    spotify_id: null,
    spotify_link: null,
  }),
  odd(
    'attractions',
    'the same artist in several forms, beside a playlist and a user',
    ticketmasterAttraction(
      spotify(
        'https://open.spotify.com/user/lanterns',
        `https://open.spotify.com/intl-de/artist/${A}?si=x`,
        `spotify:artist:${A}`,
        'https://open.spotify.com/playlist/1',
      ),
    ),
    { spotify_id: A, spotify_link: 'exact' },
  ),
  odd(
    'attractions',
    'links to two artists',
    ticketmasterAttraction(spotify(`https://open.spotify.com/artist/${B}`, `https://open.spotify.com/artist/${A}`)),
    { spotify_id: B, spotify_link: 'ambiguous' },
  ),
  odd('attractions', 'a link to a user alone', ticketmasterAttraction(spotify('https://open.spotify.com/user/lanterns')), {
    links: [{ service: 'spotify', url: 'https://open.spotify.com/user/lanterns', external_id: null }],
    spotify_id: null,
    spotify_link: null,
  }),
  odd(
    'attractions',
    'neither name nor words of classes, as under some locales',
    ticketmasterAttraction({ name: undefined, classifications: [{ segment: { id: 'S1' } }] }),
    {
      name: null,
      segment: null,
      genre: null,
    },
  ),
  odd('attractions', 'only pictures that stand for its genre', ticketmasterAttraction({ images: [{ url: 'u', width: 2048, fallback: true }] }), {
    image_url: null,
  }),
  odd('attractions', 'no event to come', ticketmasterAttraction({ upcomingEvents: { _total: 0 } }), { upcoming_events_total: 0 }),
  wrong('attractions', 'no id', ticketmasterAttraction({ id: undefined }), ['id']),
  wrong('attractions', 'a venue in place of an attraction', ticketmasterAttraction({ type: 'venue' }), ['type']),
  wrong('attractions', 'fields of other types', ticketmasterAttraction({ name: false, aliases: [{}], upcomingEvents: { _total: '12' } }), [
    'name',
    'aliases[0]',
    'upcomingEvents._total',
  ]),
  wrong('attractions', 'less than no event', ticketmasterAttraction({ upcomingEvents: { _total: -1 } }), ['upcoming_events_total']),
];
