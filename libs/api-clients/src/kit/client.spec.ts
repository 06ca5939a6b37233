import { createMeter } from '@loadin/observability';
import { createMemoryStateStore, createRecordingLogger } from '@loadin/testing';
import { json, startScripted, text } from '../http/scripted-server.fixture.js';
import { defineSource } from './define-source.js';
import { caught, collect, common, options, serve, type Served } from './served.fixture.js';
import { list, one } from './shape.js';

const key = { kind: 'api-key', in: 'header', name: 'x-api-key' } as const;
const endpoints = {
  show: {
    path: '/shows/{id}',
    params: { full: 'boolean?' },
    answer: one<{ id: string }>('show', { expects: { 'show.id': 'string' } }),
    absent: ['not-found'],
  },
  venue: { path: '/venues/{id}', answer: one<{ id: string }>() },
  fans: { path: '/shows/{id}/fans', answer: one<number>('fans'), optional: 'fans: not available to this key' },
  photos: { path: '/shows/{id}/photos', answer: list<string>('photos'), paging: { kind: 'single' }, optional: 'photos: not available to this key' },
} as const;
const shows = defineSource({ ...common, auth: key, endpoints });

async function world(answer: Parameters<typeof serve>[0]) {
  const server = await serve(answer);
  const client = shows.connect({ ...options(server.url), apiKey: 'secret-key-0123456789' });
  return { client, server, close: () => Promise.all([client.close(), server.close()]) };
}
const statuses = (by: Record<string, number>): ((url: URL) => Served) => {
  return (url) => ({ status: by[url.pathname] ?? 200, body: by[url.pathname] === undefined ? { fans: 3, photos: ['a'] } : { message: 'no' } });
};

describe('a client of a declared source', () => {
  it('fills the path, sends the key in its header, and gives the value at its place', async () => {
    const { client, server, close } = await world(() => ({ body: { show: { id: 'a/b' } } }));
    expect(await client.get('show', { id: 'a/b', full: true })).toEqual({ value: { id: 'a/b' }, request: 'GET /shows/a%2Fb?full=true' });
    expect(server.requests[0]?.headers['x-api-key']).toBe('secret-key-0123456789');
    await close();
  });

  it('sends the key after a word, where its header has one', async () => {
    const server = await serve(() => ({ body: { id: 'v' } }));
    const auth = { kind: 'api-key', in: 'header', name: 'Authorization', scheme: 'Bearer' } as const;
    const client = defineSource({ ...common, auth, endpoints }).connect({ ...options(server.url), apiKey: 'secret-key-0123456789' });
    await client.get('venue', { id: 7 });
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer secret-key-0123456789');
    await client.close();
    await server.close();
  });

  it('shows no part of a key that was given with such a word, whatever the service says of it', async () => {
    const server = await serve(() => ({ status: 400, body: { error: 'secret-key-0123456789 may not' } }));
    const auth = { kind: 'api-key', in: 'header', name: 'Authorization' } as const;
    const client = defineSource({ ...common, auth, endpoints }).connect({ ...options(server.url), apiKey: 'Bearer secret-key-0123456789' });
    expect(await caught(client.get('venue', { id: 7 }))).toMatchObject({ message: 'Shows refuses the request: 400 [redacted] may not' });
    await client.close();
    await server.close();
  });

  it('understands a failure table as it is written: the same expression twice, a header in any case, seconds and milliseconds', async () => {
    const resets = ['1705323600', '1705323600000'];
    const server = await serve(() => {
      return { status: 429, headers: { 'x-ratelimit-reset': resets.shift() ?? '' }, body: { error: 'DAILY limit' } };
    });
    const failures = [{ on: 429, body: /daily/gi, then: 'stop', code: 'daily', resetHeader: 'X-RateLimit-Reset' }] as const;
    const source = defineSource({ ...common, auth: { kind: 'none' }, failures, endpoints });
    const ask = async (): Promise<unknown> => {
      const client = source.connect(options(server.url)); // another one each time: the same one would ask no more
      return caught(client.get('venue', { id: 7 })).finally(() => client.close());
    };
    const resumeAfter = '2024-01-15T13:00:00.000Z';
    expect([await ask(), await ask(), await ask()]).toMatchObject([
      { action: 'stop', resumeAfter },
      { action: 'stop', resumeAfter },
      { action: 'stop' },
    ]);
    expect(server.requests).toHaveLength(3);
    await server.close();
  });

  it('asks once whether there is the thing that an optional endpoint is about, however that is declared', async () => {
    const server = await serve(() => ({ status: 404, body: {} }));
    const { fans } = endpoints;
    const own = { fans: { ...fans, foundBy: 'fans' } } as const;
    const client = defineSource({ ...common, auth: { kind: 'none' }, endpoints: own }).connect(options(server.url));
    expect((await client.get('fans', { id: 7 })).value).toBeNull();
    expect(server.requests).toHaveLength(2);
    await client.close();
    await server.close();
  });

  it.each(['', '.', '..'])('sends no %j as a part of a path', async (id) => {
    const { client, server, close } = await world(() => ({ body: {} }));
    expect(await caught(client.get('show', { id }))).toMatchObject({ action: 'fatal', message: expect.stringContaining('/shows/{id} needs id') });
    expect(server.requests).toHaveLength(0);
    await close();
  });

  it('gives null for what the service doesn’t have, where that is declared', async () => {
    const { client, close } = await world(() => ({ status: 404, body: { message: 'none' } }));
    expect(await client.get('show', { id: 7 })).toEqual({ value: null, request: 'GET /shows/7' });
    expect(await caught(client.get('venue', { id: 7 }))).toMatchObject({ action: 'fatal' });
    expect(client.capabilities).toEqual([]);
    await close();
  });

  it('asks again for an answer that is not what is expected', async () => {
    const server = await startScripted(json({ show: { id: 7 } }), text('<html>'), json({ show: { id: '7' } }));
    const client = shows.connect({ ...options(server.url), apiKey: 'k-0123456789' });
    const meter = createMeter();
    expect((await client.get('show', { id: 7 }, { meter })).value).toEqual({ id: '7' });
    expect(meter.totals).toMatchObject({ requests: 3, retries: 2 });
    await client.close();
    await server.close();
  });

  it('25. a refused API key is fatal at once, names its setting, and is nowhere', async () => {
    const logger = createRecordingLogger();
    const { client, server, close } = await world((_url, headers) => ({ status: 401, body: { error: `bad key ${String(headers['x-api-key'])}` } }));
    const error = await caught(client.get('show', { id: 7 }, { logger }));
    expect(error).toMatchObject({
      action: 'fatal',
      message: 'Shows does not accept the API key: 401 bad key [redacted]',
      hint: 'Check API_SHOWS_KEY.',
    });
    expect(server.requests).toHaveLength(1);
    expect(JSON.stringify([error, logger.lines])).not.toContain('secret-key');
    await close();
  });

  it('has its own failure table first', async () => {
    const server = await serve(() => ({ status: 401, body: { reason: 'asleep' } }));
    const failures = [{ on: 401, body: /asleep/, then: 'stop', code: 'asleep', message: 'is asleep' }] as const;
    const client = defineSource({ ...common, auth: { kind: 'none' }, failures, endpoints }).connect(options(server.url));
    expect(await caught(client.get('show', { id: 7 }))).toMatchObject({ action: 'stop', message: 'Shows is asleep' });
    await client.close();
    await server.close();
  });
});

describe('clients that share a quota', () => {
  it('count on one budget for each key, give back what they have not used, and write no key', async () => {
    const server = await serve(() => ({ body: { id: 'v' } }));
    const state = createMemoryStateStore();
    const rate = { ...common.rate, windows: [{ limit: 5, windowMs: 86_400_000 }] };
    const source = defineSource({ ...common, rate, auth: key, endpoints });
    const connect = (apiKey: string) => source.connect({ ...options(server.url), apiKey, quota: { state } });
    const first = connect('secret-key-0123456789');
    for (let i = 0; i < 3; i += 1) await first.get('venue', { id: 1 });
    await first.close();
    const [second, other] = [connect('secret-key-0123456789'), connect('another-key-0123456789')];
    for (let i = 0; i < 2; i += 1) await second.get('venue', { id: 1 });
    expect(await caught(second.get('venue', { id: 1 }))).toMatchObject({ action: 'stop', reason: 'quota' });
    await other.get('venue', { id: 1 });
    await Promise.all([second.close(), other.close()]);
    expect(server.requests).toHaveLength(6);
    const keys: string[] = [];
    for await (const stored of state.list('')) keys.push(JSON.stringify(stored));
    expect(keys.join()).toContain('quota/shows/');
    expect(keys.join()).not.toContain('-key-');
    await server.close();
  });
});

describe('endpoints that some credentials don’t get', () => {
  it.each([403, 404])('are found out once by a %d, reported, and never asked again', async (status) => {
    const { client, server, close } = await world(statuses({ '/shows/1/fans': status }));
    expect((await client.get('fans', { id: 1 })).value).toBeNull();
    expect(await client.get('fans', { id: 2 })).toEqual({ value: null, request: 'GET /shows/2/fans' });
    expect(server.asked()).toEqual(['/shows/1/fans']);
    expect(client.capabilities).toEqual([{ name: 'fans', status, message: `fans: not available to this key (${status})` }]);
    await close();
  });

  it('give empty lists with a note', async () => {
    const { client, server, close } = await world(statuses({ '/shows/1/photos': 403 }));
    for (const id of [1, 2]) {
      expect(await collect(client.pages('photos', { id }))).toEqual([
        {
          items: [],
          body: null,
          next: null,
          request: `GET /shows/${id}/photos`,
          notes: [{ kind: 'capability', message: 'photos: not available to this key (403)' }],
        },
      ]);
    }
    expect(server.requests).toHaveLength(1);
    await close();
  });

  it('are not given up for one missing thing once they have worked', async () => {
    const { client, close } = await world(statuses({ '/shows/2/fans': 404 }));
    expect([
      (await client.get('fans', { id: 1 })).value,
      (await client.get('fans', { id: 2 })).value,
      (await client.get('fans', { id: 3 })).value,
    ]).toEqual([3, null, 3]);
    expect(client.capabilities).toEqual([]);
    await close();
  });

  it('still fail by a server error', async () => {
    const { client, close } = await world(statuses({ '/shows/1/fans': 503 }));
    expect(await caught(client.get('fans', { id: 1 }))).toMatchObject({ action: 'retry' });
    expect(client.capabilities).toEqual([]);
    await close();
  });
});

describe('client credentials', () => {
  it('get one token for many calls, from the declared service or the one in its place', async () => {
    const server = await serve((url) =>
      url.pathname === '/oauth/token' ? { body: { access_token: 'token-0123456789', expires_in: 3600 } } : { body: { id: 'v' } },
    );
    const tokens = { title: 'Accounts', baseUrl: 'https://accounts.example', path: '/oauth/token', setting: 'API_ACCOUNTS_URL' } as const;
    const source = defineSource({ ...common, auth: { kind: 'client-credentials', tokens }, endpoints });
    const client = source.connect({ ...options(server.url), clientId: 'i', clientSecret: 's-0123456789', tokenUrl: server.url });
    await Promise.all(Array.from({ length: 20 }, (_, id) => client.get('venue', { id: id + 1 })));
    expect(server.asked().filter((url) => url === '/oauth/token')).toHaveLength(1);
    expect(new Set(server.requests.slice(1).map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer token-0123456789']));
    await client.close();
    await server.close();
  });

  it('say which settings to look at when the service refuses them', async () => {
    const server = await serve(() => ({ status: 400, body: { error: 'invalid_client' } }));
    const tokens = { title: 'Accounts', baseUrl: server.url, path: '/oauth/token', setting: 'API_ACCOUNTS_URL' } as const;
    const settings = { baseUrl: 'API_SHOWS_BASE_URL', credentials: ['API_SHOWS_ID', 'API_SHOWS_SECRET'] };
    const client = defineSource({ ...common, settings, auth: { kind: 'client-credentials', tokens }, endpoints }).connect({
      ...options(server.url),
      clientId: 'i',
      clientSecret: 's-0123456789',
    });
    expect(await caught(client.get('venue', { id: 1 }))).toMatchObject({
      action: 'fatal',
      message: 'Accounts does not accept the client id and secret: 400 invalid_client',
      hint: 'Check API_SHOWS_ID and API_SHOWS_SECRET.',
    });
    await client.close();
    await server.close();
  });
});
