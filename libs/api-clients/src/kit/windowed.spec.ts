import { silentLogger, silentMeter, type Json, type Page, type Slice } from '@loadin/pipeline';
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
