import { reasonsOf, recordOf } from '../parsed.fixture.js';
import { noFlags, ticketmasterEvent, ticketmasterVenue } from '../samples/raw.js';
import { parseConcert } from './parse-concert.js';

const concert = (changes: Record<string, unknown>) => recordOf(parseConcert(ticketmasterEvent(changes)));
const price = (known: Record<string, string>) => ({ type: null, currency: null, min: null, max: null, ...known });
const withStart = (start: Record<string, unknown>, more: Record<string, unknown> = {}) => concert({ dates: { start, ...more } });

describe('parseConcert', () => {
  it('normalizes an event, its fields in a fixed order', () => {
    expect(JSON.stringify(concert({}), null, 1)).toBe(
      JSON.stringify(
        {
          concert_id: 'ticketmaster_vvGsynth01',
          name: 'An ordinary night',
          attractions: [
            { attraction_id: 'ticketmaster_K8vA1', name: 'The Paper Lanterns', spotify_id: '7aXvTq0nLmYc2RkE9wBzD1', spotify_link: 'exact' },
            { attraction_id: 'ticketmaster_K8vA2', name: 'Zero Hour', spotify_id: null, spotify_link: null },
          ],
          venue_id: 'ticketmaster_KovZsynth01',
          venue_name: 'Quayside Hall',
          date_status: 'dated',
          start_datetime_utc: '2026-05-03T23:30:00Z',
          local_date: '2026-05-03',
          local_time: '19:30:00',
          end_datetime_utc: null,
          end_local_date: null,
          end_local_time: null,
          end_approximate: null,
          spans_multiple_days: null,
          timezone: 'America/New_York',
          initial_start_datetime_utc: null,
          initial_start_local_date: null,
          initial_start_local_time: null,
          status: 'onsale',
          segment: 'Music',
          genre: 'Rock',
          subgenre: null,
          price_ranges: [{ type: 'standard', currency: 'USD', min: '39.5', max: '120' }],
          onsale_status: 'dated',
          onsale_start: '2026-01-16T15:00:00Z',
          onsale_end: '2026-05-04T02:00:00Z',
          presales: null,
          url: 'https://tickets.example/event/vvGsynth01',
          country_code: 'US',
          ticketmaster_id: 'vvGsynth01',
          source: 'ticketmaster',
        },
        null,
        1,
      ),
    );
  });

  it('loads an event of which only the id is known, with everything else null', () => {
    const { concert_id, ticketmaster_id, source, ...rest } = recordOf(parseConcert({ id: 'vvG1' }));
    expect([concert_id, ticketmaster_id, source]).toEqual(['ticketmaster_vvG1', 'vvG1', 'ticketmaster']);
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  describe('the start', () => {
    const full = { localDate: '2026-05-03', localTime: '19:30:00', dateTime: '2026-05-03T23:30:00Z' };
    const unknown = { start_datetime_utc: null, local_date: null, local_time: null };

    it.each([
      ['to be announced', { ...noFlags, dateTBA: true }, { date_status: 'date_tba', ...unknown }],
      ['to be decided', { ...noFlags, dateTBD: true }, { date_status: 'date_tbd', ...unknown }],
      ['a placeholder beside "to be announced"', { ...full, ...noFlags, dateTBA: true }, { date_status: 'date_tba', ...unknown }],
      ['a placeholder beside "to be decided"', { ...full, dateTBD: true }, { date_status: 'date_tbd', ...unknown }],
      ['nothing', {}, { date_status: null, ...unknown }],
      ['a time alone', { localTime: '19:30:00' }, { date_status: null, ...unknown }],
      [
        'local date and time, no instant',
        { localDate: '2026-05-03', localTime: '19:30' },
        { date_status: 'dated', start_datetime_utc: null, local_date: '2026-05-03', local_time: '19:30:00' },
      ],
      [
        'an instant alone',
        { dateTime: '2026-05-03T23:30:00Z' },
        { date_status: 'dated', start_datetime_utc: '2026-05-03T23:30:00Z', local_date: null },
      ],
    ])('is %s', (_case, start, expected) => {
      expect(withStart(start)).toMatchObject(expected);
    });

    it.each([
      ['a date and a time to be announced', { localDate: '2026-05-03', timeTBA: true }, 'time_tba'],
      ['a date and a placeholder beside "time to be announced"', { ...full, timeTBA: true }, 'time_tba'],
      ['a date without a specific time', { localDate: '2026-05-03', noSpecificTime: true }, 'no_specific_time'],
      ['a date alone', { localDate: '2026-05-03', ...noFlags }, 'no_specific_time'],
    ])('keeps the day of %s and makes up no time', (_case, start, status) => {
      expect(withStart(start)).toMatchObject({ date_status: status, local_date: '2026-05-03', local_time: null, start_datetime_utc: null });
    });

    it('keeps the first announced date of a postponed event', () => {
      const initialStartDate = { localDate: '2026-03-13', localTime: '19:30:00', dateTime: '2026-03-14T02:30:00Z' };
      expect(withStart({ ...noFlags, dateTBA: true }, { initialStartDate, status: { code: 'postponed' } })).toMatchObject({
        status: 'postponed',
        date_status: 'date_tba',
        start_datetime_utc: null,
        initial_start_datetime_utc: '2026-03-14T02:30:00Z',
        initial_start_local_date: '2026-03-13',
        initial_start_local_time: '19:30:00',
      });
    });
  });

  const noEnd = { end_datetime_utc: null, end_local_date: null, end_local_time: null, end_approximate: null, spans_multiple_days: null };

  it.each([
    ['nothing', undefined, {}],
    [
      'everything',
      { localDate: '2026-05-05', localTime: '23:00', dateTime: '2026-05-06T03:00:00Z', approximate: false },
      { end_datetime_utc: '2026-05-06T03:00:00Z', end_local_date: '2026-05-05', end_local_time: '23:00:00', end_approximate: false },
    ],
    [
      'an estimate without a day',
      { localTime: '23:00:00', dateTime: '2026-05-06T03:00:00Z', approximate: true },
      { end_datetime_utc: '2026-05-06T03:00:00Z', end_local_time: '23:00:00', end_approximate: true },
    ],
    [
      'a day, with a placeholder beside "no specific time"',
      { localDate: '2026-05-05', localTime: '00:00:00', dateTime: '2026-05-05T04:00:00Z', noSpecificTime: true },
      { end_local_date: '2026-05-05' },
    ],
  ])('reads an end of which is known: %s', (_case, end, expected) => {
    expect(concert({ dates: { end } })).toMatchObject({ ...noEnd, ...expected });
  });

  it('says whether an event takes several days, when the source does', () => {
    expect([true, false, undefined].map((spanMultipleDays) => concert({ dates: { spanMultipleDays } }).spans_multiple_days)).toEqual([
      true,
      false,
      null,
    ]);
  });

  it('falls back to the time zone of the venue, and to null', () => {
    expect(withStart({}).timezone).toBe('America/New_York');
    expect(withStart({}, { timezone: 'Europe/Oslo' }).timezone).toBe('Europe/Oslo');
    expect(concert({ dates: {}, _embedded: { venues: [ticketmasterVenue({ timezone: undefined })] } }).timezone).toBeNull();
  });

  it.each([
    ['onsale', 'onsale'],
    ['offsale', 'offsale'],
    ['cancelled', 'cancelled'],
    ['canceled', 'cancelled'],
    ['rescheduled', 'rescheduled'],
    ['Postponed', 'postponed'],
    ['teleported', null],
    [undefined, null],
  ])('reads the status %s', (code, expected) => {
    expect(withStart({}, { status: { code } }).status).toBe(expected);
  });

  it.each([
    ['a date', { startDateTime: '2026-01-16T15:00:00Z', startTBD: false }, ['dated', '2026-01-16T15:00:00Z', null]],
    ['1900-01-01', { startDateTime: '1900-01-01T06:00:00Z', endDateTime: '2026-05-04T02:00:00Z' }, [null, null, '2026-05-04T02:00:00Z']],
    ['1900-01-01 west of Greenwich', { startDateTime: '1900-01-01T00:00:00-08:00' }, [null, null, null]],
    ['to be decided', { startDateTime: '2026-01-16T15:00:00Z', startTBD: true }, ['tbd', null, null]],
    ['to be announced', { startDateTime: '2026-01-16T15:00:00Z', startTBA: true }, ['tba', null, null]],
    ['absent', {}, [null, null, null]],
  ])('reads an on-sale date that is %s', (_case, sales, expected) => {
    const { onsale_status, onsale_start, onsale_end } = concert({ sales: { public: sales } });
    expect([onsale_status, onsale_start, onsale_end]).toEqual(expected);
  });

  it('keeps the sales before the public one', () => {
    const presales = [
      {
        name: 'Fan club presale',
        startDateTime: '2026-01-14T15:00:00Z',
        endDateTime: '2026-01-15T04:59:00Z',
        url: 'https://tickets.example/presale',
      },
      null,
      { name: 'Some day', startDateTime: '1900-01-01T06:00:00Z' },
    ];
    expect(concert({ sales: { presales } }).presales).toEqual([
      {
        name: 'Fan club presale',
        start_datetime_utc: '2026-01-14T15:00:00Z',
        end_datetime_utc: '2026-01-15T04:59:00Z',
        url: 'https://tickets.example/presale',
      },
      { name: 'Some day', start_datetime_utc: null, end_datetime_utc: null, url: null },
    ]);
    expect([concert({ sales: { presales: [] } }).presales, concert({ sales: {} }).presales]).toEqual([[], null]);
  });

  it.each([
    ['absent', undefined, null],
    ['an empty list', [], []],
    ['free', [{ type: 'standard', currency: 'SEK', min: 0, max: 0 }], [{ type: 'standard', currency: 'SEK', min: '0', max: '0' }]],
    ['artefacts of binary fractions, kept as the source has them', [{ min: 0.1 + 0.2 }], [price({ min: '0.30000000000000004' })]],
    ['beyond what a number prints without exponent', [{ min: 1e21, max: 1e-7 }], [price({ min: '1000000000000000000000', max: '0.0000001' })]],
    ['below zero', [{ min: -5, max: '-0.50' }], [price({ min: '-5', max: '-0.50' })]],
    ['huge texts', [{ max: '123456789012345678901234567890.10' }], [price({ max: '123456789012345678901234567890.10' })]],
    ['a minus zero and a blank', [{ min: -0, max: ' ' }], [price({ min: '0' })]],
    ['half known', [{ currency: 'EUR', min: 12.34 }], [{ type: null, currency: 'EUR', min: '12.34', max: null }]],
    ['texts', [{ currency: 'EUR', min: '12.30', max: '' }], [{ type: null, currency: 'EUR', min: '12.30', max: null }]],
    ['null entries', [null, { max: 5 }], [{ type: null, currency: null, min: null, max: '5' }]],
  ])('reads prices that are %s', (_case, priceRanges, expected) => {
    expect(concert({ priceRanges }).price_ranges).toEqual(expected);
  });

  it.each([
    ['absent', undefined, [null, null, null]],
    ['an empty list', [], [null, null, null]],
    ['ids only', [{ primary: true, segment: { id: 'S1' }, genre: { id: 'G1' } }], [null, null, null]],
    ['"Undefined"', [{ segment: { name: 'Undefined' }, genre: { name: 'undefined' }, subGenre: { name: 'Undefined' } }], [null, null, null]],
    ['not marked primary', [null, { segment: { name: 'Arts' } }, { segment: { name: 'Music' } }], ['Arts', null, null]],
  ])('reads classifications that are %s', (_case, classifications, expected) => {
    const { segment, genre, subgenre } = concert({ classifications });
    expect([segment, genre, subgenre]).toEqual(expected);
  });

  it('takes an event without the list of attractions apart from one with an empty list', () => {
    expect(concert({ _embedded: {} }).attractions).toBeNull();
    expect(concert({ _embedded: { attractions: [] } }).attractions).toEqual([]);
  });

  it('loads attractions without a name, and without an id', () => {
    expect(concert({ _embedded: { attractions: [{ id: 'K1' }, null, { name: 'Nobody' }] } }).attractions).toEqual([
      { attraction_id: 'ticketmaster_K1', name: null, spotify_id: null, spotify_link: null },
      { attraction_id: null, name: 'Nobody', spotify_id: null, spotify_link: null },
    ]);
  });

  it.each([
    ['no venue list', {}],
    ['an empty venue list', { venues: [] }],
    ['only a null venue', { venues: [null] }],
  ])('loads an event with %s', (_case, _embedded) => {
    expect(concert({ _embedded })).toMatchObject({ venue_id: null, venue_name: null, country_code: null });
  });

  it('says everything that is wrong, with its path', () => {
    const odd = {
      dates: { start: { dateTime: 'soon', localDate: '2026-02-30', localTime: '25:00', timeTBA: 'yes' } },
      priceRanges: [{ min: 'cheap' }, 7, { min: '1e3' }, { max: '12,50' }],
      sales: { public: { startDateTime: '2026-01-16T15:00:00' } },
      _embedded: { venues: [null, { id: 'a b' }], attractions: 'none' },
    };
    expect(reasonsOf(parseConcert(ticketmasterEvent(odd)))).toEqual([
      { path: 'dates.start.dateTime', message: 'must be a time with its offset, such as 2026-05-03T17:00:00Z, is "soon"' },
      { path: 'dates.start.localDate', message: 'must be a date such as 2026-05-03, is "2026-02-30"' },
      { path: 'dates.start.localTime', message: 'must be a time such as 19:30:00, is "25:00"' },
      { path: 'dates.start.timeTBA', message: 'must be true or false, is a string' },
      { path: 'sales.public.startDateTime', message: 'must be a time with its offset, such as 2026-05-03T17:00:00Z, is "2026-01-16T15:00:00"' },
      { path: '_embedded.attractions', message: 'must be a list, is a string' },
      { path: '_embedded.venues[1].id', message: 'must be a text of 1 to 200 printable characters without spaces' },
      { path: 'priceRanges[0].min', message: 'must be a decimal number, is "cheap"' },
      { path: 'priceRanges[1]', message: 'must be an object, is a number' },
      { path: 'priceRanges[2].min', message: 'must be a decimal number, is "1e3"' },
      { path: 'priceRanges[3].max', message: 'must be a decimal number, is "12,50"' },
    ]);
  });
});
