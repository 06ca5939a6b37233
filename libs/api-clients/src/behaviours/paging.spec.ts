import { createTicketmasterEventsStream } from '../index.js';
import { all, arrived, asked, run, startWorld, type World } from './run.fixture.js';

describe('pages of Ticketmaster searches', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  beforeEach(() => world.renew());
  afterAll(() => world.close());

  const pagesAsked = (): string[] => asked(world, 'ticketmaster').map((query) => query.get('page') ?? '');

  it.each([
    ['events', 'SE'],
    ['venues', 'GB'],
    ['events', 'GB'],
  ] as const)('behaviour 17: page 0 is fetched and the last, partial page complete (%s of %s)', async (kind, countryCode) => {
    const { catalogue } = world.upstreams;
    const truth = kind === 'events' ? catalogue.eventIds(countryCode) : catalogue.venueIds(countryCode);
    const pages = await all(world.ticketmaster().pages(kind, { countryCode }));
    expect(pages.flatMap(({ items }) => items.map((item) => item?.id ?? '')).sort()).toEqual(truth);
    expect(pages.at(-1)?.items).toHaveLength(truth.length % 200);
    expect(pagesAsked()).toEqual(pages.map((_, number) => String(number)));
  });

  it('behaviour 17: a last page that is full is the last one all the same', async () => {
    world.upstreams.limits.ticketmaster.maxTotalElements = 400;
    expect(await all(world.ticketmaster().pages('events', { countryCode: 'CA' }))).toHaveLength(2);
    expect(pagesAsked()).toEqual(['0', '1']);
  });

  it('behaviour 18: an absent _embedded with totalPages 0 is zero rows', async () => {
    const pages = await all(world.ticketmaster().pages('events', { countryCode: 'ZZ' }));
    expect(pages.map(({ items, paging }) => [items, paging.totalPages])).toEqual([[[], 0]]);
    const ran = await run(world, [createTicketmasterEventsStream({ client: world.ticketmaster(), countries: ['ZZ'], horizonDays: 30 })]);
    expect(ran.report).toMatchObject({ status: 'complete', problems: [] });
    expect(arrived(ran)).toEqual([]);
  });

  it('behaviour 18: an absent _embedded in the middle of a search is no end: it is asked for again', async () => {
    const page = { size: 200, totalElements: 350, totalPages: 2, number: 0 };
    world.upstreams.faults.add({ api: 'ticketmaster', effect: { kind: 'status', status: 200, body: JSON.stringify({ page }) }, when: { first: 2 } });
    const pages = await all(world.ticketmaster().pages('events', { countryCode: 'SE' }));
    expect(pages.flatMap(({ items }) => items)).toHaveLength(world.upstreams.catalogue.eventIds('SE').length);
    expect(pagesAsked()).toEqual(['0', '0', '0', '1']);
  });
});
