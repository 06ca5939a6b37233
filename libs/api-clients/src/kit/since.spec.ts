import fc from 'fast-check';
import { defineSource } from './define-source.js';
import type { SincePaging } from './paging-kinds.js';
import { caught, collect, common, options, serve } from './served.fixture.js';
import { list } from './shape.js';

interface Payment {
  readonly id: number;
  readonly at: string;
}
const at = (second: number): string => `2024-01-15T10:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}Z`;
const paymentsAt = (...seconds: number[]): Payment[] => seconds.map((second, id) => ({ id, at: at(second) }));

interface Service {
  readonly payments: readonly Payment[];
  /** `since` itself is given again. */
  readonly inclusive?: boolean;
  readonly ignores?: 'since' | 'since and limit';
  readonly cap?: number;
}

/** A service with `?since=&limit=`, in the order of time. */
async function world(paging: SincePaging, { payments, inclusive = true, ignores, cap = Infinity }: Service) {
  const state = { payments };
  const server = await serve((url) => {
    const since = ignores === undefined ? (url.searchParams.get('since') ?? '') : '';
    const limit = ignores === 'since and limit' ? Infinity : Math.min(cap, Number(url.searchParams.get('limit') ?? Infinity));
    const sorted = [...state.payments].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    return { body: sorted.filter((payment) => payment.at > since || (inclusive && payment.at === since)).slice(0, limit) };
  });
  const payments$ = { path: '/payments', answer: list<Payment>(''), paging } as const;
  const source = defineSource({ ...common, title: 'Payments', auth: { kind: 'none' }, endpoints: { payments: payments$ } });
  const client = source.connect(options(server.url));
  const read = (since?: string, until?: string) => collect(client.pages('payments', { since }, { until }));
  return { state, client, read, asked: () => server.asked(), close: () => Promise.all([client.close(), server.close()]) };
}
const idsOf = (pages: readonly { readonly items: readonly (Payment | null)[] }[]) =>
  pages.flatMap(({ items }) => items.map((payment) => payment?.id));
const notesOf = (pages: readonly { readonly notes?: readonly { readonly kind: string; readonly message: string }[] }[]) =>
  pages.flatMap(({ notes = [] }) => notes.map(({ kind, message }) => `${kind}: ${message}`));

const noLimit = { kind: 'since', parameter: 'since', cursor: 'at', as: 'time', perPage: 3 } as const;
const keyset = { ...noLimit, limit: 'limit' } as const;

describe('lists by ?since=', () => {
  it.each([true, false])('keep records that share a cursor together, whether the service gives since itself again (%p) or not', async (inclusive) => {
    const { read, close } = await world(keyset, { payments: paymentsAt(1, 2, 2, 3, 4, 4, 5), inclusive });
    expect(idsOf(await read())).toEqual([0, 1, 2, 3, 4, 5, 6]);
    await close();
  });

  it('lose nothing and double nothing, wherever the cuts fall', async () => {
    const cases = fc.record({
      seconds: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 25 }),
      perPage: fc.integer({ min: 1, max: 6 }),
      inclusive: fc.boolean(),
      declared: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seconds, perPage, inclusive, declared }) => {
        const payments = paymentsAt(...seconds);
        const { read, close } = await world({ ...keyset, perPage, maxPerPage: 64, inclusive: declared && inclusive }, { payments, inclusive });
        try {
          expect(idsOf(await read()).sort((a, b) => Number(a) - Number(b))).toEqual(payments.map(({ id }) => id));
        } finally {
          await close();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ask for more at once when one cursor fills a page, up to what is declared', async () => {
    const { read, asked, close } = await world({ ...keyset, maxPerPage: 8 }, { payments: paymentsAt(1, 2, 2, 2, 2, 2, 2, 3) });
    expect(idsOf(await read())).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(asked().map((url) => new URLSearchParams(url.split('?')[1]).get('limit'))).toEqual(['3', '3', '3', '6', '8', '8']);
    await close();
  });

  it('end with an error, not with a loss, when it doesn’t', async () => {
    const { read, close } = await world(keyset, { payments: paymentsAt(1, 2, 2, 2, 2, 3) });
    expect(await caught(read())).toMatchObject({
      action: 'fatal',
      message: `Payments has 3 records or more whose at is ${at(2)}, and gives no more of them at once: what follows can't be reached`,
      hint: expect.stringContaining('maxPerPage'),
    });
    await close();
  });

  it('are not taken for read when the service gives less than a page', async () => {
    const { read, close } = await world(keyset, { payments: paymentsAt(1, 2, 3, 4, 5), cap: 2 });
    expect(idsOf(await read())).toEqual([0, 1, 2, 3, 4]);
    await close();
  });

  it('end with an error when they are not in the order of their cursors', async () => {
    const { client, close } = await world({ ...keyset, cursor: 'id', as: 'number' }, { payments: [...paymentsAt(3, 2, 1)] });
    expect(await caught(collect(client.pages('payments')))).toMatchObject({
      message: expect.stringContaining('not give records in the order of id'),
    });
    await close();
  });

  it('begin with the given cursor, and read nothing later than until', async () => {
    const { read, asked, close } = await world(keyset, { payments: paymentsAt(1, 2, 3, 4, 5, 6, 7, 8, 9) });
    const pages = await read(at(3), at(5));
    expect(idsOf(pages)).toEqual([2, 3, 4]);
    expect(notesOf(pages)).toEqual([`skipped: what has changed after ${at(5)} is left for the next run`]);
    expect(asked()).toHaveLength(2);
    await close();
  });

  it('compare times as times: fractions, zones, and more digits than a Date has', async () => {
    const payments = ['2024-01-15T10:00:00Z', '2024-01-15T10:00:00.5Z', '2024-01-15T10:00:00.5000001Z', '2024-01-15T11:00:01+01:00'].map(
      (time, id) => ({ id, at: time }),
    );
    const server = await serve((url) => ({ body: url.searchParams.has('since') ? payments.slice(2) : payments }));
    const endpoints = { payments: { path: '/payments', answer: list<Payment>(''), paging: { ...keyset, perPage: 4 } } } as const;
    const client = defineSource({ ...common, auth: { kind: 'none' }, endpoints }).connect(options(server.url));
    expect(idsOf(await collect(client.pages('payments')))).toEqual([0, 1, 2, 3]);
    expect(server.asked()[1]).toBe('/payments?since=2024-01-15T10:00:00.5000001Z&limit=4');
    await client.close();
    await server.close();
  });

  it('give nothing twice to whoever goes on after a page in another process', async () => {
    const { client, close } = await world({ ...keyset, maxPerPage: 8 }, { payments: paymentsAt(1, 2, 2, 3, 4, 4, 4, 4, 5) });
    const pages = await collect(client.pages('payments'));
    expect(idsOf(pages)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    for (const [i, { next }] of pages.slice(0, -1).entries()) {
      const rest = await collect(client.pages('payments', {}, { at: JSON.parse(JSON.stringify(next)) }));
      expect(idsOf(rest)).toEqual(idsOf(pages.slice(i + 1)));
    }
    await close();
  });

  it('end with an error, not with a loss, when nothing is where the cursor is declared to be', async () => {
    const { read, close } = await world({ ...keyset, cursor: 'updated_at' }, { payments: paymentsAt(1, 2, 3, 4, 5) });
    expect(await caught(read())).toMatchObject({
      action: 'fatal',
      message: "Payments gives a page of 3 records and none of them has a time at updated_at: what follows can't be reached",
      hint: 'Check where the cursor of a record is.',
    });
    await close();
  });

  it('lose nothing when the pages of the service are larger than declared', async () => {
    const server = await serve((url) => {
      const since = url.searchParams.get('since') ?? '';
      return {
        body: paymentsAt(1, 2, 3, 4, 5, 6, 7, 8, 9)
          .filter((payment) => payment.at > since)
          .slice(0, 4),
      };
    });
    const endpoints = { payments: { path: '/payments', answer: list<Payment>(''), paging: noLimit } } as const;
    const client = defineSource({ ...common, auth: { kind: 'none' }, endpoints }).connect(options(server.url));
    expect(idsOf(await collect(client.pages('payments')))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await client.close();
    await server.close();
  });

  it('don’t ask for more at once where nothing says how', async () => {
    const { read, close } = await world({ ...noLimit, maxPerPage: 8 }, { payments: paymentsAt(1, 2, 2, 2, 2, 3), cap: 3 });
    expect(await caught(read())).toMatchObject({ action: 'fatal', message: expect.stringContaining('3 records or more whose at is') });
    await close();
  });

  it('refuse a since that is none', async () => {
    const { read, asked, close } = await world(keyset, { payments: [] });
    expect(await caught(read('yesterday'))).toMatchObject({
      action: 'fatal',
      message: 'since is not a time: "yesterday"',
      hint: expect.stringContaining('2024-'),
    });
    expect(asked()).toHaveLength(0);
    await close();
  });
});

describe('a service that ignores since', () => {
  const said = 'capability: Payments ignores since: everything is read, and what is older is left out here';

  it('is found out, said once, and filtered here', async () => {
    const { read, asked, close } = await world(keyset, { payments: paymentsAt(1, 2, 3, 4, 5), ignores: 'since and limit' });
    const pages = await read(at(4));
    expect(idsOf(pages)).toEqual([3, 4]);
    expect(notesOf(pages)).toEqual([said]);
    expect(asked()).toHaveLength(1);
    await close();
  });

  it('gives nothing twice when that shows only at the second page', async () => {
    const { read, close } = await world({ ...keyset, perPage: 10 }, { payments: paymentsAt(1, 2, 3, 4, 5), ignores: 'since and limit' });
    const pages = await read();
    expect(idsOf(pages)).toEqual([0, 1, 2, 3, 4]);
    expect(notesOf(pages)).toEqual([said]);
    await close();
  });

  it('is an error when it gives its first records for ever', async () => {
    const { read, close } = await world(keyset, { payments: paymentsAt(1, 2, 3, 4, 5), ignores: 'since' });
    expect(await caught(read())).toMatchObject({
      action: 'fatal',
      message: expect.stringContaining('ignores since and gives no more than 3 records'),
    });
    await close();
  });

  it('is filtered page by page where it has pages', async () => {
    const payments = paymentsAt(5, 1, 4, 2, 3, 6);
    const server = await serve((url) => ({ body: payments.slice(Number(url.searchParams.get('page')) * 2).slice(0, 2) }));
    const pages = { kind: 'page', page: 'page', perPage: 2, first: 0 } as const;
    const paging = { kind: 'since', parameter: 'since', cursor: 'at', as: 'time', pages } as const;
    const source = defineSource({
      ...common,
      title: 'Payments',
      auth: { kind: 'none' },
      endpoints: { payments: { path: '/payments', answer: list<Payment>(''), paging } },
    });
    const client = source.connect(options(server.url));
    const read = await collect(client.pages('payments', { since: at(3) }, { until: at(5) }));
    expect(idsOf(read)).toEqual([0, 2, 4]);
    expect(notesOf(read)).toEqual([said, `skipped: what has changed after ${at(5)} is left for the next run`]);
    await client.close();
    await server.close();
  });
});
