import { noFlags, ticketmasterEvent, ticketmasterVenue } from './raw.js';
import { good, odd, wrong, type Sample } from './sample.js';

const dates = (start: Record<string, unknown>, more: Record<string, unknown> = {}) => ticketmasterEvent({ dates: { start, ...more } });
const placeholder = { localDate: '2026-05-03', localTime: '19:30:00', dateTime: '2026-05-03T23:30:00Z' };
const nothing = { start_datetime_utc: null, local_date: null, local_time: null };

const DATED: readonly Sample[] = [
  good('events', 'a dated event with venue, price and two attractions', ticketmasterEvent(), {
    concert_id: 'ticketmaster_vvGsynth01',
    venue_id: 'ticketmaster_KovZsynth01',
    date_status: 'dated',
    start_datetime_utc: '2026-05-03T23:30:00Z',
    local_date: '2026-05-03',
    local_time: '19:30:00',
    timezone: 'America/New_York',
    status: 'onsale',
    segment: 'Music',
    genre: 'Rock',
    subgenre: null,
    price_ranges: [{ type: 'standard', currency: 'USD', min: '39.5', max: '120' }],
    onsale_status: 'dated',
    onsale_start: '2026-01-16T15:00:00Z',
  }),
  good(
    'events',
    'several days, with an end and a presale',
    ticketmasterEvent({
      dates: {
        start: placeholder,
        end: { localDate: '2026-05-05', localTime: '23:00:00', dateTime: '2026-05-06T03:00:00Z', approximate: true },
        spanMultipleDays: true,
      },
      sales: { presales: [{ name: 'Fan club presale', startDateTime: '2026-01-14T15:00:00Z', url: 'https://tickets.example/presale' }] },
    }),
    {
      end_datetime_utc: '2026-05-06T03:00:00Z',
      end_local_date: '2026-05-05',
      end_approximate: true,
      spans_multiple_days: true,
      presales: [
        { name: 'Fan club presale', start_datetime_utc: '2026-01-14T15:00:00Z', end_datetime_utc: null, url: 'https://tickets.example/presale' },
      ],
    },
  ),
  odd('events', 'a date to be announced, beside a placeholder', dates({ ...placeholder, ...noFlags, dateTBA: true }), {
    date_status: 'date_tba',
    ...nothing,
  }),
  odd('events', 'a date to be decided', dates({ ...noFlags, dateTBD: true }), { date_status: 'date_tbd', ...nothing }),
  odd('events', 'a day, its time to be announced', dates({ ...placeholder, timeTBA: true }), {
    date_status: 'time_tba',
    local_date: '2026-05-03',
    local_time: null,
    start_datetime_utc: null,
  }),
  odd('events', 'a day without a specific time', dates({ localDate: '2026-05-03', noSpecificTime: true }), {
    date_status: 'no_specific_time',
    local_date: '2026-05-03',
    local_time: null,
  }),
  odd(
    'events',
    'postponed, the new date to be announced: the first one is kept',
    dates({ ...noFlags, dateTBA: true }, { initialStartDate: placeholder, status: { code: 'postponed' } }),
    { status: 'postponed', ...nothing, initial_start_datetime_utc: '2026-05-03T23:30:00Z', initial_start_local_date: '2026-05-03' },
  ),
  odd('events', 'a time with another offset', dates({ dateTime: '2026-05-03T19:30:00-04:00' }), { start_datetime_utc: '2026-05-03T23:30:00Z' }),
];

const SPARSE: readonly Sample[] = [
  odd('events', 'no time zone: that of the venue', ticketmasterEvent({ dates: { start: placeholder } }), { timezone: 'America/New_York' }),
  odd('events', 'on sale since 1900, which means unknown', ticketmasterEvent({ sales: { public: { startDateTime: '1900-01-01T06:00:00Z' } } }), {
    onsale_status: null,
    onsale_start: null,
  }),
  odd(
    'events',
    'on sale at a time to be decided',
    ticketmasterEvent({ sales: { public: { startDateTime: '2026-01-16T15:00:00Z', startTBD: true } } }),
    {
      onsale_status: 'tbd',
      onsale_start: null,
    },
  ),
  odd(
    'events',
    'prices at the edge: free, an artefact of binary fractions, an exponent, a text',
    ticketmasterEvent({
      priceRanges: [
        { currency: 'SEK', min: 0, max: 0.1 + 0.2 },
        { min: 1e21, max: '12.30' },
      ],
    }),
    {
      price_ranges: [
        { type: null, currency: 'SEK', min: '0', max: '0.30000000000000004' },
        { type: null, currency: null, min: '1000000000000000000000', max: '12.30' },
      ],
    },
  ),
  odd(
    'events',
    'neither venue nor attractions nor prices',
    ticketmasterEvent({ _embedded: undefined, priceRanges: undefined, classifications: undefined }),
    {
      venue_id: null,
      attractions: null,
      price_ranges: null,
      segment: null,
    },
  ),
  odd(
    'events',
    'attractions without a name or an id, a venue without a country',
    ticketmasterEvent({ _embedded: { attractions: [{ id: 'K1' }, null, { name: 'Nobody' }], venues: [ticketmasterVenue({ country: undefined })] } }),
    {
      attractions: [
        { attraction_id: 'ticketmaster_K1', name: null, spotify_id: null, spotify_link: null },
        { attraction_id: null, name: 'Nobody', spotify_id: null, spotify_link: null },
      ],
      country_code: null,
    },
  ),
  odd('events', 'a status that nobody knows', ticketmasterEvent({ dates: { status: { code: 'teleported' } } }), { status: null, date_status: null }),
  odd('events', 'only an id', { id: 'vvG1' }, { concert_id: 'ticketmaster_vvG1', name: null, date_status: null }),
];

const WRONG: readonly Sample[] = [
  wrong('events', 'no id', ticketmasterEvent({ id: '' }), ['id']),
  wrong('events', 'an attraction in place of an event', ticketmasterEvent({ type: 'attraction' }), ['type']),
  wrong('events', 'a time without an offset: taking it for UTC would make up the hour', dates({ dateTime: '2026-05-03T19:30:00' }), [
    'dates.start.dateTime',
  ]),
  wrong('events', 'a day that no calendar has', dates({ localDate: '2026-02-30' }), ['dates.start.localDate']),
  wrong('events', 'prices in words', ticketmasterEvent({ priceRanges: [{ min: 'cheap' }, 7] }), ['priceRanges[0].min', 'priceRanges[1]']),
  wrong('events', 'a list in place of a record', [ticketmasterEvent()], ['']),
];

export const EVENTS: readonly Sample[] = [...DATED, ...SPARSE, ...WRONG];
