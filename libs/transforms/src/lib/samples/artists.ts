import { spotifyArtist } from './raw.js';
import { good, odd, wrong, type Sample } from './sample.js';

export const ARTISTS: readonly Sample[] = [
  good('artists', 'everything that an app with extended quota is given', spotifyArtist(), {
    artist_id: 'spotify_7aXvTq0nLmYc2RkE9wBzD1',
    name: 'The Paper Lanterns',
    genre: ['dub', 'left-field pop'],
    popularity_score: 41,
    followers: 1200,
    image_url: 'https://images.example/640',
  }),
  good(
    'artists',
    'an unknown artist: 0 followers and no genre are real values',
    spotifyArtist({ followers: { total: 0 }, genres: [], popularity: 0 }),
    {
      followers: 0,
      genre: [],
      popularity_score: 0,
    },
  ),
  odd(
    'artists',
    'followers, genres and popularity withheld, as from apps in development mode',
    spotifyArtist({ followers: undefined, genres: undefined, popularity: undefined }),
    { followers: null, genre: null, popularity_score: null },
  ),
  odd('artists', 'null among the genres, no picture', spotifyArtist({ genres: ['dub', null], images: [] }), { genre: ['dub'], image_url: null }),
  odd(
    'artists',
    'a name of another script, pictures without widths',
    spotifyArtist({ name: 'Пейпер Лантернс', images: [{ url: 'u', width: null }] }),
    {
      name: 'Пейпер Лантернс',
      image_url: 'u',
    },
  ),
  odd('artists', 'only an id', { id: '0TnOYISbd1XYRBk9myaseg' }, { artist_id: 'spotify_0TnOYISbd1XYRBk9myaseg', name: null, external_url: null }),
  wrong('artists', 'no id', spotifyArtist({ id: null }), ['id']),
  wrong('artists', 'a track in place of an artist', spotifyArtist({ type: 'track' }), ['type']),
  wrong('artists', 'fields of other types', spotifyArtist({ name: 7, genres: 'dub', popularity: 'high', followers: 12 }), [
    'name',
    'genres',
    'popularity',
    'followers',
  ]),
  wrong('artists', 'popularity beyond 100', spotifyArtist({ popularity: 101 }), ['popularity_score']),
  wrong('artists', 'null in place of an artist', null, ['']),
];
