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

/** A synthetic attraction in Ticketmaster's shape. */
export const ticketmasterAttraction = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'The Paper Lanterns',
  type: 'attraction',
  id: 'K8vA1',
  test: false,
  url: 'https://tickets.example/artist/K8vA1',
  locale: 'en-us',
  externalLinks: {
    spotify: [{ url: 'https://open.spotify.com/artist/7aXvTq0nLmYc2RkE9wBzD1' }],
    musicbrainz: [{ id: '0d9f1c7e-0000-4000-8000-000000000001' }],
    homepage: [{ url: 'https://paper-lanterns.example' }],
  },
  aliases: ['Paper Lanterns'],
  images: [
    { ratio: '16_9', url: 'https://images.example/genre', width: 2048, height: 1152, fallback: true },
    { ratio: '16_9', url: 'https://images.example/own-640', width: 640, height: 360, fallback: false },
    { ratio: '3_2', url: 'https://images.example/own-1024', width: 1024, height: 683, fallback: false },
  ],
  classifications: [
    { primary: true, segment: { id: 'S1', name: 'Music' }, genre: { id: 'G1', name: 'Rock' }, subGenre: { id: 'B1', name: 'Undefined' } },
  ],
  upcomingEvents: { _total: 12, _filtered: 0, tmr: 2, ticketmaster: 10 },
  ...changes,
});

/** A synthetic track in Spotify's shape. */
export const spotifyTrack = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  album: {
    album_type: 'single',
    artists: [{ id: '7aXvTq0nLmYc2RkE9wBzD1', name: 'The Paper Lanterns', type: 'artist' }],
    id: '3bXvTq0nLmYc2RkE9wBzA1',
    images: [
      { height: 64, url: 'https://images.example/64', width: 64 },
      { height: 640, url: 'https://images.example/640', width: 640 },
    ],
    name: 'Glow',
    release_date: '2024-03-08',
    release_date_precision: 'day',
    type: 'album',
  },
  artists: [
    { id: '7aXvTq0nLmYc2RkE9wBzD1', name: 'The Paper Lanterns', type: 'artist' },
    { id: '2cXvTq0nLmYc2RkE9wBzE2', name: 'Zero Hour', type: 'artist' },
  ],
  disc_number: 1,
  duration_ms: 179773,
  explicit: false,
  external_ids: { isrc: 'XXA012400001' },
  external_urls: { spotify: 'https://open.spotify.com/track/5cXvTq0nLmYc2RkE9wBzT1' },
  id: '5cXvTq0nLmYc2RkE9wBzT1',
  name: 'Glow (Live)',
  popularity: 12,
  track_number: 3,
  type: 'track',
  uri: 'spotify:track:5cXvTq0nLmYc2RkE9wBzT1',
  ...changes,
});
