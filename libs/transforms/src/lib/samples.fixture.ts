/** A synthetic artist in Spotify's shape. */
export const spotifyArtist = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  external_urls: { spotify: 'https://open.spotify.com/artist/7aXvTq0nLmYc2RkE9wBzD1' },
  followers: { href: null, total: 1200 },
  genres: ['dub', 'left-field pop'],
  href: 'https://api.spotify.com/v1/artists/7aXvTq0nLmYc2RkE9wBzD1',
  id: '7aXvTq0nLmYc2RkE9wBzD1',
  images: [
    { height: 160, url: 'https://images.example/160', width: 160 },
    { height: 640, url: 'https://images.example/640', width: 640 },
  ],
  name: 'The Paper Lanterns',
  popularity: 41,
  type: 'artist',
  uri: 'spotify:artist:7aXvTq0nLmYc2RkE9wBzD1',
  ...changes,
});

/** A synthetic venue in Ticketmaster's shape. */
export const ticketmasterVenue = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'Quayside Hall',
  type: 'venue',
  id: 'KovZsynth01',
  test: false,
  url: 'https://tickets.example/venue/KovZsynth01',
  locale: 'en-us',
  postalCode: '04101',
  timezone: 'America/New_York',
  city: { name: 'Harborview' },
  state: { name: 'Maine', stateCode: 'ME' },
  country: { name: 'United States Of America', countryCode: 'US' },
  address: { line1: '1 Quay Street ', line2: 'Pier 4' },
  location: { longitude: '-70.25520000', latitude: '43.65910000' },
  ...changes,
});

export const noFlags = { dateTBD: false, dateTBA: false, timeTBA: false, noSpecificTime: false };

/** A synthetic event in Ticketmaster's shape. */
export const ticketmasterEvent = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'An ordinary night',
  type: 'event',
  id: 'vvGsynth01',
  test: false,
  url: 'https://tickets.example/event/vvGsynth01',
  locale: 'en-us',
  sales: { public: { startDateTime: '2026-01-16T15:00:00Z', startTBD: false, endDateTime: '2026-05-04T02:00:00Z' } },
  dates: {
    start: { localDate: '2026-05-03', localTime: '19:30:00', dateTime: '2026-05-03T23:30:00Z', ...noFlags },
    timezone: 'America/New_York',
    status: { code: 'onsale' },
  },
  classifications: [
    { primary: false, segment: { id: 'S2', name: 'Family' }, genre: { id: 'G2', name: 'Magic' } },
    { primary: true, segment: { id: 'S1', name: 'Music' }, genre: { id: 'G1', name: 'Rock' }, subGenre: { id: 'B1', name: 'Undefined' } },
  ],
  priceRanges: [{ type: 'standard', currency: 'USD', min: 39.5, max: 120 }],
  _embedded: {
    venues: [ticketmasterVenue()],
    attractions: [
      {
        name: 'The Paper Lanterns',
        type: 'attraction',
        id: 'K8vA1',
        externalLinks: { spotify: [{ url: 'https://open.spotify.com/artist/7aXvTq0nLmYc2RkE9wBzD1?si=x' }] },
      },
      { name: 'Zero Hour', type: 'attraction', id: 'K8vA2' },
    ],
  },
  ...changes,
});
