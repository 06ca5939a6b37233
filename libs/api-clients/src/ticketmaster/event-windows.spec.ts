import fc from 'fast-check';
import type { Json, Page } from '@loadin/pipeline';
import { from, readOptions } from '../upstreams.fixture.js';
import type { TicketmasterClient, TicketmasterQuery } from './client.js';
import { createTicketmasterEventsStream } from './events-stream.js';

interface Entry {
  readonly id: string;
  /** Epoch seconds; undefined: TBA. */
  readonly at?: number;
}

const scheduledTime = '2026-03-01T12:00:00Z';
const now = Date.parse(scheduledTime) / 1000;

/** A client over a list, with the caps of the API. `onCall` may change the list between two calls; `keepsOrder`: whether a page comes in the order of dates. */
function listClient(
  entries: Entry[],
  onCall: (calls: number) => void = () => undefined,
  keepsOrder: (query: TicketmasterQuery, page: number) => boolean = () => true,
): TicketmasterClient & { calls: number } {
  const toEvent = ({ id, at }: Entry) => ({
    id,
    dates: { start: at === undefined ? { dateTBA: true } : { dateTime: new Date(at * 1000).toISOString() } },
  });
  const matching = (query: TicketmasterQuery): Entry[] => {
    const [start, end] = [query['startDateTime'], query['endDateTime']].map((text) =>
      text === undefined ? undefined : Date.parse(String(text)) / 1000,
    );
    if (query['segmentId'] !== undefined || query['stateCode'] !== undefined) return [];
    if (query['includeTBA'] === 'only') return entries.filter(({ at }) => at === undefined);
    if (start === undefined || end === undefined) return [];
    return entries.filter(({ at }) => at !== undefined && at >= start && at <= end);
  };
  const client = {
    calls: 0,
    async page(kind: string, query: TicketmasterQuery, number: number) {
      onCall((client.calls += 1));
      const byId = (a: Entry, b: Entry): number => (a.id < b.id ? -1 : 1) * (query['sort'] === 'name,desc' ? -1 : 1);
      const isByDate = String(query['sort']).startsWith('date,') && keepsOrder(query, number);
      const found = matching(query).sort((a, b) => (isByDate ? (a.at ?? 0) - (b.at ?? 0) : 0) || byId(a, b));
      if (isByDate && query['sort'] === 'date,desc') found.reverse();
      const totalElements = Math.min(found.length, 10_000);
      const items = found.slice(number * 200, (number + 1) * 200).map(toEvent);
      const text = Object.entries(query).map(([name, value]) => `${name}=${value}`);
      return {
        items,
        paging: { size: 200, number, totalElements, totalPages: Math.ceil(totalElements / 200) },
        request: `GET /${kind}?${text.join('&')}&page=${number}`,
      };
    },
    pages: () => {
      throw new Error('not used');
    },
    byId: () => Promise.resolve(null),
    close: () => undefined,
  };
  return client as unknown as TicketmasterClient & { calls: number };
}

async function readList(client: TicketmasterClient, after: Json = null, landed: readonly Page[] = []): Promise<Page[]> {
  const stream = createTicketmasterEventsStream({ client, countries: ['US'], horizonDays: 100, lookBackDays: 0 });
  const [slice] = stream.plan({ scheduledTime });
  const pages: Page[] = [];
  if (slice)
    for await (const page of stream.read(slice, readOptions({ after, landed: () => from(landed) })))
      pages.push(JSON.parse(JSON.stringify(page)) as Page);
  return pages;
}

const idsIn = (pages: readonly Page[]): string[] => pages.flatMap(({ records }) => records.map((raw) => (raw as { id: string }).id));
const sorted = (ids: Iterable<string>): string[] => [...new Set(ids)].sort();

/** Crowds of events around moments of the horizon: anything from spread over a month to within one second. */
const crowds = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 99 * 86_400 }), fc.constantFrom(1, 10, 3_600, 86_400, 30 * 86_400), fc.integer({ min: 1, max: 990 })),
  { minLength: 1, maxLength: 8 },
);

function entriesOf(list: readonly (readonly [number, number, number])[]): Entry[] {
  return list.flatMap(([start, width, count], crowd) =>
    Array.from({ length: count }, (_, i) => ({
      id: `${String((i * 7919) % 10_007).padStart(5, '0')}-${crowd}-${i}`,
      at: now + Math.min(start + Math.floor((i * width) / count), 100 * 86_400),
    })),
  );
}

describe('reading below the cap', () => {
  it('finds every event once, however they are spread, and marks the last page', async () => {
    await fc.assert(
      fc.asyncProperty(crowds, async (list) => {
        const entries = entriesOf(list);
        const seconds = new Map<number, number>();
        for (const { at = 0 } of entries) seconds.set(at, (seconds.get(at) ?? 0) + 1);
        fc.pre(Math.max(...seconds.values()) <= 1_000);
        const pages = await readList(listClient(entries));
        expect(idsIn(pages).sort()).toEqual(sorted(entries.map(({ id }) => id)));
        expect(pages.flatMap(({ notes }) => notes ?? [])).toEqual([]);
        expect(pages.map(({ position }) => position === null)).toEqual(pages.map((_, index) => index === pages.length - 1));
      }),
      { numRuns: 30 },
    );
  });

  it('finds the rest after an interruption at any page', async () => {
    await fc.assert(
      fc.asyncProperty(crowds, fc.double({ min: 0, max: 0.999, noNaN: true }), async (list, share) => {
        const entries = entriesOf(list);
        const whole = await readList(listClient(entries));
        const cutAt = Math.floor(share * whole.length);
        const earlier = whole.slice(0, cutAt + 1);
        const position = earlier.at(-1)?.position ?? null;
        const later = position === null ? [] : await readList(listClient(entries), position, earlier);
        expect(sorted(idsIn([...earlier, ...later]))).toEqual(sorted(idsIn(whole)));
      }),
      { numRuns: 30 },
    );
  });

  const evenly = (count: number): Entry[] => Array.from({ length: count }, (_, i) => ({ id: String(i).padStart(6, '0'), at: now + i * 60 }));

  it('spends little more than the calls that the pages need', async () => {
    const client = listClient(evenly(9_000).map(({ id, at }) => ({ id: `${(Number(id) * 7919) % 9_001}`, at })));
    expect(idsIn(await readList(client))).toHaveLength(9_000);
    expect(client.calls).toBeLessThanOrEqual(1.15 * 47);
  });

  it.each([
    ['on none of its pages', () => false],
    ['on every second page', (_query: TicketmasterQuery, page: number) => page % 2 === 0],
    ['in late windows', (query: TicketmasterQuery) => String(query['startDateTime']) < '2026-03-03'],
  ])('finds everything where the service does not keep the order of dates %s', async (_name, keepsOrder) => {
    const entries = evenly(4_500).map(({ id, at }) => ({ id: `${(Number(id) * 7919) % 9_001}`, at }));
    const client = listClient(entries, undefined, keepsOrder);
    const pages = await readList(client);
    expect(sorted(idsIn(pages))).toEqual(sorted(entries.map(({ id }) => id)));
    expect(pages.flatMap(({ notes }) => notes ?? [])).toEqual([]);
    expect(client.calls).toBeLessThanOrEqual(2 * 25);
  });

  it('finds 12,000 events of one country with hardly more calls than their pages, although no total says so many', async () => {
    const entries = evenly(12_000).map(({ id, at }) => ({ id: `${(Number(id) * 7919) % 12_007}`, at: (at ?? 0) - ((at ?? 0) % 600) }));
    const client = listClient(entries);
    expect(sorted(idsIn(await readList(client)))).toEqual(sorted(entries.map(({ id }) => id)));
    expect(client.calls).toBeLessThanOrEqual(1.15 * 62);
  });

  it('reads a search again when an event vanished between two pages, so that none slips through', async () => {
    const entries = evenly(500);
    const gone = entries[10];
    const pages = await readList(listClient(entries, (calls) => calls === 2 && entries.splice(10, 1)));
    expect(sorted([...idsIn(pages), gone?.id ?? ''])).toEqual(evenly(500).map(({ id }) => id));
    expect(pages.flatMap(({ notes }) => notes ?? [])).toEqual([]);
  });

  it('misses nothing that is there all the time, whenever events are announced or vanish meanwhile', async () => {
    const change = fc.record({
      call: fc.integer({ min: 1, max: 25 }),
      count: fc.integer({ min: 1, max: 120 }),
      at: fc.integer({ min: 0, max: 2_300 }),
      adds: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ call, count, at, adds }) => {
        const entries = evenly(2_600).map(({ id, at: start }) => ({ id: `${(Number(id) * 7919) % 9_001}`, at: start }));
        const there = new Set(entries.map(({ id }) => id));
        const events = Array.from({ length: count }, (_, i) => ({ id: `new${i}`, at: now + (at + i) * 60 }));
        const client = listClient(entries, (calls) => {
          if (calls !== call) return;
          if (adds) entries.push(...events);
          else for (const { id } of entries.splice(at, count)) there.delete(id);
        });
        const found = new Set(idsIn(await readList(client)));
        expect([...there].filter((id) => !found.has(id))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('says so when the total goes on changing', async () => {
    const entries = evenly(500);
    const pages = await readList(listClient(entries, () => void entries.pop()));
    expect(pages.flatMap(({ notes }) => notes ?? [])).toEqual([
      {
        kind: 'drift',
        message: expect.stringMatching(/^the total changed while it was read: \d+ announced, \d+ found in countryCode=US&startDateTime=/),
      },
    ]);
  });

  /** Leaves entries out of what it delivers, while it goes on announcing them. */
  const withholding = (client: TicketmasterClient, isWithheld: (id: string, reading: number) => boolean): TicketmasterClient => {
    let reading = 0;
    const page = async (kind: 'events', query: TicketmasterQuery, number: number) => {
      if (query['startDateTime'] !== undefined && number === 0) reading += 1;
      const answer = await client.page(kind, query, number);
      return { ...answer, items: answer.items.filter((item) => !isWithheld(item?.id ?? '', reading)) };
    };
    return { ...client, page } as TicketmasterClient;
  };
  const isMiddle = (id: string): boolean => Number(id) >= 200 && Number(id) < 350;
  const short = {
    kind: 'truncated',
    message: expect.stringMatching(/^150 of 900 announced events were in neither of two readings of countryCode=US&startDateTime=/),
    missing: 150,
  };

  it('reports what a search announces and does not give, in two readings with a steady total, as truncated', async () => {
    const pages = await readList(withholding(listClient(evenly(900)), isMiddle));
    expect(sorted(idsIn(pages))).toHaveLength(750);
    expect(pages.flatMap(({ notes }) => notes ?? [])).toEqual([short]);
  });

  it('reports it with its number for windows far above the cap, too', async () => {
    const isWithheld = (id: string): boolean => Number(id) >= 1_200 && Number(id) < 1_350;
    const pages = await readList(withholding(listClient(evenly(4_000)), isWithheld));
    expect(sorted(idsIn(pages))).toEqual(evenly(4_000).flatMap(({ id }) => (isWithheld(id) ? [] : [id])));
    const notes = pages.flatMap((page) => page.notes ?? []);
    expect(notes.map(({ kind }) => kind)).toEqual(notes.map(() => 'truncated'));
    expect(notes.reduce((sum, { missing = 0 }) => sum + missing, 0)).toBe(150);
  });

  it('reports the same number after an interruption at any page', async () => {
    const withheld = () => withholding(listClient(evenly(900)), isMiddle);
    const whole = await readList(withheld());
    const resumable = whole.filter(({ position }) => position !== null);
    expect(resumable.length).toBeGreaterThan(4);
    for (const [index, { position }] of resumable.entries()) {
      const later = await readList(withheld(), position, whole.slice(0, index + 1));
      expect(later.flatMap(({ notes }) => notes ?? [])).toEqual([short]);
    }
  });

  it('does not report what only one of the two readings left out', async () => {
    const isEven = (id: string): boolean => Number(id) % 2 === 0;
    const pages = await readList(withholding(listClient(evenly(900)), (id, reading) => isMiddle(id) && isEven(id) === (reading === 1)));
    expect(sorted(idsIn(pages))).toHaveLength(900);
    expect(pages.flatMap(({ notes }) => notes ?? [])).toEqual([]);
  });

  it('reports a shortage that the change of the total does not explain', async () => {
    const entries = evenly(900);
    const pages = await readList(
      withholding(
        listClient(entries, () => void entries.pop()),
        isMiddle,
      ),
    );
    const [note, ...others] = pages.flatMap(({ notes }) => notes ?? []);
    expect(note).toMatchObject({ kind: 'truncated' });
    expect(note?.missing).toBeGreaterThanOrEqual(140);
    expect(others).toEqual([]);
  });

  it('splits a window that grew above the cap while it was read', async () => {
    const entries = evenly(990);
    const added = Array.from({ length: 300 }, (_, i) => ({ id: `new${i}`, at: now + i }));
    const pages = await readList(listClient(entries, (calls) => calls === 3 && entries.push(...added)));
    expect(sorted(idsIn(pages))).toEqual(sorted([...evenly(990), ...added].map(({ id }) => id)));
  });

  it('reads undated events that have no segment and no state in other orders, as far as those go', async () => {
    const entries = Array.from({ length: 1_400 }, (_, i) => ({ id: `u${i}` }));
    const pages = await readList(listClient(entries));
    expect(pages.flatMap(({ notes }) => notes ?? [])).toEqual([]);
    expect(sorted(idsIn(pages))).toHaveLength(1_400);
  });
});
