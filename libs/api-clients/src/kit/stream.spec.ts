import { runJob, silentLogger, silentMeter, type Json, type Page, type ReadOptions, type RunReport, type Stream } from '@loadin/pipeline';
import { createManualClock, createMemoryObjectStore, createMemorySink, createMemoryStateStore } from '@loadin/testing';
import { defineSource } from './define-source.js';
import { collect, common, options, serve } from './served.fixture.js';
import { list } from './shape.js';

interface Row {
  readonly id: number;
  readonly city: string;
  readonly at: string;
}
const at = (minute: number): string => `2024-01-15T10:${String(minute).padStart(2, '0')}:00Z`;
const rows = (city: string, first: number, count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({ id: first + i, city, at: at(first + i) }));
const offset = { kind: 'offset', offset: 'offset', limit: 'limit', perPage: 2 } as const;

const shows = defineSource({
  ...common,
  auth: { kind: 'none' },
  endpoints: {
    byCity: { path: '/cities/{city}', answer: list<Row>(''), paging: offset },
    photos: { path: '/photos/{city}', answer: list<Row>(''), paging: offset, optional: 'photos: not available' },
    changes: {
      path: '/changes',
      answer: list<Row>(''),
      paging: { kind: 'since', parameter: 'since', cursor: 'at', as: 'time', pages: offset, lagSeconds: 0 },
    },
    keyset: {
      path: '/keyset',
      answer: list<Row>(''),
      paging: { kind: 'since', parameter: 'since', cursor: 'at', as: 'time', limit: 'limit', perPage: 3 },
    },
  },
  streams: {
    owned: { endpoint: 'byCity', key: 'id', dataType: 'shows', partition: { parameter: 'city', owner: 'city' } },
    shared: { endpoint: 'byCity', key: 'id', dataType: 'shows', partition: { parameter: 'city' } },
    photos: { endpoint: 'photos', key: 'id', partition: { parameter: 'city' } },
    changes: { endpoint: 'changes', key: 'id' },
    keyset: { endpoint: 'keyset', key: 'id', dataType: 'changes' },
  },
});

/** A service with some cities, where each call can be made to fail. */
async function world(cities: Record<string, readonly Row[]> = { Malmö: rows('Malmö', 0, 5), Lund: rows('Lund', 5, 3), Ystad: [] }) {
  const state = { all: Object.values(cities).flat(), failAt: 0 };
  const server = await serve((url) => {
    state.failAt -= 1;
    if (state.failAt === 0) return { status: 403, body: 'no' };
    const [, kind, city] = decodeURIComponent(url.pathname).split('/');
    if (kind === 'photos') return { status: 403, body: {} };
    const since = url.searchParams.get('since') ?? '';
    const found = kind === 'cities' ? (cities[city ?? ''] ?? []) : state.all.filter((row) => row.at > since).sort((a, b) => (a.at < b.at ? -1 : 1));
    const from = Number(url.searchParams.get('offset'));
    return { body: found.slice(from, from + Number(url.searchParams.get('limit') ?? 2)) };
  });
  const client = shows.connect({ ...options(server.url), attempts: 0 });
  return { state, client, server, close: () => Promise.all([client.close(), server.close()]) };
}

const scheduledTime = '2024-01-15T12:00:00Z';
async function* nothing(): AsyncGenerator<Page> {
  yield* [];
}
const readOptions = (more: Partial<ReadOptions> = {}): ReadOptions => ({
  after: null,
  signal: new AbortController().signal,
  meter: silentMeter,
  logger: silentLogger,
  landed: () => nothing(),
  ...more,
});
const readAll = async (stream: Stream): Promise<Page[]> => {
  const pages: Page[] = [];
  for (const slice of stream.plan({ scheduledTime })) pages.push(...(await collect(stream.read(slice, readOptions()))));
  return pages;
};
const idsOf = (pages: readonly Page[]): Json[] => pages.flatMap(({ records }) => records.map((raw) => (raw as unknown as Row).id));

describe('a stream of a declared source', () => {
  it('has a slice for each value, where a record says whose it is', async () => {
    const { client, close } = await world();
    const stream = shows.stream('owned', { client, values: ['Malmö', 'Lund', 'Lund', 'Ystad'] });
    const slices = stream.plan({ scheduledTime });
    expect(slices.map(({ ordinal, name, bounds }) => [ordinal, name, bounds])).toEqual([
      [0, 'Malmö', { params: {}, values: ['Malmö'] }],
      [1, 'Lund', { params: {}, values: ['Lund'] }],
      [2, 'Ystad', { params: {}, values: ['Ystad'] }],
    ]);
    expect([stream.id, stream.source, stream.dataType, stream.readMode]).toEqual(['shows.owned', 'shows', 'shows', 'full']);
    const [malmo] = slices;
    expect(['Malmö', 'Lund', undefined].map((city) => malmo && stream.belongs?.({ id: 1, ...(city && { city }) }, malmo))).toEqual([
      true,
      false,
      'unclaimed',
    ]);
    const raws: Json[] = [{ id: 7 }, { id: 'x' }, { id: '' }, {}, null];
    expect(raws.map(stream.key)).toEqual(['7', 'x', undefined, undefined, undefined]);
    expect(idsOf(await readAll(stream))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await close();
  });

  it('takes a number and its digits for the same value', async () => {
    const { client, close } = await world();
    const stream = shows.stream('owned', { client, values: [7, '7', '8'] });
    expect(stream.plan({ scheduledTime }).map(({ name }) => name)).toEqual(['7', '8']);
    await close();
  });

  it('has one slice for all values, where records of several may be the same', async () => {
    const { client, close } = await world();
    const stream = shows.stream('shared', { client, values: ['Malmö', 'Lund', 'Ystad'] });
    expect(stream.plan({ scheduledTime })).toHaveLength(1);
    expect(idsOf(await readAll(stream))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await close();
  });

  it('keeps to a thousand slices', async () => {
    const { client, close } = await world();
    const values = Array.from({ length: 2_500 }, (_, i) => `c${i}`);
    const slices = shows.stream('owned', { client, values }).plan({ scheduledTime });
    expect(slices).toHaveLength(834);
    expect(slices.flatMap(({ bounds }) => bounds['values'])).toEqual(values);
    expect(slices[1]?.name).toBe('c3…c5');
    await close();
  });

  it('goes on after any landed page, and reads nothing twice', async () => {
    const { client, server, close } = await world();
    const stream = shows.stream('shared', { client, values: ['Malmö', 'Lund', 'Ystad'] });
    const [slice] = stream.plan({ scheduledTime });
    const pages = await readAll(stream);
    expect(pages.at(-1)?.position).toBeNull();
    for (const [i, { position }] of pages.entries()) {
      if (position === null || slice === undefined) continue;
      const before = server.requests.length;
      const rest = await collect(stream.read(slice, readOptions({ after: JSON.parse(JSON.stringify(position)) })));
      expect(rest).toEqual(pages.slice(i + 1));
      expect(server.requests.length - before).toBe(pages.length - i - 1);
    }
    await close();
  });

  it('is complete with a note when the credentials don’t get it', async () => {
    const { client, server, close } = await world();
    const pages = await readAll(shows.stream('photos', { client, values: ['Malmö', 'Lund'] }));
    expect(pages.map(({ records, notes }) => [records, notes])).toEqual([
      [[], [{ kind: 'capability', message: 'photos: not available (403)' }]],
      [[], undefined],
    ]);
    expect(server.requests).toHaveLength(1);
    await close();
  });

  it('reads nothing for no values', async () => {
    const { client, close } = await world();
    expect(shows.stream('owned', { client, values: [] }).plan({ scheduledTime })).toEqual([]);
    expect(await readAll(shows.stream('shared', { client, values: [] }))).toEqual([{ records: [], position: null, request: 'nothing is asked for' }]);
    await close();
  });
});

describe('an incremental stream', () => {
  it('keeps what it reads in its plan: every attempt of a run reads the same', async () => {
    const { client, close } = await world();
    const stream = (name: 'changes' | 'keyset', more = {}) => shows.stream(name, { client, ...more });
    const bounds = (name: 'changes' | 'keyset', more = {}) => stream(name, more).plan({ scheduledTime })[0]?.bounds;
    expect(bounds('changes', { since: at(3) })).toEqual({ params: { since: at(3) }, until: '2024-01-15T12:00:00.000Z' });
    expect(bounds('keyset')).toEqual({ params: {}, until: '2024-01-15T11:59:00.000Z' });
    expect(bounds('keyset', { until: at(4) })).toEqual({ params: {}, until: at(4) });
    expect(stream('keyset', { since: at(1), until: at(4) }).plan({ scheduledTime, since: [at(3)] })).toEqual([
      {
        ordinal: 0,
        name: 'all',
        bounds: { params: { since: '2024-01-15T10:02:59Z' }, from: at(3), until: at(4) },
        interval: { from: [at(3)], to: [at(4)] },
      },
    ]);
    await close();
  });

  it('says where its records lie, and whether they come in that order', async () => {
    const { client, close } = await world();
    const [keyset, changes] = [shows.stream('keyset', { client }), shows.stream('changes', { client })];
    expect([keyset, changes].map(({ readMode, cursor }) => [readMode, cursor?.kinds, cursor?.ordered])).toEqual([
      ['incremental', ['time'], true],
      ['incremental', ['time'], false],
    ]);
    const records: Json[] = [{ at: at(2) }, { at: 'soon' }, { id: 1 }];
    expect(records.map((raw) => keyset.cursor?.of(raw))).toEqual([[at(2)], undefined, undefined]);
    expect(shows.stream('shared', { client, values: ['Malmö'] })).toMatchObject({ readMode: 'full' });
    await close();
  });

  it.each(['changes', 'keyset'] as const)('%s: a crash at any call loses nothing and shows nothing twice', async (name) => {
    const { state, client, close } = await world();
    const calls = { changes: 5, keyset: 5 }[name];
    for (let failAt = 1; failAt <= calls; failAt += 1) {
      const sink = createMemorySink();
      const run = runner(sink);
      state.failAt = failAt;
      expect((await run(shows.stream(name, { client }), scheduledTime)).status).toBe('failed');
      const report = await run(shows.stream(name, { client }), scheduledTime);
      expect(report.status).toBe('complete');
      expect(sink.records.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
    await close();
  });
});

function runner(sink: ReturnType<typeof createMemorySink>) {
  const [lake, state, clock] = [createMemoryObjectStore(), createMemoryStateStore(), createManualClock(Date.parse('2024-01-15T12:00:01Z'))];
  const transform = (raw: Json) => ({ ok: true as const, id: String((raw as unknown as Row).id), record: { city: (raw as unknown as Row).city } });
  return (stream: Stream, time: string): Promise<RunReport> =>
    runJob({ job: { name: 'changes', streams: [{ stream, transform, sinks: [sink], schemaVersion: '1' }] }, lake, state, clock, at: time });
}
