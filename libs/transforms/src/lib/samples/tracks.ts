import { spotifyTrack } from './raw.js';
import { good, odd, wrong, type Sample } from './sample.js';

export const TRACKS: readonly Sample[] = [
  good('tracks', 'everything that an app with extended quota is given', spotifyTrack(), {
    track_id: 'spotify_5cXvTq0nLmYc2RkE9wBzT1',
    artist_ids: ['spotify_7aXvTq0nLmYc2RkE9wBzD1', 'spotify_2cXvTq0nLmYc2RkE9wBzE2'],
    album_id: 'spotify_3bXvTq0nLmYc2RkE9wBzA1',
    album_release_date: '2024-03-08',
    album_release_date_precision: 'day',
    duration_ms: 179773,
    explicit: false,
    isrc: 'XXA012400001',
    popularity_score: 12,
  }),
  good('tracks', 'an album of which the year is known', spotifyTrack({ album: { release_date: '1981', release_date_precision: 'year' } }), {
    album_release_date: '1981',
    album_release_date_precision: 'year',
  }),
  odd('tracks', 'a day that only fills up the year', spotifyTrack({ album: { release_date: '1981-01-01', release_date_precision: 'year' } }), {
    album_release_date: '1981',
    album_release_date_precision: 'year',
  }),
  odd(
    'tracks',
    'a year 0, and popularity withheld',
    spotifyTrack({ album: { release_date: '0000', release_date_precision: 'year' }, popularity: undefined }),
    {
      album_release_date: null,
      album_release_date_precision: null,
      popularity_score: null,
    },
  ),
  odd('tracks', 'an album that was taken down', spotifyTrack({ album: { id: null, name: '', images: [] } }), {
    album_id: null,
    album_name: null,
    image_url: null,
  }),
  odd(
    'tracks',
    'null among the artists, and one without an id',
    spotifyTrack({ artists: [null, { name: 'Someone' }, { id: 'x1', name: 'Zero Hour' }] }),
    {
      artist_ids: ['spotify_x1'],
      artists: [
        { artist_id: null, name: 'Someone' },
        { artist_id: 'spotify_x1', name: 'Zero Hour' },
      ],
    },
  ),
  odd('tracks', 'only an id', { id: '5cXvT' }, { track_id: 'spotify_5cXvT', name: null, artist_ids: null, explicit: null }),
  wrong('tracks', 'a local file, which has no id', spotifyTrack({ id: null, is_local: true }), ['id']),
  wrong('tracks', 'an episode in place of a track', spotifyTrack({ type: 'episode' }), ['type']),
  wrong('tracks', 'fields of other types', spotifyTrack({ artists: [{ id: 3 }], album: [], duration_ms: '3:00', explicit: 'no' }), [
    'album',
    'artists[0].id',
    'duration_ms',
    'explicit',
  ]),
  wrong('tracks', 'a release date that no calendar has', spotifyTrack({ album: { release_date: '1981-02-30' } }), ['album.release_date']),
  wrong('tracks', 'a length below zero', spotifyTrack({ duration_ms: -1 }), ['duration_ms']),
];
