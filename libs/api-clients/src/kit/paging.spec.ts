import { defineSource } from './define-source.js';
import type { PlainPaging } from './paging-kinds.js';
import { caught, collect, common, options, serve, showsFrom, type Served, type Show } from './served.fixture.js';
import { list } from './shape.js';

type Answer = Parameters<typeof serve>[0];

/** A list that is paged as declared, on a server that answers so. */
async function listOn(paging: PlainPaging, answer: Answer, base = '') {
  const server = await serve(answer);
  const endpoints = { shows: { path: '/shows', params: { city: 'string?' }, query: { order: 'id' }, answer: list<Show>('items'), paging } } as const;
  const source = defineSource({ ...common, auth: { kind: 'api-key', in: 'query', name: 'key' }, endpoints });
  const client = source.connect({ ...options(`${server.url}${base}`), apiKey: 'secret-key-0123456789' });
  const ids = async (): Promise<number[]> => (await collect(client.pages('shows'))).flatMap(({ items }) => items.map((show) => show?.id ?? 0));
  return {
    client,
    ids,
    server,
    asked: () => server.asked().map((url) => url.replace('&key=secret-key-0123456789', '')),
    close: () => Promise.all([client.close(), server.close()]),
  };
}

const numbersTo = (count: number): number[] => showsFrom(0, count).map(({ id }) => id);
const pageOf = (url: URL, total: number, { from, size }: { from: number; size: number }): Served => ({
  body: { items: showsFrom(0, total).slice(from, from + size), total: 7, url: url.href },
});
const number = (url: URL, name: string): number => Number(url.searchParams.get(name));

describe('lists by offset', () => {
  const paging = { kind: 'offset', offset: 'o', limit: 'l', perPage: 10 } as const;
  const byOffset =
    (total: number): Answer =>
    (url) =>
      pageOf(url, total, { from: number(url, 'o'), size: number(url, 'l') });

  it('are read to an empty page, whatever a total says', async () => {
    const { ids, asked, close } = await listOn(paging, byOffset(25));
    expect(await ids()).toEqual(numbersTo(25));
    expect(asked()).toEqual(['/shows?l=10&o=0&order=id', '/shows?l=10&o=10&order=id', '/shows?l=10&o=20&order=id', '/shows?l=10&o=25&order=id']);
    await close();
  });

  it('lose nothing when the service sends fewer than it was asked for', async () => {
    const { ids, close } = await listOn(paging, (url) => pageOf(url, 25, { from: number(url, 'o'), size: 4 }));
    expect(await ids()).toEqual(numbersTo(25));
    await close();
  });

  it('save the empty page where a short page is declared to be the last', async () => {
    const { ids, server, close } = await listOn({ ...paging, ends: 'short-page' }, byOffset(25));
    expect(await ids()).toEqual(numbersTo(25));
    expect(server.requests).toHaveLength(3);
    await close();
  });

  it('end where the declared next is null', async () => {
    const { ids, server, close } = await listOn({ ...paging, ends: { next: 'paging.next' } }, (url) => {
      const from = number(url, 'o');
      return { body: { items: showsFrom(from, 10), paging: { next: from === 10 ? null : 'more' } } };
    });
    expect(await ids()).toEqual(numbersTo(20));
    expect(server.requests).toHaveLength(2);
    await close();
  });

  it('say that the service has more than it gives where an answer says that there is a next page', async () => {
    const { client, close } = await listOn({ ...paging, maxItems: 20, ends: { next: 'next' } }, (url) => ({
      body: { items: showsFrom(number(url, 'o'), 10), next: 'more' },
    }));
    expect((await collect(client.pages('shows'))).flatMap(({ notes }) => notes ?? [])).toEqual([
      { kind: 'truncated', message: 'Shows gives no more than 20 items of a list, and this one has more' },
    ]);
    await close();
  });

  it('say when the service may have more than it gives', async () => {
    const { client, close } = await listOn({ ...paging, maxItems: 25 }, byOffset(100));
    const pages = await collect(client.pages('shows'));
    expect(pages.map(({ items }) => items.length)).toEqual([10, 10, 5]);
    expect(pages.map(({ notes }) => notes)).toEqual([
      undefined,
      undefined,
      [{ kind: 'truncated', message: 'Shows gives no more than 25 items of a list, and this one may have more' }],
    ]);
    await expect(client.page('shows', {}, { at: 25 })).rejects.toThrow('offset 25 is beyond the 25 items');
    await close();
  });
});

describe('lists by page number', () => {
  it.each([0, 1] as const)('begin with page %d, and lose neither the first nor the last', async (first) => {
    const paging = { kind: 'page', page: 'p', size: 'n', perPage: 10, first } as const;
    const { ids, asked, close } = await listOn(paging, (url) => pageOf(url, 15, { from: (number(url, 'p') - first) * 10, size: 10 }));
    expect(await ids()).toEqual(numbersTo(15));
    expect(asked()).toEqual([first, first + 1, first + 2].map((page) => `/shows?n=10&p=${page}&order=id`));
    await close();
  });

  it('end with the declared number of pages, a full last page included', async () => {
    const paging = { kind: 'page', page: 'p', perPage: 10, first: 1, ends: { pages: 'of' } } as const;
    const { ids, server, close } = await listOn(paging, (url) => ({ body: { items: showsFrom((number(url, 'p') - 1) * 10, 10), of: 2 } }));
    expect(await ids()).toEqual(numbersTo(20));
    expect(server.requests).toHaveLength(2);
    await close();
  });
});

describe('lists by cursor', () => {
  const paging = { kind: 'cursor', cursor: 'after', next: 'meta.next' } as const;

  it('are read while there is a next cursor, empty pages included', async () => {
    const pages: Record<string, unknown> = {
      '': { items: showsFrom(0, 2), meta: { next: 'b/2=' } },
      'b/2=': { items: [], meta: { next: 3 } },
      '3': { items: showsFrom(2, 1), meta: {} },
    };
    const { ids, asked, close } = await listOn(paging, (url) => ({ body: pages[url.searchParams.get('after') ?? ''] }));
    expect(await ids()).toEqual(numbersTo(3));
    expect(asked()).toEqual(['/shows?order=id', '/shows?after=b%2F2%3D&order=id', '/shows?after=3&order=id']);
    await close();
  });

  it('end when a next cursor leads nowhere else and brings nothing: some services always name one', async () => {
    const { ids, server, close } = await listOn(paging, (url) => {
      const at = url.searchParams.get('after');
      return { body: { items: at === 'b' ? [] : showsFrom(at === null ? 0 : 1, 1), meta: { next: at === null ? 'a' : 'b' } } };
    });
    expect(await ids()).toEqual(numbersTo(2));
    expect(server.requests).toHaveLength(3);
    await close();
  });

  it('end with an error when the cursors go round in a circle, however long it is', async () => {
    const { ids, server, close } = await listOn(paging, (url) => {
      const at = Number(url.searchParams.get('after') ?? 0);
      return { body: { items: showsFrom(at, 1), meta: { next: String(at === 9 ? 3 : at + 1) } } };
    });
    expect(await caught(ids())).toMatchObject({ action: 'fatal', message: 'Shows gives the same after again: the list would never end' });
    expect(server.requests.length).toBeLessThan(30);
    await close();
  });

  it('end with an error when the service gives the same cursor again', async () => {
    const { ids, server, close } = await listOn(paging, () => ({ body: { items: showsFrom(0, 1), meta: { next: 'same' } } }));
    expect(await caught(ids())).toMatchObject({ action: 'fatal', message: 'Shows gives the same after again: the list would never end' });
    expect(server.requests).toHaveLength(2);
    await close();
  });
});

describe('lists by link', () => {
  it('follow the Link header, relative or not, and never show the key that the service repeats in it', async () => {
    const header = { kind: 'link', in: 'header' } as const;
    const { client, server, close } = await listOn(
      header,
      (url) => {
        const page = number(url, 'page');
        const next = page === 0 ? `<http://127.0.0.1:${new URL(server.url).port}/v1/shows?page=1&key=secret-key-0123456789>` : '<shows?page=2>';
        const link = `<http://elsewhere.example/>; rel=last, ${next}; title="a, b"; rel="next prefetch"`;
        return { body: { items: showsFrom(page, 1) }, ...(page < 2 && { headers: { link } }) };
      },
      '/v1',
    );
    const pages = await collect(client.pages('shows'));
    expect(pages.flatMap(({ items }) => items)).toEqual(showsFrom(0, 3));
    expect(pages.map(({ request }) => request)).toEqual(['GET /shows?order=id', 'GET /shows?page=1', 'GET /shows?page=2']);
    expect(pages.map(({ next }) => next)).toEqual(['/shows?page=1', '/shows?page=2', null]);
    expect(server.requests.map(({ url }) => url.match(/key=/g)?.length)).toEqual([1, 1, 1]);
    await close();
  });

  it('follow a link in the body, to its null', async () => {
    const { ids, close } = await listOn({ kind: 'link', in: 'body', next: 'links.next' }, (url) => ({
      body: { items: showsFrom(number(url, 'page'), 1), links: { next: number(url, 'page') < 2 ? `/shows?page=${number(url, 'page') + 1}` : null } },
    }));
    expect(await ids()).toEqual(numbersTo(3));
    await close();
  });

  it('follow a link beside the base URL where that is the endpoint itself', async () => {
    const server = await serve((url) => ({ body: { items: showsFrom(number(url, 'page'), 1), next: number(url, 'page') < 1 ? '?page=1' : null } }));
    const endpoints = { shows: { path: '', answer: list<Show>('items'), paging: { kind: 'link', in: 'body', next: 'next' } } } as const;
    const client = defineSource({ ...common, auth: { kind: 'none' }, endpoints }).connect(options(`${server.url}/v1/shows`));
    expect((await collect(client.pages('shows'))).map(({ request }) => request)).toEqual(['GET /v1/shows', 'GET /v1/shows?page=1']);
    expect(server.asked()).toEqual(['/v1/shows', '/v1/shows?page=1']);
    await client.close();
  });

  it.each([
    ['another host', 'https://evil.example/shows?page=1', 'https://evil.example/shows'],
    ['another port', 'http://127.0.0.1:1/v1/shows', 'http://127.0.0.1:1/v1/shows'],
    ['something that only looks like the host', '//127.0.0.1.evil.example/v1/shows', 'http://127.0.0.1.evil.example/v1/shows'],
    ['outside of the base URL', '/v2/shows', '/v2/shows'],
    ['no address', 'http://', 'something that is no address'],
  ])('don’t follow a link to %s', async (_what, next, named) => {
    const { ids, server, close } = await listOn(
      { kind: 'link', in: 'body', next: 'next' },
      () => ({ body: { items: showsFrom(0, 1), next } }),
      '/v1',
    );
    expect(await caught(ids())).toMatchObject({
      action: 'fatal',
      message: expect.stringContaining(named),
      hint: expect.stringContaining('base URL'),
    });
    expect(server.requests).toHaveLength(1);
    await close();
  });
});

describe('a list by number', () => {
  it.each([
    ['page', { kind: 'page', page: 'p', perPage: 10, first: 1 }],
    ['offset', { kind: 'offset', offset: 'p', limit: 'l', perPage: 10 }],
  ] as const)('by %s ends with an error when the service pays no heed to the number', async (_kind, paging) => {
    const { ids, server, close } = await listOn(paging, (url) => pageOf(url, 100, { from: 0, size: 10 }));
    expect(await caught(ids())).toMatchObject({
      action: 'fatal',
      message: 'Shows gives the same page, whatever p is, again: the list would never end',
    });
    expect(server.requests).toHaveLength(4);
    await close();
  });
});

describe('every list', () => {
  it('fetches nothing that the consumer didn’t ask for', async () => {
    const paging = { kind: 'page', page: 'p', perPage: 10, first: 0 } as const;
    const { client, server, close } = await listOn(paging, (url) => pageOf(url, 1_000, { from: number(url, 'p') * 10, size: 10 }));
    const pages = client.pages('shows', { city: 'Malmö' });
    expect(server.requests).toHaveLength(0);
    await pages.next();
    await new Promise((resolve) => setTimeout(resolve, 20)); // time in which a page read ahead would arrive
    expect(server.requests).toHaveLength(1);
    await pages.next();
    await pages.return(undefined);
    expect(server.asked()).toEqual([
      '/shows?city=Malm%C3%B6&p=0&order=id&key=secret-key-0123456789',
      '/shows?city=Malm%C3%B6&p=1&order=id&key=secret-key-0123456789',
    ]);
    await close();
  });

  it('goes on after any page', async () => {
    const paging = { kind: 'offset', offset: 'o', limit: 'l', perPage: 10 } as const;
    const { client, close } = await listOn(paging, (url) => pageOf(url, 30, { from: number(url, 'o'), size: number(url, 'l') }));
    for (const { next } of await collect(client.pages('shows'))) {
      if (next === null) continue;
      const rest = await collect(client.pages('shows', {}, { at: JSON.parse(JSON.stringify(next)) }));
      expect(rest.flatMap(({ items }) => items)).toEqual(showsFrom(0, 30).slice(Number(next)));
    }
    await close();
  });
});
