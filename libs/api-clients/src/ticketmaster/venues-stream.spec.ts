import type { Json, Page } from '@loadin/pipeline';
import { from, idsOf, notesOf, readAll, readOptions, recordsOf, startWorld, type ReadSlice, type World } from '../upstreams.fixture.js';
import { deliveredBy, interruptions } from '../streams.fixture.js';
import type { TicketmasterClient } from './client.js';
import { createTicketmasterVenuesStream } from './venues-stream.js';

// Some of these read thousands of venues over HTTP.
jest.setTimeout(30_000);

describe('createTicketmasterVenuesStream', () => {
  const streamOf = (world: World, countries = ['US', 'SE']) => createTicketmasterVenuesStream({ client: world.ticketmaster(), countries });
  const stateOf = (raw: Json): string | undefined => (raw as { state?: { stateCode?: string } }).state?.stateCode;
  /** A landed page of events that embed these venues. */
  const eventPage = (world: World, ids: readonly string[], country = 'US'): Page => ({
    request: `GET /discovery/v2/events.json?countryCode=${country}&page=0`,
    position: null,
    records: [
      null,
      { id: 'no venue' },
      ...ids.map((id) => {
        const venue = world.upstreams.catalogue.view().venueById.get(id);
        return { id: `event at ${id}`, _embedded: { venues: [null, { id, country: { countryCode: venue?.countryCode ?? country } }] } };
      }),
    ],
  });
  const landing = (...pages: Page[]) => ({ landed: (id: string) => from(id === 'ticketmaster.events' ? pages : []) });

  describe('a country with more venues than a search gives, and a state too', () => {
    let world: World;
    let read: ReadSlice[];
    let hidden: string[];
    beforeAll(async () => {
      world = await startWorld();
      hidden = world.upstreams.catalogue.allVenues().flatMap((venue) => (venue.hidden ? [venue.id] : []));
      read = await readAll(streamOf(world), landing(eventPage(world, hidden)));
    });
    afterAll(() => world.close());

    it('19. has exactly the ids that there are: states, a crowded state by areas, and the venues that events embed', () => {
      const { catalogue } = world.upstreams;
      expect(idsOf(streamOf(world), read)).toEqual(catalogue.expected.venues({ countries: ['US', 'SE'] }));
      const california = recordsOf(read).filter((raw) => stateOf(raw) === 'CA');
      expect(new Set(california.map((raw) => (raw as { id: string }).id)).size).toBeGreaterThan(1_100);
      expect(notesOf(read)).toEqual([]);
    });

    it('19. stops as soon as the announced number is reached', () => {
      const { calls, statuses } = world.upstreams.requests().byApi.ticketmaster;
      expect(calls).toBeLessThan(95);
      expect(statuses).toEqual({ '200': calls });
    });

    it('takes from events only what no search gave, each once', () => {
      const embedded =
        read[0]?.pages.filter(({ request }) => request === 'embedded in ticketmaster.events?country=US').flatMap(({ records }) => records) ?? [];
      expect(embedded.length).toBeGreaterThan(0);
      expect(embedded.every((raw) => hidden.includes((raw as { id: string }).id))).toBe(true);
    });

    it('is read after the events of the same job', () => {
      expect(streamOf(world).readsAfter).toEqual(['ticketmaster.events']);
    });

    it('marks its last page with position null, and keeps positions small', () => {
      for (const { pages } of read)
        expect(pages.map(({ position }) => position === null)).toEqual(pages.map((_, index) => index === pages.length - 1));
      expect(Math.max(...read.flatMap(({ pages }) => pages.map(({ position }) => JSON.stringify(position).length)))).toBeLessThan(4_000);
    });

    it.each([2, 6, 9, 30])('goes on after page %i of an earlier attempt, and both together have all ids', async (index) => {
      const [us] = read;
      if (us === undefined) return;
      const earlier = us.pages.slice(0, index + 1);
      const after = JSON.parse(JSON.stringify(earlier.at(-1)?.position)) as Json;
      const later: Page[] = [];
      const landed = (id: string) => from(id === 'ticketmaster.events' ? [eventPage(world, hidden)] : earlier);
      for await (const page of streamOf(world).read(us.slice, readOptions({ after, landed }))) later.push(page);
      const both = [{ slice: us.slice, pages: [...earlier, ...later] }];
      expect(idsOf(streamOf(world), both)).toEqual(idsOf(streamOf(world), [us]));
      expect(notesOf(both)).toEqual([]);
    });
  });

  describe('venues that are followed by id', () => {
    let world: World;
    beforeAll(async () => {
      world = await startWorld();
    });
    afterAll(() => world.close());
    const followed = (): string[] => {
      const venues = world.upstreams.catalogue
        .allVenues()
        .filter(({ hidden, countryCode }, index) => hidden || (countryCode !== 'US' && index % 20 === 0));
      return venues.map(({ id }) => id);
    };
    const streamWith = (countries: string[], venueIds: string[]) =>
      createTicketmasterVenuesStream({ client: world.ticketmaster(), countries, venueIds });

    it('are one slice, 100 in a call, with a null for an id that does not exist', async () => {
      const stream = streamWith([], [...followed(), 'KovZnone']);
      expect(stream.readsAfter).toBeUndefined();
      const read = await readAll(stream);
      expect(read.map(({ slice }) => slice.name)).toEqual(['ids']);
      expect(idsOf(stream, read)).toEqual(followed().sort());
      expect(recordsOf(read).filter((raw) => raw === null)).toHaveLength(1);
      expect(world.upstreams.requests().byApi.ticketmaster.calls).toBe(Math.ceil((followed().length + 1) / 100) + 1);
    });

    it('come once, by their id, when their country is read too, although no search gives some of them', async () => {
      const countries = ['SE', 'GB'];
      const stream = streamWith(countries, followed());
      const read = await readAll(stream);
      const truth = [...world.upstreams.catalogue.expected.venues({ countries }), ...followed()];
      expect(deliveredBy(stream, read)).toEqual([...new Set(truth)].sort());
    });

    it('go on after any page of an earlier attempt', async () => {
      const many = world.upstreams.catalogue.venueIds().slice(0, 420);
      const stream = streamWith([], [...many]);
      const [read] = await readAll(stream);
      if (read === undefined) throw new Error('no slice');
      for await (const { ids, pages } of interruptions({ stream, ...read })) {
        expect(ids).toEqual([...many].sort());
        expect(pages).toHaveLength(5);
      }
    });
  });

  it('19. reports venues that no search and no event gives as truncated, with their number', async () => {
    const world = await startWorld({ unreachableVenues: 7 });
    const { catalogue } = world.upstreams;
    const stream = streamOf(world, ['US']);
    const read = await readAll(stream);
    const missing = catalogue.venueIds('US').length - idsOf(stream, read).length;
    expect(missing).toBeGreaterThan(0);
    expect(notesOf(read)).toEqual([
      {
        kind: 'truncated',
        message: `${missing} of ${catalogue.venueIds('US').length} venues (US) are in no search that can be paged through, and no event embeds them`,
        missing,
      },
    ]);
    const found = new Set(idsOf(stream, read));
    expect(catalogue.searchableVenueIds('US').filter((id) => !found.has(id))).toEqual([]);
    expect(world.upstreams.requests().byApi.ticketmaster.calls).toBeLessThan(200);
    await world.close();
  });

  it('19. looks for the last venues in 24 far areas, also when each has too many, and goes on with that number after an interruption', async () => {
    const asked: string[] = [];
    const near = new Set<string>();
    const items = Array.from({ length: 200 }, (_, i) => ({ id: `V${i}`, location: { latitude: String(10 + i / 100), longitude: '10' } }));
    const page = (kind: string, query: Record<string, string>, number: number) => {
      const geoPoint = query['geoPoint'];
      if (geoPoint !== undefined) {
        if (near.size === 0)
          near.add(geoPoint); // the area of the known venues comes first, and has nothing more
        else if (number === 0) asked.push(geoPoint);
      }
      const totalElements = geoPoint !== undefined && near.has(geoPoint) ? 0 : 1_500;
      // Every far search brings a new venue, so that its page is delivered and can be gone on from.
      const found = totalElements === 0 ? [] : geoPoint === undefined ? items : [{ id: `far ${geoPoint} ${query['radius']}` }];
      const request = `GET /${kind}?${new URLSearchParams(query).toString()}&page=${number}`;
      return Promise.resolve({ items: found, paging: { size: 200, number, totalElements, totalPages: 8 }, request });
    };
    const stream = createTicketmasterVenuesStream({ client: { page } as unknown as TicketmasterClient, countries: ['ZZ'] });
    const [read] = await readAll(stream);
    expect(asked).toHaveLength(24);
    expect(notesOf(read ? [read] : [])).toMatchObject([{ kind: 'truncated' }]);

    const pages = read?.pages ?? [];
    const far = pages.flatMap(({ request }, index) => (request.includes('geoPoint') ? [index] : []));
    for (const [index, at] of [far.at(0), far.at(11), far.at(23)].entries()) {
      if (read === undefined || at === undefined) throw new Error('no such page');
      asked.length = 0;
      const earlier = pages.slice(0, at + 1);
      const after = earlier.at(-1)?.position ?? null;
      for await (const { records } of stream.read(read.slice, readOptions({ after, landed: () => from(earlier) }))) expect(records).toBeDefined();
      expect(asked).toHaveLength([23, 12, 0][index] ?? -1);
    }
  });

  it('pages plainly through a country with few venues, and finds an embedded one without a country by the search of its event', async () => {
    const world = await startWorld();
    const event = { id: 'E', _embedded: { venues: [{ id: 'V-new' }, { id: 'V-else', country: { countryCode: 'NO' } }] } };
    const page: Page = { request: 'GET /discovery/v2/events.json?countryCode=IE&page=0', position: null, records: [event as unknown as Json] };
    const stream = streamOf(world, ['IE', 'SE']);
    const read = await readAll(stream, landing(page));
    expect(idsOf(stream, read)).toEqual([...world.upstreams.catalogue.expected.venues({ countries: ['IE', 'SE'] }), 'V-new'].sort());
    expect(world.upstreams.requests().byApi.ticketmaster.calls).toBe(2);
    await world.close();
  });

  describe('a venue without a country in events', () => {
    const venue = (id: string, countryCode?: string): Json => ({ id, ...(countryCode !== undefined && { country: { countryCode } }) });
    const foundBy = (countryCode: string, ...venues: Json[]): Page => ({
      request: `GET /discovery/v2/events.json?countryCode=${countryCode}&page=0`,
      position: null,
      records: [{ id: `found by ${countryCode}`, _embedded: { venues } }],
    });
    /** Which slices deliver V. */
    const slicesOf = async (...pages: Page[]): Promise<string[]> => {
      const world = await startWorld();
      const stream = streamOf(world, ['IE', 'SE']);
      const read = await readAll(stream, landing(...pages));
      await world.close();
      return read.flatMap(({ slice, pages: own }) =>
        own.flatMap(({ records }) => records.filter((raw) => stream.key(raw) === 'V' && stream.belongs?.(raw, slice)).map(() => slice.name)),
      );
    };

    it('goes out once, with the country of its event, when two searches found that event', async () => {
      const venues = [venue('V'), venue('W', 'SE'), venue('X', 'IE')];
      expect(await slicesOf(foundBy('IE', ...venues), foundBy('SE', ...venues))).toEqual(['SE']);
    });

    it('goes out once when its events are in two countries', async () => {
      expect(await slicesOf(foundBy('SE', venue('V'), venue('W', 'SE')), foundBy('IE', venue('V'), venue('X', 'IE')))).toEqual(['SE']);
    });

    it('goes out once, with its own country, when another event tells it', async () => {
      expect(await slicesOf(foundBy('SE', venue('V'), venue('W', 'SE')), foundBy('IE', venue('V', 'IE')))).toEqual(['IE']);
      expect(await slicesOf(foundBy('IE', venue('V', 'IE')), foundBy('SE', venue('V'), venue('W', 'SE')))).toEqual(['IE']);
    });

    it('goes out once when its event tells no country that is read, and two searches found that', async () => {
      expect(await slicesOf(foundBy('SE', venue('V')), foundBy('IE', venue('V')))).toEqual(['SE']);
      expect(await slicesOf(foundBy('SE', venue('N', 'NO'), venue('V')), foundBy('IE', venue('N', 'NO'), venue('V')))).toEqual(['SE']);
    });
  });

  it('gives a venue to the slice of its country, and one without a country to the first slice that claims it', async () => {
    const world = await startWorld();
    const stream = streamOf(world);
    const owners = (raw: Json) => stream.plan({ scheduledTime: '2026-03-01T12:00:00Z' }).map((slice) => stream.belongs?.(raw, slice));
    expect(owners({ id: 'V', country: { countryCode: 'SE' } })).toEqual([false, true]);
    expect(owners({ id: 'V' })).toEqual(['unclaimed', 'unclaimed']);
    await world.close();
  });
});
