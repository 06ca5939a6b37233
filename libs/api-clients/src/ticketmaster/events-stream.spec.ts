import type { Belonging, Json, Page, Slice } from '@loadin/pipeline';
import {
  from,
  idsOf,
  notesOf,
  readAll,
  readOptions,
  recordsOf,
  scheduledTime,
  startWorld,
  type ReadSlice,
  type World,
} from '../upstreams.fixture.js';
import { createTicketmasterEventsStream } from './events-stream.js';
import type { TicketmasterEvent } from './types.js';

/** No reader can do with less: the full and the last pages of the dated events of each country, and the same for both kinds of undated ones. */
function leastCalls({ upstreams }: World, read: readonly ReadSlice[]): number {
  const pages = (events: readonly unknown[]): number => Math.max(1, Math.ceil(events.length / 200));
  const ofCountry = ({ slice: { bounds } }: ReadSlice): number => {
    const { countryCode, from: start, to } = bounds as { countryCode: string; from: string; to: string };
    const events = upstreams.catalogue.allEvents().filter((event) => event.countryCode === countryCode);
    const dated = events.filter(({ at }) => at !== undefined && at >= Date.parse(start) && at <= Date.parse(to));
    return pages(dated) + pages(events.filter(({ schedule }) => schedule === 'tba')) + pages(events.filter(({ schedule }) => schedule === 'tbd'));
  };
  return read.map(ofCountry).reduce((sum, calls) => sum + calls, 0);
}

const eventsOf = (read: readonly ReadSlice[]): TicketmasterEvent[] => recordsOf(read) as unknown as TicketmasterEvent[];

// Some of these read thousands of events over HTTP.
jest.setTimeout(30_000);

describe('createTicketmasterEventsStream', () => {
  const countries = ['US', 'SE', 'IE'];
  const horizonDays = 200;
  const streamOf = (world: World, more = {}) => createTicketmasterEventsStream({ client: world.ticketmaster(), countries, horizonDays, ...more });
  const boundsOf = ({ bounds }: Slice) => bounds as { countryCode: string; from: string; to: string };
  const truth = (world: World, slices: readonly Slice[]): readonly string[] => {
    const { from: start = '', to = '' } = slices[0] === undefined ? {} : boundsOf(slices[0]);
    return world.upstreams.catalogue.expected.events({ countries: slices.map((slice) => boundsOf(slice).countryCode), from: start, to });
  };

  describe('reading seven months of a large and two small countries', () => {
    let world: World;
    let read: ReadSlice[];
    beforeAll(async () => {
      world = await startWorld();
      read = await readAll(streamOf(world));
    });
    afterAll(() => world.close());

    it('plans a slice for each country from the scheduled time alone', () => {
      expect(read.map(({ slice }) => slice)).toMatchObject([
        { ordinal: 0, name: 'US', bounds: { countryCode: 'US', from: '2026-02-28T12:00:00Z', to: '2026-09-17T12:00:00Z' } },
        { ordinal: 1, name: 'SE' },
        { ordinal: 2, name: 'IE' },
      ]);
    });

    it('19. finds exactly the ids that there are, although one search gives 1,000 and one evening has more', () => {
      expect(idsOf(streamOf(world), read)).toEqual(
        truth(
          world,
          read.map(({ slice }) => slice),
        ),
      );
      expect(notesOf(read)).toEqual([]);
    });

    it('19. delivers hardly anything twice', () => {
      const ids = eventsOf(read).map(({ id }) => id);
      expect(ids.length).toBe(new Set(ids).size);
    });

    it('19. wastes few calls', () => {
      const { calls, statuses } = world.upstreams.requests().byApi.ticketmaster;
      expect(calls).toBeLessThanOrEqual(1.15 * leastCalls(world, read));
      expect(statuses).toEqual({ '200': calls });
    });

    it('20. window edges leave no gap and no double', () => {
      const windows = world.upstreams
        .requests()
        .calls.map(({ target }) => new URLSearchParams(target.split('?')[1]))
        .filter(
          (query) =>
            query.get('countryCode') === 'US' &&
            query.get('startDateTime') !== null &&
            read[0]?.pages.some(({ request }) =>
              request.includes(`startDateTime=${query.get('startDateTime')}&endDateTime=${query.get('endDateTime')}`),
            ),
        );
      const delivered = [...new Set(windows.map((query) => `${query.get('startDateTime')} ${query.get('endDateTime')}`))].map((text) =>
        text.split(' ').map((time) => Date.parse(time ?? '')),
      );
      delivered.sort(([a = 0], [b = 0]) => a - b);
      for (const [index, [start = 0]] of delivered.entries()) if (index > 0) expect(start).toBeGreaterThan(delivered[index - 1]?.[1] ?? 0);
    });

    it('21. brings TBA and TBD events, and a postponed one with its initial date', () => {
      const events = eventsOf(read);
      expect(events.some(({ dates }) => dates?.start?.dateTBA)).toBe(true);
      expect(events.some(({ dates }) => dates?.start?.dateTBD)).toBe(true);
      const postponed = events.filter(({ dates }) => dates?.status?.code === 'postponed');
      expect(postponed.length).toBeGreaterThan(0);
      expect(postponed.every(({ dates }) => dates?.initialStartDate?.localDate !== undefined)).toBe(true);
    });

    it('knows its last page: position null there and nowhere else', () => {
      for (const { pages } of read)
        expect(pages.map(({ position }) => position === null)).toEqual(pages.map((_, index) => index === pages.length - 1));
    });

    it('keeps positions small', () => {
      const sizes = read.flatMap(({ pages }) => pages.map(({ position }) => JSON.stringify(position).length));
      expect(Math.max(...sizes)).toBeLessThan(4_000);
    });

    it('names requests that anyone with a key can repeat', () => {
      const [path, query] = read[1]?.pages[0]?.request.split('?') ?? [];
      expect(path).toBe('GET /discovery/v2/events.json');
      expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
        countryCode: 'SE',
        startDateTime: '2026-02-28T12:00:00Z',
        endDateTime: '2026-09-17T12:00:00Z',
        locale: '*',
        sort: 'id,asc',
        size: '200',
        page: '0',
      });
    });

    it('gives an event to the slice of its first venue that is read, and one that does not say where to the first slice that claims it', () => {
      const stream = streamOf(world);
      const [us, se] = read.map(({ slice }) => slice);
      const at = (...codes: (string | undefined)[]): Json =>
        ({
          id: 'E',
          _embedded: { venues: codes.map((countryCode) => ({ id: 'V', ...(countryCode && { country: { countryCode } }) })) },
        }) as unknown as Json;
      const owners = (raw: Json): (Belonging | undefined)[] => [us, se].map((slice) => slice && stream.belongs?.(raw, slice));
      expect(owners(at('SE'))).toEqual([false, true]);
      expect(owners(at('NO', 'US'))).toEqual([true, false]);
      for (const raw of [at(undefined), at('NO'), { id: 'E' }]) expect(owners(raw)).toEqual(['unclaimed', 'unclaimed']);
    });

    it.each([
      ['US', 21],
      ['SE', 0],
      ['SE', 1],
    ])('goes on in %s after page %i of an earlier attempt with the same requests', async (country, index) => {
      const whole = read.find(({ slice }) => slice.name === country);
      const earlier = whole?.pages.slice(0, index + 1) ?? [];
      const after = JSON.parse(JSON.stringify(earlier.at(-1)?.position)) as Json;
      const requests = earlier.map(({ request }) => request);
      if (whole)
        for await (const page of streamOf(world).read(whole.slice, readOptions({ after, landed: () => from(earlier) }))) requests.push(page.request);
      expect(requests).toEqual(whole?.pages.map(({ request }) => request));
    });
  });

  it.each([1, 2])('19. finds 12,000 events far over the caps with at most 1.15 times the calls that can not be saved (seed %i)', async (seed) => {
    const world = await startWorld({ seed, limits: { ticketmaster: { perSecond: 1e6, perDay: 1e6 } } });
    const { catalogue } = world.upstreams;
    const everywhere = [...new Set(catalogue.allEvents().map(({ countryCode }) => countryCode))];
    const stream = streamOf(world, { countries: everywhere, horizonDays: 430, lookBackDays: 3 });
    const read = await readAll(stream);
    expect(catalogue.allEvents()).toHaveLength(12_000);
    expect(idsOf(stream, read)).toEqual(catalogue.eventIds());
    expect(notesOf(read)).toEqual([]);
    const { total } = world.upstreams.requests();
    expect(total).toBeLessThanOrEqual(1.15 * leastCalls(world, read));
    await world.close();
  });

  it('goes on where an earlier version of this stream was interrupted', async () => {
    const world = await startWorld();
    const stream = streamOf(world);
    const [slice] = stream.plan({ scheduledTime });
    if (slice === undefined) throw new Error('no slice');
    // As it stored its position: in the middle of a window, the rest of the horizon and the undated events below it.
    const { from: start, to } = boundsOf(slice);
    const query = { countryCode: 'US', startDateTime: start, endDateTime: '2026-03-09T23:59:59Z' };
    const { items, paging, request } = await world.ticketmaster().page('events', query, 0);
    expect(paging.totalPages).toBeGreaterThan(1);
    const work = [
      { kind: 'search', query: { countryCode: 'US', includeTBD: 'only' }, page: 0 },
      { kind: 'search', query: { countryCode: 'US', includeTBA: 'only' }, page: 0 },
      { kind: 'search', query: { countryCode: 'US', startDateTime: '2026-03-10T00:00:00Z', endDateTime: to }, page: 0, expected: 5_000, cuts: [] },
      { kind: 'search', query, page: 1, total: paging.totalElements },
    ];
    const earlier: Page = { records: items as unknown as Json[], position: { work, state: null } as unknown as Json, request };
    const later: Page[] = [];
    for await (const page of stream.read(slice, readOptions({ after: earlier.position, landed: () => from([earlier]) }))) later.push(page);
    const read = [{ slice, pages: [earlier, ...later] }];
    expect(idsOf(stream, read)).toEqual(truth(world, [slice]));
    expect(notesOf(read)).toEqual([]);
    await world.close();
  });

  describe('when the source is odd', () => {
    let world: World;
    afterEach(() => world.close());

    it('19. splits a second that has too many by segment', async () => {
      world = await startWorld({ crowdedSecond: 1_300 });
      const stream = streamOf(world, { countries: ['US'], horizonDays: 121, lookBackDays: -120 });
      const read = await readAll(stream);
      expect(idsOf(stream, read)).toEqual(
        truth(
          world,
          read.map(({ slice }) => slice),
        ),
      );
      expect(notesOf(read)).toEqual([]);
    });

    it('19. reports what can not be split further as truncated, with its number, also after an interruption', async () => {
      world = await startWorld({ crowdedSecond: 2_200 });
      const stream = streamOf(world, { countries: ['US'], horizonDays: 121, lookBackDays: -120 });
      const [read] = await readAll(stream);
      const { slice, pages } = read ?? { slice: { ordinal: 0, name: '', bounds: {} }, pages: [] };
      const missing = truth(world, [slice]).length - idsOf(stream, [{ slice, pages }]).length;
      const truncated = [
        { kind: 'truncated', message: `${missing} of 2200 events (US at 2026-06-30T00:00:00Z) are in no search that can be paged through`, missing },
      ];
      expect(missing).toBeGreaterThan(0);
      expect(notesOf([{ slice, pages }])).toEqual(truncated);

      const earlier = pages.slice(0, pages.findIndex(({ request }) => request.includes('stateCode=NY')) + 1);
      expect(earlier.length).toBeGreaterThan(1);
      const later: Page[] = [];
      const after = JSON.parse(JSON.stringify(earlier.at(-1)?.position)) as Json;
      for await (const page of stream.read(slice, readOptions({ after, landed: () => from(earlier) }))) later.push(page);
      expect(notesOf([{ slice, pages: later }])).toEqual(truncated);
      expect(idsOf(stream, [{ slice, pages: [...earlier, ...later] }])).toEqual(idsOf(stream, [{ slice, pages }]));
    });

    it('19. is not misled by a total that stops counting', async () => {
      world = await startWorld({ limits: { ticketmaster: { maxTotalElements: 1_500 } } });
      const stream = streamOf(world, { countries: ['US'], lookBackDays: -100, horizonDays: 200 });
      const read = await readAll(stream);
      expect(idsOf(stream, read)).toEqual(
        truth(
          world,
          read.map(({ slice }) => slice),
        ),
      );
    });

    it('gives one empty last page for a country without events', async () => {
      world = await startWorld();
      const read = await readAll(streamOf(world, { countries: ['ZZ'] }));
      expect(read[0]?.pages).toMatchObject([{ records: [], position: null }]);
    });
  });
});
