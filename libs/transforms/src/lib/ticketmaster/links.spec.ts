import { recordOf } from '../parsed.fixture.js';
import { spotifyArtist, ticketmasterAttraction, ticketmasterEvent } from '../samples/raw.js';
import { parseArtist } from '../spotify/parse-artist.js';
import { parseAttraction } from './parse-attraction.js';
import { parseConcert } from './parse-concert.js';
import { readLinks, spotifyArtistOf, spotifyLinkOf } from './links.js';

const A = '7aXvTq0nLmYc2RkE9wBzD1';
const B = '2cXvTq0nLmYc2RkE9wBzE2';
const links = (...urls: unknown[]) => spotifyLinkOf({ spotify: urls.map((url) => ({ url })) });
const page = (id: string) => `https://open.spotify.com/artist/${id}`;

describe('spotifyArtistOf', () => {
  it.each([
    ['a page', page(A)],
    ['a shared page', `${page(A)}?si=Dk3a7bX9Q0mYc2RkE9wBzQ&nd=1`],
    ['a localized page', `https://open.spotify.com/intl-de/artist/${A}`],
    ['a localized page of a region', `https://open.spotify.com/intl-pt-br/artist/${A}?si=x`],
    ['a tab of the page', `${page(A)}/discography/all#top`],
    ['an embedded page', `https://open.spotify.com/embed/artist/${A}`],
    ['an old player', `http://play.spotify.com/artist/${A}`],
    ['an address without a scheme', `open.spotify.com/artist/${A}`],
    ['an address in capitals', `HTTPS://Open.Spotify.com/artist/${A}`],
    ['a URI', `spotify:artist:${A}`],
    ['an address with blanks around it', ` ${page(A)}\n`],
  ])('finds the artist of %s', (_case, url) => expect(spotifyArtistOf(url)).toBe(A));

  it.each([
    ['a user', 'https://open.spotify.com/user/lanterns'],
    ['a playlist', `https://open.spotify.com/playlist/${A}`],
    ['a playlist of a user', `spotify:user:lanterns:playlist:${A}`],
    ['an album', `https://open.spotify.com/album/${A}`],
    ['a cut-off id', 'https://open.spotify.com/artist/7aXvTq0n'],
    ['an id that is too long', `${page(A)}x`],
    ['a page elsewhere', `https://spotify.com.example/artist/${A}`],
    ['a host that only ends like it', `https://notspotify.com/artist/${A}`],
    ['an address inside another', `https://example.com/?to=${page(A)}`],
    ['nothing', ''],
  ])('finds none in %s', (_case, url) => expect(spotifyArtistOf(url)).toBeUndefined());
});

describe('spotifyLinkOf', () => {
  it.each([
    ['one artist', links(page(A)), A, 'exact'],
    ['the same artist twice', links(page(A), `spotify:artist:${A}`), A, 'exact'],
    ['one artist between a playlist and a user', links('https://open.spotify.com/user/x', page(A), 'spotify:playlist:1'), A, 'exact'],
    ['two artists', links(page(B), page(A)), B, 'ambiguous'],
    ['only a user', links('https://open.spotify.com/user/x'), null, null],
    ['something that is no address', links(12, null, {}), null, null],
    ['an empty list', links(), null, null],
    ['nothing to Spotify', spotifyLinkOf({ homepage: [{ url: page(A) }] }), null, null],
    ['a text in place of a list', spotifyLinkOf({ spotify: page(A) }), null, null],
    ['null entries', spotifyLinkOf({ spotify: [null, { url: page(A) }] }), A, 'exact'],
    ['no object', spotifyLinkOf([]), null, null],
    ['nothing', spotifyLinkOf(undefined), null, null],
  ])('is sure of links to %s as far as that goes', (_case, found, spotify_id, spotify_link) => {
    expect(found).toEqual({ spotify_id, spotify_link });
  });
});

describe('readLinks', () => {
  it('lists them by service, whatever order the source uses', () => {
    const source = { wiki: [{ url: 'w1' }, { url: 'w2' }], homepage: [{ url: 'h' }], musicbrainz: [{ id: 'm', url: 'u' }] };
    const expected = [
      { service: 'homepage', url: 'h', external_id: null },
      { service: 'musicbrainz', url: 'u', external_id: 'm' },
      { service: 'wiki', url: 'w1', external_id: null },
      { service: 'wiki', url: 'w2', external_id: null },
    ];
    expect(readLinks(source)).toEqual(expected);
    expect(readLinks(Object.fromEntries(Object.entries(source).reverse()))).toEqual(expected);
  });

  it('leaves out what leads nowhere, and tells an empty list from none', () => {
    expect(readLinks({ a: [{ url: '' }, {}, null, 3, { url: 4, id: ' ' }], b: 'x', ' ': [{ url: 'y' }] })).toEqual([]);
    expect([readLinks({}), readLinks(undefined), readLinks(null), readLinks('x'), readLinks([])]).toEqual([[], null, null, null, null]);
  });
});

it('an artist, an attraction and an event about the same meet in one id', () => {
  const artist = recordOf(parseArtist(spotifyArtist()));
  const attraction = recordOf(parseAttraction(ticketmasterAttraction()));
  const embedded = recordOf(parseConcert(ticketmasterEvent())).attractions?.[0];
  expect([attraction.spotify_id, embedded?.spotify_id]).toEqual([artist.spotify_id, artist.spotify_id]);
  expect(embedded?.attraction_id).toBe(attraction.attraction_id);
  expect([attraction.spotify_link, embedded?.spotify_link]).toEqual(['exact', 'exact']);
});
