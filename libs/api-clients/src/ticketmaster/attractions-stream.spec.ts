import type { Json, Page } from '@loadin/pipeline';
import { idsIn, interruptions } from '../streams.fixture.js';
import { from, idsOf, notesOf, readAll, readOptions, recordsOf, scheduledTime, startWorld, type World } from '../upstreams.fixture.js';
import { createTicketmasterAttractionsStream } from './attractions-stream.js';
import type { TicketmasterClient } from './client.js';
import { segmentIds } from './states.js';

describe('createTicketmasterAttractionsStream', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => world.renew());
  afterAll(() => world.close());

  const ids = (): string[] =>
    world.upstreams.catalogue
      .view()
      .attractions.filter((_, index) => index % 15 === 0)
      .map(({ id }) => id);
  const streamOf = (more: object) => createTicketmasterAttractionsStream({ client: world.ticketmaster(), ...more });
  /** Pages of events, as the run has landed them. */
  const eventPages = (count: number): Page[] => {
    const { attractions } = world.upstreams.catalogue.view();
    return Array.from({ length: count }, (_, page) => ({
      request: `GET /discovery/v2/events.json?page=${page}`,
      position: null,
      records: [
        null,
        { id: 'no attraction', _embedded: { attractions: [null, {}] } },
        ...attractions.slice(page * 150, page * 150 + 300).map(({ id }) => ({ id: `of ${id}`, _embedded: { attractions: [{ id, name: 'x' }] } })),
      ] as unknown as Json[],
    }));
  };
  const embeddedIn = (pages: readonly Page[]): string[] =>
    pages
      .flatMap(({ records }) => records.map((raw) => (raw as { id?: string } | null)?.id ?? ''))
      .flatMap((id) => (id.startsWith('of ') ? id.slice(3) : []));

  it('has those of the ids, 100 in a call, and a null for an id that does not exist', async () => {
    const stream = streamOf({ ids: [...ids(), 'K8vZ917none', ids()[0]] });
    const read = await readAll(stream);
    expect(idsOf(stream, read)).toEqual(ids());
    expect(recordsOf(read).filter((raw) => raw === null)).toHaveLength(1);
    expect(notesOf(read)).toEqual([{ kind: 'skipped', message: 'no attraction has the id K8vZ917none' }]);
    expect(world.upstreams.requests().byApi.ticketmaster.calls).toBe(Math.ceil((ids().length + 1) / 100) + 1);
  });

  it('has those that words of the name find, each once', async () => {
    const keywords = ['midnight', 'the', 'midnight velvet'];
    const stream = streamOf({ keywords });
    const read = await readAll(stream);
    expect(idsOf(stream, read)).toEqual(world.upstreams.catalogue.expected.attractions({ keywords }));
    expect(notesOf(read)).toEqual([]);
  });

  describe('a search with more than can be paged through', () => {
    const [music = '', sports = ''] = segmentIds;
    /** A client over attractions, some of a class. */
    const listClient = (list: readonly { id: string; of?: string }[]): TicketmasterClient => {
      const page = (_kind: string, query: Record<string, string>, number: number) => {
        const found = list.filter(({ of }) => query['classificationId'] === undefined || of === query['classificationId']);
        if (query['sort'] === 'name,desc') found.reverse();
        const items = found
          .slice(number * 200, (number + 1) * 200)
          .map(({ id, of }) => ({ id, ...(of && { classifications: [{ segment: { id: of } }] }) }));
        const paging = { size: 200, number, totalElements: found.length, totalPages: Math.ceil(found.length / 200) };
        return Promise.resolve({ items, paging, request: `GET /a?${new URLSearchParams(query).toString()}&page=${number}` });
      };
      return { page } as unknown as TicketmasterClient;
    };
    const named = (prefix: string, count: number, of?: string) => Array.from({ length: count }, (_, i) => ({ id: `${prefix}${i}`, of }));

    it('is cut by class, and what has no class is found in other orders', async () => {
      const list = [...named('M', 900, music), ...named('S', 700, sports), ...named('X', 300)];
      const stream = createTicketmasterAttractionsStream({ client: listClient(list), keywords: ['a'] });
      const [read] = await readAll(stream);
      if (read === undefined) throw new Error('no slice');
      expect(idsOf(stream, [read])).toEqual(list.map(({ id }) => id).sort());
      expect(notesOf([read])).toEqual([]);
      for await (const { ids: both, notes } of interruptions({ stream, ...read })) {
        expect(both).toEqual(list.map(({ id }) => id).sort());
        expect(notes).toEqual([]);
      }
    });

    it('says how many attractions no call gives', async () => {
      const stream = createTicketmasterAttractionsStream({ client: listClient(named('X', 2_500)), keywords: ['a'] });
      expect(notesOf(await readAll(stream))).toEqual([
        { kind: 'truncated', message: '500 of 2500 attractions (a) are in no search that can be paged through', missing: 500 },
      ]);
    });
  });

  it('has those that the events of the run embed, and reads after them', async () => {
    const pages = eventPages(4);
    const stream = streamOf({ fromEvents: true });
    expect(stream.readsAfter).toEqual(['ticketmaster.events']);
    expect(streamOf({ ids: ids() }).readsAfter).toBeUndefined();
    const read = await readAll(stream, { landed: (id) => from(id === 'ticketmaster.events' ? pages : []) });
    expect(idsOf(stream, read)).toEqual([...new Set(embeddedIn(pages))].sort());
    expect(recordsOf(read)).toHaveLength(new Set(embeddedIn(pages)).size);
    expect(world.upstreams.requests().total).toBe(0);
  });

  it('has all of it in one slice, and goes on after any page of an earlier attempt', async () => {
    const pages = eventPages(5);
    const stream = streamOf({ ids: ids(), keywords: ['midnight', 'velvet'], fromEvents: true });
    const landed = (id: string) => from(id === 'ticketmaster.events' ? pages : []);
    const [read, ...others] = await readAll(stream, { landed });
    if (read === undefined) throw new Error('no slice');
    expect(others).toEqual([]);
    const { catalogue } = world.upstreams;
    const truth = new Set([...ids(), ...embeddedIn(pages), ...catalogue.expected.attractions({ keywords: ['midnight', 'velvet'] })]);
    expect(idsIn(stream, read.pages)).toEqual([...truth].sort());
    expect(read.pages.map(({ position }) => position === null)).toEqual(read.pages.map((_, index) => index === read.pages.length - 1));
    for await (const both of interruptions({ stream, ...read, others: (id) => (id === 'ticketmaster.events' ? pages : []) }))
      expect(both.ids).toEqual([...truth].sort());
  });

  it('gives one empty last page when nothing is followed', async () => {
    const stream = streamOf({});
    const [slice] = stream.plan({ scheduledTime });
    const pages: Page[] = [];
    if (slice) for await (const page of stream.read(slice, readOptions())) pages.push(page);
    expect(pages).toEqual([{ records: [], position: null, request: 'nothing is asked for' }]);
  });
});
