import { silentLogger, silentMeter, type Json, type Page, type Slice } from '@loadin/pipeline';
import { readOptions } from '../upstreams.fixture.js';
import { defineSource } from './define-source.js';
import { collect, common, options, serve } from './served.fixture.js';
import { list, valueAt } from './shape.js';

interface Gig {
  readonly id: string;
  readonly at: string;
  readonly country: string;
}
const cap = 20;

/** A search that gives 20 of however many: it has to be cut. */
const gigs = defineSource({
  ...common,
  auth: { kind: 'none' },
  endpoints: {
    gigs: {
      path: '/gigs',
      params: { country: 'string' },
      answer: list<Gig, { readonly total: number }>('gigs', { expects: { total: 'number' } }),
      paging: { kind: 'page', page: 'page', size: 'size', perPage: 5, first: 0, maxItems: cap },
    },
  },
  streams: {
    gigs: {
      endpoint: 'gigs',
      key: 'id',
      partition: { parameter: 'country', owner: 'country' },
      windows: {
        items: 'gigs',
        total: 'total',
        time: { from: 'from', to: 'to', startOf: (raw: Json) => Math.floor(Date.parse(String(valueAt(raw, 'at'))) / 1000) },
      },
    },
  },
});

const all: Gig[] = ['SE', 'DK'].flatMap((country) =>
  Array.from({ length: 90 }, (_, i) => ({
    id: `${country}${i}`,
    country,
    at: `${new Date(Date.UTC(2024, 0, 10) + i * 7_200_000).toISOString().slice(0, 19)}Z`,
  })),
);

async function world() {
  const server = await serve(({ searchParams }) => {
    const [country, from = '', to = '~'] = ['country', 'from', 'to'].map((name) => searchParams.get(name) ?? undefined);
    const found = all.filter((gig) => gig.country === country && gig.at >= from && gig.at <= to);
    const [page, size] = [Number(searchParams.get('page')), Number(searchParams.get('size'))];
    if ((page + 1) * size > cap) return { status: 400, body: { error: 'too deep' } };
    return { body: { total: found.length, gigs: found.slice(page * size, (page + 1) * size) } };
  });
  const client = gigs.connect(options(server.url));
  const stream = gigs.stream('gigs', { client, values: ['SE', 'DK'], horizonDays: 10, lookBackDays: 1 });
  const slices = stream.plan({ scheduledTime: '2024-01-10T12:00:00Z' });
  const read = (slice: Slice, after: Json = null, landed: readonly Page[] = []) =>
    collect(
      stream.read(slice, {
        after,
        signal: new AbortController().signal,
        meter: silentMeter,
        logger: silentLogger,
        landed: async function* () {
          yield* landed;
        },
      }),
    );
  return { server, slices, read, close: () => Promise.all([client.close(), server.close()]) };
}
const idsOf = (pages: readonly Page[]) => [...new Set(pages.flatMap(({ records }) => records.map((raw) => (raw as unknown as Gig).id)))].sort();

describe('a stream over a capped search', () => {
  it('cuts the window of a run until nothing is out of reach', async () => {
    const { server, slices, read, close } = await world();
    const window = { from: '2024-01-09T12:00:00Z', to: '2024-01-20T12:00:00Z' };
    expect(slices.map(({ name, bounds }) => [name, bounds])).toEqual([
      ['SE', { params: {}, values: ['SE'], window }],
      ['DK', { params: {}, values: ['DK'], window }],
    ]);
    for (const slice of slices) {
      const pages = await read(slice);
      expect(idsOf(pages)).toEqual(all.flatMap(({ id, country }) => (country === slice.name ? [id] : [])).sort());
      expect(pages.flatMap(({ notes }) => notes ?? [])).toEqual([]);
    }
    expect(server.asked().some((url) => url.includes('page=4'))).toBe(false);
    await close();
  });

  it('goes on after any landed page', async () => {
    const { slices, read, close } = await world();
    const [slice] = slices;
    if (slice === undefined) throw new Error('no slice');
    const pages = await read(slice);
    for (const [i, { position }] of pages.entries()) {
      if (position === null || i % 4 > 0) continue;
      const landed = pages.slice(0, i + 1);
      expect(idsOf([...landed, ...(await read(slice, position, landed))])).toEqual(idsOf(pages));
    }
    await close();
  });
});

describe('a capped search that is odd', () => {
  /** All gigs begin in one second, or the answer is what is given. */
  async function crowd({
    perPage,
    count,
    status = 200,
    body,
  }: {
    perPage: number;
    count: number;
    status?: number;
    body?: (items: readonly Gig[]) => unknown;
  }) {
    const crowded = Array.from({ length: count }, (_, i): Gig => ({ id: `G${i}`, country: 'SE', at: '2024-01-15T20:00:00Z' }));
    const server = await serve(({ searchParams }) => {
      const [from, to, page] = [searchParams.get('from') ?? '', searchParams.get('to') ?? '~', Number(searchParams.get('page'))];
      if ((page + 1) * perPage > cap) return { status: 400, body: { error: 'too deep' } };
      const found = crowded.filter(({ at }) => at >= from && at <= to);
      const items = found.slice(page * perPage, (page + 1) * perPage);
      return { status, body: body?.(items) ?? { total: String(found.length), gigs: items } };
    });
    const { endpoints, streams } = gigs.declaration;
    const answer = list<Gig>('gigs');
    const paging = { kind: 'page', page: 'page', size: 'size', perPage, first: 0, maxItems: cap } as const;
    const source = defineSource({
      ...common,
      auth: { kind: 'none' },
      endpoints: { gigs: { ...endpoints.gigs, answer, paging, optional: 'gigs: not for this app' } },
      streams,
    });
    const client = source.connect(options(server.url));
    const stream = source.stream('gigs', { client, values: ['SE'], horizonDays: 10 });
    const [slice] = stream.plan({ scheduledTime: '2024-01-10T12:00:00Z' });
    const read = () => collect(stream.read(slice as Slice, readOptions()));
    return { read, server, close: () => Promise.all([client.close(), server.close()]) };
  }
  const notesOf = (pages: readonly Page[]) => pages.flatMap(({ notes = [] }) => notes);

  it.each([5, 20])('says how many of a second that nothing cuts are out of reach (pages of %d)', async (perPage) => {
    const { read, close } = await crowd({ perPage, count: 33 });
    const pages = await read();
    expect(idsOf(pages)).toHaveLength(20);
    expect(notesOf(pages)).toEqual([
      { kind: 'truncated', missing: 13, message: '13 of 33 gigs (SE at 2024-01-15T20:00:00Z) are in no search that can be paged through' },
    ]);
    await close();
  });

  it('is read as far as whole pages go, where they don’t fill what can be reached', async () => {
    const { read, close } = await crowd({ perPage: 8, count: 19 });
    const pages = await read();
    expect([idsOf(pages).length, notesOf(pages)[0]]).toMatchObject([16, { kind: 'truncated', missing: 3 }]);
    await close();
  });

  it('ends with an error, not with one page, when the total isn’t where it is declared to be', async () => {
    const { read, close } = await crowd({ perPage: 5, count: 12, body: (items) => ({ gigs: items, count: 12 }) });
    await expect(read()).rejects.toMatchObject({ action: 'fatal', message: "an answer doesn't say at total how many items the search has" });
    await close();
  });

  it('says once that these credentials don’t get it', async () => {
    const { read, server, close } = await crowd({ perPage: 5, count: 12, status: 403 });
    expect(notesOf(await read())).toEqual([{ kind: 'capability', message: 'gigs: not for this app (403)' }]);
    expect(server.asked()).toHaveLength(1);
    await close();
  });
});
