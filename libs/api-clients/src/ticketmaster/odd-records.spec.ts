import fc from 'fast-check';
import type { Json, JsonObject, Page } from '@loadin/pipeline';
import { from, readOptions } from '../upstreams.fixture.js';
import type { TicketmasterClient } from './client.js';
import { createTicketmasterEventsStream } from './events-stream.js';
import { search, type Splitter } from '../kit/windows/search-plan.js';
import { createWindowSplitter } from '../kit/windows/window-splitter.js';
import { eventWindows } from './event-windows.js';
import { createVenueSplitter } from './venue-splitter.js';
import { createTicketmasterVenuesStream } from './venues-stream.js';

const scheduledTime = '2026-03-01T12:00:00Z';
const window = { countryCode: 'US', from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
const windowQuery = { countryCode: 'US', startDateTime: window.from, endDateTime: window.to };

/** A client whose every search has these items. */
function clientOf(items: readonly Json[]): TicketmasterClient {
  const page = (kind: string, query: Record<string, unknown>, number: number) =>
    Promise.resolve({
      items,
      paging: { size: 200, number, totalElements: items.length, totalPages: Math.ceil(items.length / 200) },
      request: `GET /${kind}?countryCode=${String(query['countryCode'])}&page=${number}`,
    });
  return { page } as unknown as TicketmasterClient;
}

const countries = ['US', 'CA'];
const eventsOf = (items: readonly Json[]) => createTicketmasterEventsStream({ client: clientOf(items), countries, horizonDays: 30 });
const venuesOf = (items: readonly Json[]) => createTicketmasterVenuesStream({ client: clientOf(items), countries });

/** All that looks at raw records before they are landed and transformed. */
async function look(records: readonly Json[]): Promise<Page[]> {
  const pages: Page[] = [];
  const landed = () => from([{ records, position: null, request: 'GET /events?countryCode=US' }]);
  for (const stream of [eventsOf(records), venuesOf(records), venuesOf([])]) {
    for (const slice of stream.plan({ scheduledTime })) {
      for (const raw of records) {
        stream.key(raw);
        stream.belongs?.(raw, slice);
      }
      for await (const page of stream.read(slice, readOptions({ landed }))) pages.push(page);
    }
  }
  const splitters: Splitter[] = [
    createWindowSplitter({ declaration: eventWindows('US'), bases: [{ countryCode: 'US' }], windows: [window] }),
    createVenueSplitter({ countryCode: 'US', embedded: () => from([]) }),
  ];
  for (const splitter of splitters) {
    splitter.start();
    for (const raw of records) if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) splitter.saw('id', raw as JsonObject, windowQuery);
    splitter.tooMany(search(windowQuery), 2_000, Array.from({ length: 30 }, () => records).flat());
    splitter.settle({
      kind: 'step',
      step: splitter === splitters[0] ? 'each' : 'areas',
      data: { query: windowQuery, by: 'segmentId', left: [], total: 1 }, // as earlier versions stored it
    });
  }
  return pages;
}

const odd = (shape: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 3, arbitrary: shape }, { weight: 1, arbitrary: fc.jsonValue() });
const some = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  odd(fc.record(Object.fromEntries(Object.entries(shape).map(([name, value]) => [name, odd(value)])), { requiredKeys: [] }));
const id = fc.constantFrom('A', 'B', 'C', '');
const venue = some({
  id,
  country: some({ countryCode: fc.constantFrom('US', 'CA', 'NO', '') }),
  state: some({ stateCode: fc.constantFrom('NY', '') }),
  location: some({ latitude: fc.constantFrom('40.7', 'x'), longitude: fc.constantFrom('-74', '') }),
});
const event = some({
  id,
  dates: some({ start: some({ dateTime: fc.constantFrom('2026-03-09T20:00:00Z', 'soon'), localDate: fc.constant('2026-03-09') }) }),
  classifications: fc.array(some({ segment: some({ id }) }), { maxLength: 3 }),
  place: some({ country: some({ countryCode: fc.constantFrom('US', 'NO') }) }),
  _embedded: some({ venues: fc.array(venue, { maxLength: 3 }) }),
});

describe('records of odd shapes', () => {
  it.each<[string, Json]>([
    ['a null classification', { id: 'E', classifications: [null] }],
    ['classifications that are no list', { id: 'E', classifications: {} }],
    ['venues that are no list', { id: 'E', _embedded: { venues: {} } }],
    ['a null segment', { id: 'E', classifications: [{ segment: null }] }],
    ['an _embedded that is text', { id: 'E', _embedded: 'none' }],
    ['a date that is no text', { id: 'E', dates: { start: { dateTime: { toString: 1 } } } }],
    ['coordinates that are no numbers', { id: 'V', location: { latitude: { valueOf: null, toString: 1 }, longitude: [] } }],
    ['a country that is null', { id: 'V', country: null, state: null, location: null }],
  ])('reach the landing as they are: %s', async (_name, raw) => {
    const pages = await look([raw, { id: 'good' }]);
    expect(pages.filter(({ records }) => records.includes(raw)).length).toBeGreaterThanOrEqual(4);
  });

  it('never stop a read, whatever JSON they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(event, venue, fc.jsonValue()) as fc.Arbitrary<Json>, { maxLength: 6 }), async (records) => {
        await look(records);
      }),
      { seed: 20_260_301, numRuns: 400 },
    );
  });
});
