import type { Page, Slice } from '@loadin/pipeline';
import { deliveredBy, idsIn, interruptions } from '../streams.fixture.js';
import { notesOf, readAll, recordsOf, scheduledTime, startWorld, type ReadSlice, type World } from '../upstreams.fixture.js';
import { coverage } from './coverage.js';
import { createTicketmasterEventsStream, type TicketmasterEventsStreamOptions } from './events-stream.js';
import type { Market } from './markets.js';

jest.setTimeout(60_000);

describe('events of markets', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ limits: { ticketmaster: { perSecond: 1e6, perDay: 1e6 } } });
  });
  beforeEach(() => world.renew());
  afterAll(() => world.close());

  const horizonDays = 60;
  const streamOf = (more: Partial<TicketmasterEventsStreamOptions>) =>
    createTicketmasterEventsStream({ client: world.ticketmaster(), horizonDays, ...more });
  const truth = (countries: readonly string[], markets: readonly Market[]): readonly string[] => {
    const { from, to } = coverage({ scheduledTime, horizonDays });
    return world.upstreams.catalogue.expected.events({ countries, markets, from, to });
  };
  const some = <T>(of: (event: ReturnType<World['upstreams']['catalogue']['allEvents']>[number]) => T | undefined, count: number): T[] => {
    const values = world.upstreams.catalogue.allEvents().flatMap((event) => of(event) ?? []);
    return [...new Set(values)].filter((_, index) => index % 40 === 0).slice(0, count) as T[];
  };

  it.each<[string, () => Market]>([
    ['a country', () => ({ country: 'SE' })],
    ['states of a country', () => ({ country: 'US', states: ['CA', 'NV'] })],
    ['market areas', () => ({ dmas: ['217', '480', '333'] })],
    ['a city', () => ({ city: 'Bristol', country: 'GB' })],
    ['the surroundings of a point, in miles', () => ({ around: { latitude: 34.05, longitude: -118.24, radius: 60 } })],
    ['the surroundings of a point, in km', () => ({ around: { latitude: 51.5, longitude: -0.12, radius: 45, unit: 'km' } })],
    ['venues', () => ({ venueIds: some(({ seed }) => seed.venueIds[0], 130) })],
    ['attractions', () => ({ attractionIds: some(({ seed }) => seed.attractionIds[0], 130) })],
    ['classifications', () => ({ classifications: ['Jazz', 'Documentary'] })],
    [
      'all that holds together',
      () => ({ country: 'US', states: ['CA'], classifications: ['Music'], around: { latitude: 34.05, longitude: -118.24, radius: 60 } }),
    ],
  ])('are exactly those of %s', async (_name, market) => {
    const stream = streamOf({ markets: [market()] });
    const read = await readAll(stream);
    const expected = truth([], [market()]);
    expect(expected.length).toBeGreaterThan(5);
    expect(deliveredBy(stream, read)).toEqual(expected);
    expect(notesOf(read)).toEqual([]);
  });

  const overlapping = (): { countries: string[]; markets: Market[] } => ({
    countries: ['US', 'SE'],
    markets: [
      { classifications: ['Jazz'] },
      { country: 'GB', city: 'Bristol' },
      { country: 'US', states: ['CA'] },
      { attractionIds: some(({ seed }) => (seed.venueIds.length === 0 ? seed.attractionIds[0] : undefined), 60) },
      { country: 'GB', classifications: ['Music'] },
    ],
  });

  describe('that overlap with each other and with whole countries', () => {
    let read: ReadSlice[];
    let stream: ReturnType<typeof streamOf>;
    beforeAll(async () => {
      stream = streamOf(overlapping());
      read = await readAll(stream);
    });

    it('are one slice besides the countries', () => {
      expect(read.map(({ slice }) => [slice.ordinal, slice.name])).toEqual([
        [0, 'US'],
        [1, 'SE'],
        [2, 'markets'],
      ]);
    });

    it('come once each, also those without a venue, and none is missing', () => {
      const { countries, markets } = overlapping();
      const ids = deliveredBy(stream, read);
      expect(ids).toEqual(truth(countries, markets));
      const unplaced = recordsOf(read.slice(2)).filter((raw) => stream.belongs?.(raw, read[2]?.slice as Slice) === 'unclaimed');
      expect(unplaced.length).toBeGreaterThan(5);
      expect(deliveredBy(stream, [...read].reverse())).toEqual(ids);
    });

    it('need no call for a market within a country that is read whole', () => {
      const asked = read.flatMap(({ pages }) => pages.map(({ request }) => request));
      expect(asked.filter((request) => request.includes('countryCode=US') && request.includes('stateCode=CA'))).toEqual([]);
    });

    it('keep positions small', () => {
      const positions = read.flatMap(({ pages }) => pages.map(({ position }) => JSON.stringify(position).length));
      expect(Math.max(...positions)).toBeLessThan(4_000);
    });

    it('go on after any page of an earlier attempt', async () => {
      const [us, se, markets] = read;
      if (us === undefined || se === undefined || markets === undefined) throw new Error('no such slice');
      const others = (id: string): readonly Page[] => (id === stream.id ? [...us.pages, ...se.pages] : []);
      let tried = 0;
      for await (const { ids, notes } of interruptions({ stream, ...markets, others })) {
        expect(ids).toEqual(idsIn(stream, markets.pages));
        expect(notes).toEqual([]);
        tried += 1;
      }
      expect(tried).toBe(markets.pages.length - 1);
    });
  });

  it('are not planned where countries say it all: the plan is that of earlier versions', () => {
    const bounds = { from: '2026-02-28T12:00:00Z', to: '2026-04-30T12:00:00Z', countries: ['US', 'SE'] };
    const plan = [
      { ordinal: 0, name: 'US', bounds: { countryCode: 'US', ...bounds } },
      { ordinal: 1, name: 'SE', bounds: { countryCode: 'SE', ...bounds } },
    ];
    expect(streamOf({ countries: ['US', 'SE', 'US'] }).plan({ scheduledTime })).toEqual(plan);
    expect(streamOf({ markets: [{ country: 'US' }, { country: 'SE' }] }).plan({ scheduledTime })).toEqual(plan);
  });

  describe('read with a refresh policy', () => {
    const refresh = { nearDays: 7, coverageHours: 4, everyHours: 1, changedDays: ['2026-04-20'] };
    const at = (hours: number): string => new Date(Date.parse(scheduledTime) + hours * 3_600_000).toISOString();
    const readAt = async (hours: number, more: Partial<TicketmasterEventsStreamOptions>): Promise<ReadSlice[]> => {
      const stream = streamOf({ refresh, ...more });
      return readAll({ ...stream, plan: () => stream.plan({ scheduledTime: at(hours) }) });
    };
    const what = { countries: ['SE'], markets: [{ country: 'GB', classifications: ['Music'] }] };

    it('are those of the windows whose turn it is, and all undated ones; what was left is a note', async () => {
      const read = await readAt(0, what);
      const covered = coverage({ scheduledTime, horizonDays, refresh });
      expect(covered.windows.length).toBeGreaterThan(2);
      const { catalogue } = world.upstreams;
      const { from, to } = covered;
      const undated = new Set(catalogue.expected.events({ ...what, from: to, to: from }));
      const inWindows = covered.windows.flatMap((window) => catalogue.expected.events({ ...what, ...window, undated: false }));
      expect(deliveredBy(streamOf(what), read)).toEqual([...undated, ...inWindows].sort());
      const left = `left for later runs (${covered.skipped.map((gap) => `${gap.from} to ${gap.to}`).join(', ')}); all of it will have been read by ${covered.readBy}`;
      expect(read.map(({ pages }) => pages.at(-1)?.notes)).toEqual(
        ['SE', 'markets'].map((name) => [
          { kind: 'skipped', message: expect.stringContaining(left) && expect.stringMatching(new RegExp(`^${name}: \\d+ % of the horizon`)) },
        ]),
      );
      expect(notesOf(read).every(({ message }) => message.includes(left))).toBe(true);
    });

    it('are all read in the runs of a coverage period, with fewer calls in each', async () => {
      const runs: ReadSlice[][] = [];
      for (const hours of [0, 1, 2, 3]) runs.push(await readAt(hours, what));
      const found = new Set(runs.flatMap((read) => deliveredBy(streamOf(what), read)));
      expect(truth(what.countries, what.markets).filter((id) => !found.has(id))).toEqual([]);
    });

    it('go on after any page of an earlier attempt, with the same note at the end', async () => {
      const stream = streamOf({ ...what, refresh });
      for (const { slice, pages } of await readAt(0, what)) {
        for await (const { ids, pages: both } of interruptions({ stream, slice, pages })) {
          expect(ids).toEqual(idsIn(stream, pages));
          expect(both.at(-1)?.notes).toEqual(pages.at(-1)?.notes);
        }
      }
    });
  });

  it('wait in the lane of their stream', async () => {
    const lanes = new Set<string | undefined>();
    const client = world.ticketmaster();
    const listening: typeof client = {
      ...client,
      page: (kind, query, page, options) => (lanes.add(options?.lane), client.page(kind, query, page, options)),
    };
    await readAll(createTicketmasterEventsStream({ client: listening, countries: ['IE'], horizonDays }));
    expect([...lanes]).toEqual(['ticketmaster.events']);
  });
});
