import { reasonsOf, recordOf } from '../parsed.fixture.js';
import { spotifyTrack } from '../samples/raw.js';
import { parseTrack } from './parse-track.js';

const track = (changes: Record<string, unknown>) => recordOf(parseTrack(spotifyTrack(changes)));

describe('parseTrack', () => {
  it('normalizes a track, its fields in a fixed order', () => {
    expect(JSON.stringify(track({}), null, 1)).toBe(
      JSON.stringify(
        {
          track_id: 'spotify_5cXvTq0nLmYc2RkE9wBzT1',
          name: 'Glow (Live)',
          artist_ids: ['spotify_7aXvTq0nLmYc2RkE9wBzD1', 'spotify_2cXvTq0nLmYc2RkE9wBzE2'],
          artists: [
            { artist_id: 'spotify_7aXvTq0nLmYc2RkE9wBzD1', name: 'The Paper Lanterns' },
            { artist_id: 'spotify_2cXvTq0nLmYc2RkE9wBzE2', name: 'Zero Hour' },
          ],
          album_id: 'spotify_3bXvTq0nLmYc2RkE9wBzA1',
          album_name: 'Glow',
          album_type: 'single',
          album_release_date: '2024-03-08',
          album_release_date_precision: 'day',
          disc_number: 1,
          track_number: 3,
          duration_ms: 179773,
          explicit: false,
          isrc: 'XXA012400001',
          popularity_score: 12,
          image_url: 'https://images.example/640',
          url: 'https://open.spotify.com/track/5cXvTq0nLmYc2RkE9wBzT1',
          spotify_id: '5cXvTq0nLmYc2RkE9wBzT1',
          source: 'spotify',
        },
        null,
        1,
      ),
    );
  });

  it('loads a track of which only the id is known', () => {
    const { track_id, spotify_id, source, ...rest } = recordOf(parseTrack({ id: '5cXvT' }));
    expect([track_id, spotify_id, source]).toEqual(['spotify_5cXvT', '5cXvT', 'spotify']);
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  it.each([
    ['1981', 'year', '1981', 'year'],
    ['1981-12', 'month', '1981-12', 'month'],
    ['1981-12-15', 'day', '1981-12-15', 'day'],
    ['1981-01-01', 'year', '1981', 'year'],
    ['1981-12-01', 'month', '1981-12', 'month'],
    ['1981', 'day', '1981', 'year'],
    ['1981-12', undefined, '1981-12', 'month'],
    ['1981-12-15', 'century', '1981-12-15', 'day'],
    ['0000', 'year', null, null],
    ['0000-01-01', 'day', null, null],
    [null, 'day', null, null],
    [undefined, undefined, null, null],
  ])('reads a release date of %p with the precision %p as %p', (release_date, release_date_precision, date, precision) => {
    const { album_release_date, album_release_date_precision } = track({ album: { release_date, release_date_precision } });
    expect([album_release_date, album_release_date_precision]).toEqual([date, precision]);
  });

  it.each(['1981-13', '1981-02-30', '81', '1981-1-1', 'last year'])('rejects the release date %s', (release_date) => {
    expect(reasonsOf(parseTrack(spotifyTrack({ album: { release_date } })))).toEqual([
      { path: 'album.release_date', message: `must be a date such as 1981, 1981-12 or 1981-12-15, is "${release_date}"` },
    ]);
  });

  it.each([
    ['withheld popularity', { popularity: undefined }, { popularity_score: null }],
    ['a real 0 of popularity', { popularity: 0 }, { popularity_score: 0 }],
    ['no album', { album: null }, { album_id: null, album_name: null, album_release_date: null, image_url: null }],
    ['an album that was taken down', { album: { id: null, name: '' } }, { album_id: null, album_name: null }],
    ['no artists', { artists: undefined }, { artist_ids: null, artists: null }],
    ['an empty list of artists', { artists: [] }, { artist_ids: [], artists: [] }],
    [
      'null artists, and one without an id',
      { artists: [null, { name: 'Someone' }, { id: 'x1' }] },
      {
        artist_ids: ['spotify_x1'],
        artists: [
          { artist_id: null, name: 'Someone' },
          { artist_id: 'spotify_x1', name: null },
        ],
      },
    ],
    ['no word on being explicit', { explicit: null }, { explicit: null }],
    ['no recording code', { external_ids: {} }, { isrc: null }],
  ])('loads a track with %s', (_case, changes, expected) => {
    expect(track(changes)).toMatchObject(expected);
  });

  it('says everything that is wrong, with its path', () => {
    const odd = { artists: [{ id: 'a b' }, 3], album: [], duration_ms: '3:00', explicit: 'yes', external_ids: 'XX' };
    expect(reasonsOf(parseTrack(spotifyTrack(odd)))).toEqual([
      { path: 'album', message: 'must be an object, is a list' },
      { path: 'artists[0].id', message: 'must be a text of 1 to 200 printable characters without spaces' },
      { path: 'artists[1]', message: 'must be an object, is a number' },
      { path: 'duration_ms', message: 'must be a number, is a string' },
      { path: 'explicit', message: 'must be true or false, is a string' },
      { path: 'external_ids', message: 'must be an object, is a string' },
    ]);
    expect(reasonsOf(parseTrack(spotifyTrack({ popularity: 101, duration_ms: -1 })))).toEqual([
      { path: 'duration_ms', message: 'must be a whole number, 0 or more' },
      { path: 'popularity_score', message: 'must be a number from 0 to 100' },
    ]);
  });

  it('rejects a local file, which has no id', () => {
    expect(reasonsOf(parseTrack(spotifyTrack({ id: null, is_local: true })))).toMatchObject([{ path: 'id' }]);
  });
});
