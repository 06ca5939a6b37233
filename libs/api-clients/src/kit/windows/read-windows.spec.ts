import fc from 'fast-check';
import type { Json, Page, ReadOptions } from '@loadin/pipeline';
import { from, readOptions } from '../../upstreams.fixture.js';
import { readWindows } from './read-windows.js';
import type { SearchPage, SearchQuery, TimeDeclaration, WindowDeclaration } from './types.js';

interface Item {
  readonly id: string;
  readonly at: number | null;
  readonly kind?: string;
  readonly region: string;
}

/** A source of another kind: windows in epoch milliseconds, pages of 10, 30 items of a search, totals that stop at 200. */
const time: TimeDeclaration = {
  from: 'since',
  to: 'until',
  format: { text: (seconds) => String(seconds * 1_000), seconds: (text) => Number(text) / 1_000 },
  startOf: (raw) => (raw as unknown as Item).at ?? NaN,
  undated: [{ query: { dated: 'no' }, title: 'without a date' }],
};
const declaration: WindowDeclaration = {
  items: 'items',
  cap: 30,
  totalCap: 200,
  pageSize: 10,
  pageParameter: 'p',
  idOf: (raw) => (raw as unknown as Item).id,
  time,
  splitBy: [{ parameter: 'kind', values: ['a'], valuesOf: (raw) => [(raw as unknown as Item).kind ?? ''].filter((kind) => kind !== '') }],
  orders: { parameter: 'order', values: ['plain', 'reverse'] },
};
const bothEnds: TimeDeclaration = { ...time, orders: { parameter: 'order', earliest: 'old', latest: 'new' } };

function searchOf(items: readonly Item[]): SearchPage & { calls: number } {
  const matches = (item: Item, { region, since, until, dated, kind }: SearchQuery): boolean =>
    (region === undefined || item.region === region) &&
    (kind === undefined || item.kind === kind) &&
    (dated === 'no'
      ? item.at === null
      : since === undefined || (item.at !== null && item.at >= Number(since) / 1_000 && item.at <= Number(until) / 1_000));
  const search = async (query: SearchQuery, page: number) => {
    search.calls += 1;
    const found = items.filter((item) => matches(item, query)).sort((a, b) => (a.id < b.id ? -1 : 1));
    const { order } = query;
    if (order === 'old' || order === 'new') found.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
    if (order === 'new' || order === 'reverse') found.reverse();
    if ((page + 1) * 10 > 30) throw new Error('beyond what can be paged through');
    const records = found.slice(page * 10, (page + 1) * 10) as unknown as Json[];
    return { records, total: Math.min(200, found.length), request: `GET /items?lang=en&${new URLSearchParams(query).toString()}&p=${page}` };
  };
  search.calls = 0;
  return search;
}

const windows = [
  { from: '0', to: '499000' },
  { from: '600000', to: '1000000' },
];
async function read(
  declared: WindowDeclaration,
  search: SearchPage,
  options: Partial<ReadOptions> = {},
  bases: SearchQuery[] = [{ region: 'n' }, { region: 's' }],
) {
  const pages: Page[] = [];
  const all = readWindows({ declaration: declared, search, bases, windows, streamId: 'source.items', options: readOptions(options) });
  for await (const page of all) pages.push(JSON.parse(JSON.stringify(page)) as Page);
  return pages;
}

const idsOf = (pages: readonly Page[]): string[] =>
  [...new Set(pages.flatMap(({ records }) => records.map((raw) => (raw as unknown as Item).id)))].sort();
const notesOf = (pages: readonly Page[]) => pages.flatMap(({ notes }) => notes ?? []);
const wanted = (items: readonly Item[]): string[] => items.flatMap(({ id, at }) => (at === null || at < 500 || at >= 600 ? [id] : [])).sort();

/** Crowds of up to 90 at a moment or around it, with kinds, and some without a date. */
const lists = fc
  .array(
    fc.record({
      at: fc.option(fc.integer({ min: 0, max: 990 }), { nil: null, freq: 12 }),
      spread: fc.constantFrom(1, 2, 10, 300),
      count: fc.integer({ min: 1, max: 60 }),
      kinds: fc.constantFrom(2, 3, 4),
      region: fc.constantFrom('n', 's'),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((crowds) =>
    crowds.flatMap(({ at, spread, count, kinds, region }, crowd): Item[] =>
      Array.from({ length: count }, (_, i) => ({
        id: `${String((i * 7_919) % 10_007).padStart(5, '0')}-${crowd}`,
        at: at === null ? null : Math.min(1_000, at + (i % spread)),
        kind: 'abcd'[i % kinds],
        region,
      })),
    ),
  );

describe.each<[string, WindowDeclaration]>([
  ['cut until none is above the cap', declaration],
  ['read from both ends', { ...declaration, time: bothEnds }],
])('windows of any source, %s', (_name, declared) => {
  /** All that lies in one second of a region, or without a date, and that no kind can tell apart: no call reaches more. */
  const isReachable = (items: readonly Item[]): boolean => {
    const counts = new Map<string, number>();
    for (const { at, kind, region } of items) counts.set(`${at} ${kind} ${region}`, (counts.get(`${at} ${kind} ${region}`) ?? 0) + 1);
    return Math.max(...counts.values()) <= 30;
  };

  it('have every item of every base and window, and the undated ones; position null is on the last page alone', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async (items) => {
        fc.pre(isReachable(items));
        const pages = await read(declared, searchOf(items));
        expect(idsOf(pages)).toEqual(wanted(items));
        expect(notesOf(pages)).toEqual([]);
        expect(pages.map(({ position }) => position === null)).toEqual(pages.map((_, index) => index === pages.length - 1));
      }),
      { numRuns: 60 },
    );
  });

  it('go on after any page, with what the first attempt has landed', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async (items) => {
        const whole = await read(declared, searchOf(items));
        for (const [index, { position }] of whole.entries()) {
          if (position === null) continue;
          const earlier = whole.slice(0, index + 1);
          const later = await read(declared, searchOf(items), { after: position, landed: () => from(earlier) });
          expect(idsOf([...earlier, ...later])).toEqual(idsOf(whole));
          expect(notesOf([...earlier, ...later])).toEqual(notesOf(whole));
        }
      }),
      { numRuns: 12 },
    );
  });

  it('say exactly how many items no call reaches', async () => {
    const items = Array.from({ length: 75 }, (_, i): Item => ({ id: `i${String(i).padStart(2, '0')}`, at: 77, region: 'n' }));
    const pages = await read(declared, searchOf(items));
    expect(idsOf(pages)).toHaveLength(60);
    expect(notesOf(pages)).toEqual([
      { kind: 'truncated', message: '15 of 75 items (n at 77000) are in no search that can be paged through', missing: 15 },
    ]);
  });

  it('begin with a plain search, and end with it when it gives all', async () => {
    const search = searchOf([{ id: 'x', at: 5, region: 'n' }]);
    const pages = await read(declared, search, {}, [{ region: 'n' }]);
    expect(pages[0]?.request).toBe('GET /items?lang=en&region=n&since=0&until=499000&p=0');
    expect(search.calls).toBe(3);
  });
});

describe('windows of a source without a time', () => {
  const timeless: WindowDeclaration = { ...declaration, time: undefined };

  it('are cut by what the declaration says, then in other orders', async () => {
    const items = Array.from({ length: 80 }, (_, i): Item => ({ id: `i${i}`, at: null, kind: i < 60 ? 'ab'[i % 2] : undefined, region: 'n' }));
    const search = searchOf(items);
    const pages = await read(timeless, search, {}, [{ region: 'n' }, { region: 's' }]);
    expect(idsOf(pages)).toEqual(items.map(({ id }) => id).sort());
    expect(notesOf(pages)).toEqual([]);
  });
});

it('spends little more than the calls that the pages need when windows are read from both ends', async () => {
  const items = Array.from({ length: 190 }, (_, i): Item => ({ id: `${(i * 7_919) % 10_007}`, at: 600 + ((i * 37) % 400), region: 'n' }));
  const one = searchOf(items);
  const both = searchOf(items);
  await read(declaration, one, {}, [{ region: 'n' }]);
  await read({ ...declaration, time: bothEnds }, both, {}, [{ region: 'n' }]);
  expect(both.calls).toBeLessThan(one.calls);
});
