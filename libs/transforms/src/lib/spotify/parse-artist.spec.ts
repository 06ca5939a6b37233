import { reasonsOf, recordOf } from '../parsed.fixture.js';
import { spotifyArtist } from '../samples/raw.js';
import { parseArtist } from './parse-artist.js';

describe('parseArtist', () => {
  it('normalizes an artist, its fields in a fixed order', () => {
    expect(JSON.stringify(recordOf(parseArtist(spotifyArtist())), null, 1)).toBe(
      JSON.stringify(
        {
          artist_id: 'spotify_7aXvTq0nLmYc2RkE9wBzD1',
          name: 'The Paper Lanterns',
          genre: ['dub', 'left-field pop'],
          popularity_score: 41,
          followers: 1200,
          spotify_id: '7aXvTq0nLmYc2RkE9wBzD1',
          image_url: 'https://images.example/640',
          external_url: 'https://open.spotify.com/artist/7aXvTq0nLmYc2RkE9wBzD1',
          source: 'spotify',
        },
        null,
        1,
      ),
    );
  });

  it('gives a plain object, whatever order the source uses', () => {
    const backwards = Object.fromEntries(Object.entries(spotifyArtist()).reverse());
    const record = recordOf(parseArtist(backwards));
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(JSON.stringify(record)).toBe(JSON.stringify(recordOf(parseArtist(spotifyArtist()))));
  });

  it('takes withheld followers, popularity and genres for unknown, not for 0', () => {
    const withheld = { followers: undefined, genres: undefined, popularity: undefined };
    expect(recordOf(parseArtist(spotifyArtist(withheld)))).toMatchObject({ followers: null, genre: null, popularity_score: null });
    const nulls = { followers: null, genres: null, popularity: null };
    expect(recordOf(parseArtist(spotifyArtist(nulls)))).toMatchObject({ followers: null, genre: null, popularity_score: null });
  });

  it('keeps a real 0 and a real []', () => {
    const bare = { followers: { total: 0 }, genres: [], popularity: 0 };
    expect(recordOf(parseArtist(spotifyArtist(bare)))).toMatchObject({ followers: 0, genre: [], popularity_score: 0 });
  });

  it.each([
    ['no name', { name: null }, { name: null }],
    ['a blank name', { name: ' ' }, { name: null }],
    ['followers without a total', { followers: { href: null } }, { followers: null }],
    ['null genres between others', { genres: ['dub', null, 'ska'] }, { genre: ['dub', 'ska'] }],
    ['no images', { images: [] }, { image_url: null }],
    ['null images', { images: [null, { url: 'u', width: null }] }, { image_url: 'u' }],
    ['no external address', { external_urls: {} }, { external_url: null }],
    ['no type', { type: undefined }, { name: 'The Paper Lanterns' }],
  ])('loads an artist with %s', (_case, changes, expected) => {
    expect(recordOf(parseArtist(spotifyArtist(changes)))).toMatchObject(expected);
  });

  it.each([
    ['null', null, [{ path: '', message: 'must be an object, is null' }]],
    ['a list', [], [{ path: '', message: 'must be an object, is a list' }]],
    ['a text', 'artist', [{ path: '', message: 'must be an object, is a string' }]],
  ])('rejects %s in place of an artist', (_case, raw, reasons) => {
    expect(reasonsOf(parseArtist(raw))).toEqual(reasons);
  });

  it.each([
    ['absent', undefined, 'is missing'],
    ['null', null, 'is null'],
    ['empty', '', 'is ""'],
    ['a number', 17, 'is a number'],
    ['with spaces', 'a b', 'is "a b"'],
    ['too long for a partition key', 'x'.repeat(201), 'is "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"'],
  ])('rejects an artist whose id is %s', (_case, id, found) => {
    expect(reasonsOf(parseArtist(spotifyArtist({ id })))).toEqual([
      { path: 'id', message: `must be a text of 1 to 200 printable characters without spaces, ${found}` },
    ]);
  });

  it('rejects another kind of object', () => {
    expect(reasonsOf(parseArtist(spotifyArtist({ type: 'track' })))).toEqual([{ path: 'type', message: 'must be artist, is "track"' }]);
  });

  it('says everything that is wrong, with its path', () => {
    const odd = { name: 7, genres: ['dub', 3], popularity: 'high', followers: 12, images: [{ url: false }] };
    expect(reasonsOf(parseArtist(spotifyArtist(odd)))).toEqual([
      { path: 'name', message: 'must be a text, is a number' },
      { path: 'genres[1]', message: 'must be a text, is a number' },
      { path: 'popularity', message: 'must be a number, is a string' },
      { path: 'followers', message: 'must be an object, is a number' },
      { path: 'images[0].url', message: 'must be a text, is a boolean' },
    ]);
  });

  it.each([
    ['popularity above 100', { popularity: 101 }, 'popularity_score', 'must be a number from 0 to 100'],
    ['popularity below 0', { popularity: -1 }, 'popularity_score', 'must be a number from 0 to 100'],
    ['half a follower', { followers: { total: 0.5 } }, 'followers', 'must be a whole number, 0 or more'],
  ])('rejects %s', (_case, changes, path, message) => {
    expect(reasonsOf(parseArtist(spotifyArtist(changes)))).toEqual([{ path, message }]);
  });
});
