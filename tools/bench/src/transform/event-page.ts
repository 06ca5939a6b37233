/** A synthetic page of events in the shape of the Discovery API. */
export interface EventPage {
  /** As it comes over the wire. */
  readonly text: string;
  readonly events: number;
}

const text = (words: number, seed: number): string => Array.from({ length: words }, (_, n) => WORDS[(n * 7 + seed) % WORDS.length]).join(' ');
const WORDS = 'doors open an hour before the show and the bar is on the first floor no bags larger than a sheet of paper'.split(' ');

const images = (id: string, count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({
    ratio: ['16_9', '3_2', '4_3'][n % 3],
    url: `https://images.example/dam/a/${id}/${n}c88417d-48b3-4d51-a6de-65762caeb159_1254621_TABLET_LANDSCAPE_LARGE_16_9.jpg`,
    width: 205 * (n + 1),
    height: 115 * (n + 1),
    fallback: n === 3,
  }));

const level = (kind: string, n: number): object => ({ id: `KZFz${kind}${n % 40}ZfZ7v`, name: `${kind} ${n % 40}` });
const classification = (n: number): object => ({
  primary: true,
  segment: level('Segment', n % 5),
  genre: level('Genre', n % 20),
  subGenre: level('Kind', n),
  type: { id: 'KZAyXgnZfZ7v7nI', name: 'Undefined' },
  subType: { id: 'KZFzBErXgnZfZ7v7lJ', name: 'Undefined' },
  family: false,
});

/** All that an event can have. */
const largeEvent = (n: number): object => {
  const event = compactEvent(n) as { _embedded: { venues: object[]; attractions: object[] }; sales: object };
  return {
    ...event,
    images: images(`event${n}`, 10),
    sales: { ...event.sales, presales: [{ name: 'Members', startDateTime: '2026-01-10T10:00:00Z', endDateTime: '2026-01-12T22:00:00Z' }] },
    promoter: { id: '4175', name: 'Paper Lantern Live', description: 'Paper Lantern Live / NTL / USA' },
    promoters: [{ id: '4175', name: 'Paper Lantern Live', description: 'Paper Lantern Live / NTL / USA' }],
    info: text(60, n),
    pleaseNote: text(80, n + 1),
    seatmap: { staticUrl: `https://maps.example/geometry/3/event/${n}/staticImage?type=png`, id: 'seatmap' },
    accessibility: { ticketLimit: 4, id: 'accessibility' },
    ageRestrictions: { legalAgeEnforced: false, id: 'ageRestrictions' },
    ticketLimit: { info: 'There is an overall 8 ticket limit for this event.', id: 'ticketLimit' },
    ticketing: { safeTix: { enabled: true }, allInclusivePricing: { enabled: true }, id: 'ticketing' },
    _embedded: {
      venues: event._embedded.venues.map((venue) => ({
        ...venue,
        images: images(`venue${n % 50}`, 1),
        boxOfficeInfo: { phoneNumberDetail: '555-0100', openHoursDetail: text(20, n), acceptedPaymentDetail: text(15, n) },
        parkingDetail: text(25, n),
        generalInfo: { generalRule: text(20, n), childRule: text(12, n) },
        upcomingEvents: { ticketmaster: 40, _total: 40, _filtered: 0 },
      })),
      attractions: event._embedded.attractions.map((attraction) => ({
        ...attraction,
        images: images(`attraction${n % 90}`, 10),
        classifications: [classification(n)],
        upcomingEvents: { ticketmaster: 12, _total: 12, _filtered: 0 },
      })),
    },
  };
};

/** What most events have, without pictures and texts. */
const compactEvent = (n: number): object => {
  const day = String(1 + (n % 28)).padStart(2, '0');
  return {
    name: `A night with number ${n}`,
    type: 'event',
    id: `vvG1${String(n).padStart(6, '0')}`,
    test: false,
    url: `https://tickets.example/event/${n}`,
    locale: 'en-us',
    sales: { public: { startDateTime: '2026-01-16T15:00:00Z', startTBD: false, startTBA: false, endDateTime: `2026-05-${day}T02:00:00Z` } },
    dates: {
      start: {
        localDate: `2026-05-${day}`,
        localTime: '19:30:00',
        dateTime: `2026-05-${day}T23:30:00Z`,
        dateTBD: false,
        dateTBA: false,
        timeTBA: false,
        noSpecificTime: false,
      },
      timezone: 'America/New_York',
      status: { code: n % 9 === 0 ? 'postponed' : 'onsale' },
      spanMultipleDays: false,
    },
    classifications: [classification(n)],
    priceRanges: [{ type: 'standard', currency: 'USD', min: 20.5 + (n % 50), max: 120 }],
    _embedded: {
      venues: [
        {
          name: `Hall ${n % 50}`,
          type: 'venue',
          id: `KovZ${n % 50}`,
          test: false,
          locale: 'en-us',
          postalCode: '04101',
          timezone: 'America/New_York',
          city: { name: 'Harborview' },
          state: { name: 'Maine', stateCode: 'ME' },
          country: { name: 'United States Of America', countryCode: 'US' },
          address: { line1: `${n % 50} Quay Street` },
          location: { longitude: '-70.25520000', latitude: '43.65910000' },
        },
      ],
      attractions: [
        {
          name: `Number ${n % 90}`,
          type: 'attraction',
          id: `K8vZ${n % 90}`,
          test: false,
          locale: 'en-us',
          externalLinks: { spotify: [{ url: `https://open.spotify.com/artist/7aXvTq0nLmYc2RkE9wBz${String(n % 90).padStart(2, '0')}` }] },
        },
      ],
    },
  };
};

/** @param kind `large`: with pictures and texts, as the service sends them; `compact`: without */
export function eventPage(kind: 'large' | 'compact', events: number): EventPage {
  const list = Array.from({ length: events }, (_, n) => (kind === 'large' ? largeEvent(n) : compactEvent(n)));
  const page = { size: events, totalElements: events, totalPages: 1, number: 0 };
  return { text: JSON.stringify({ _embedded: { events: list }, _links: { self: { href: '/discovery/v2/events.json' } }, page }), events };
}
