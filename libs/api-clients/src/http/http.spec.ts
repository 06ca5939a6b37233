import { gzipSync } from 'node:zlib';
import { createMeter } from '@loadin/observability';
import { FatalError, RetryableError, StopError } from '@loadin/pipeline';
import { createRetryBudget } from '@loadin/resilience';
import { createManualClock, createRecordingLogger, type ManualClock } from '@loadin/testing';
import { createRate } from '../rate/rate.js';
import { RefusedError } from './errors.js';
import { createCredentialInUse } from './credential.js';
import { createHttp } from './http.js';
import { createRedactor } from './redact.js';
import { hangUp, json, silence, startScripted, text, type Reply, type ScriptedServer } from './scripted-server.fixture.js';
import type { Http, HttpOptions, HttpRequest } from './types.js';

const start = Date.parse('2026-03-01T12:00:00Z');
const request: HttpRequest = {
  endpoint: 'things',
  path: '/v1/things',
  query: { q: 'a b', page: 0 },
  isValid: (body) => typeof body === 'object' && body !== null && 'ok' in body,
};

describe('createHttp', () => {
  let clock: ManualClock;
  const closers: (() => unknown)[] = [];
  beforeEach(() => {
    clock = createManualClock(start);
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  const httpTo = (baseUrl: string, more: Partial<HttpOptions> = {}): Http => {
    const redactor = createRedactor();
    const http = createHttp({
      service: 'Things',
      baseUrl,
      rules: [],
      settings: { baseUrl: 'API_THINGS_BASE_URL', credentials: ['API_THINGS_KEY'] },
      auth: { kind: 'query', name: 'apikey', value: createCredentialInUse('canary-apikey', redactor) },
      rate: createRate({
        service: 'Things',
        windows: [{ limit: 1000, windowMs: 1000 }],
        pace: { perSecond: 1000, burst: 1000 },
        maxInFlight: 10,
        clock,
      }),
      redactor,
      clock,
      random: () => 0.5,
      retryBudget: createRetryBudget(),
      ...more,
    });
    closers.push(() => http.close());
    return http;
  };
  const serve = async (...replies: Reply[]): Promise<ScriptedServer> => {
    const server = await startScripted(...replies);
    closers.push(() => server.close());
    return server;
  };
  const failure = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('sends the key with the call and leaves it out of the request that pages name', async () => {
    const server = await serve(json({ ok: 1 }));
    const answer = await httpTo(server.url).request(request);
    expect(answer).toEqual({ body: { ok: 1 }, request: 'GET /v1/things?q=a%20b&page=0' });
    expect(server.requests[0]?.url).toBe('/v1/things?q=a%20b&page=0&apikey=canary-apikey');
  });

  it('keeps the connection open for the next call', async () => {
    const server = await serve((response, { socket }) => json({ ok: socket.remotePort })(response, {} as never));
    const http = httpTo(server.url);
    const [first, second] = [await http.request(request), await http.request(request)];
    expect(second.body).toEqual(first.body);
  });

  it('unpacks gzip and counts requests, retries, waits and bytes', async () => {
    const meter = createMeter();
    const body = JSON.stringify({ ok: 'x'.repeat(5000) });
    const server = await serve(text('', 503), text(gzipSync(body), 200, { 'content-encoding': 'gzip' }));
    await httpTo(server.url).request({ ...request, meter });
    expect(meter.totals).toMatchObject({ requests: 2, retries: 1, waits: 1, wait_ms: 500, bytes_read: body.length });
  });

  it.each([
    ['a 502', text('Bad gateway', 502)],
    ['a body that is not JSON', text('<html>')],
    ['half of a body', text('{"ok":')],
    ['no body', text('')],
    ['JSON of another shape', json({ message: 'hello' })],
    ['a broken connection', hangUp],
    [
      'a body that breaks off',
      ((response) => void response.writeHead(200, { 'content-length': '100' }).write('{"ok":1', () => response.destroy())) as Reply,
    ],
    ['a body that can not be unpacked', text('not gzip', 200, { 'content-encoding': 'gzip' })],
  ])('repeats a call after %s', async (_name, reply) => {
    const server = await serve(reply, json({ ok: 1 }));
    expect((await httpTo(server.url).request(request)).body).toEqual({ ok: 1 });
    expect(server.requests).toHaveLength(2);
    expect(clock.sleeps).toEqual([500]);
  });

  it('repeats a call that is not answered in time', async () => {
    const server = await serve(silence, json({ ok: 1 }));
    expect((await httpTo(server.url, { timeoutMs: 250 }).request(request)).body).toEqual({ ok: 1 });
  });

  it('gives up after three retries, each with a longer, jittered back-off', async () => {
    const server = await serve(text('', 500));
    const error = await failure(httpTo(server.url, { random: () => 0.999 }).request(request));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ message: 'Things fails: 500 (tried 4 times)', where: `GET ${server.url}/v1/things` });
    expect(clock.sleeps).toEqual([999, 1998, 3996]);
  });

  it('stops repeating when the budget of all calls is spent', async () => {
    const server = await serve(text('', 500));
    const http = httpTo(server.url, { retryBudget: createRetryBudget({ tokens: 4 }) });
    await Promise.all([failure(http.request(request)), failure(http.request(request))]);
    expect(server.requests).toHaveLength(2 + 4);
  });

  it('stops repeating when attempts and waits have taken the total time', async () => {
    const server = await serve(text('', 500));
    await failure(httpTo(server.url, { totalTimeoutMs: 1_600, random: () => 0.999 }).request(request));
    expect(clock.sleeps).toEqual([999]);
  });

  it.each([400, 404, 410, 422])('does not repeat a %i', async (status) => {
    const server = await serve(json({ errors: [{ code: 'DIS1035', detail: 'too deep for\ncanary-apikey' }] }, status));
    const error = await failure(httpTo(server.url).request(request));
    expect(error).toBeInstanceOf(FatalError);
    expect(error).toMatchObject({ message: `Things refuses the request: ${status} DIS1035: too deep for [redacted]` });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['seconds', '12', 12_000],
    ['a date', new Date(start + 30_000).toUTCString(), 30_000],
  ])('waits as long as Retry-After says in %s', async (_form, value, ms) => {
    const server = await serve(text('Too many requests', 429, { 'retry-after': value }), json({ ok: 1 }));
    await httpTo(server.url).request(request);
    expect(clock.now()).toBe(start + ms);
  });

  it.each([429, 503])('stops resumably, within a year, when the Retry-After of a %i is no time that there is', async (status) => {
    const server = await serve(text('', status, { 'retry-after': '9999999999999999' }));
    expect(await failure(httpTo(server.url).request(request))).toMatchObject({ action: 'stop', resumeAfter: '2027-03-01T12:00:00.000Z' });
  });

  it('does not ask again before the Retry-After of a 503', async () => {
    const server = await serve(text('', 503, { 'retry-after': '20' }), json({ ok: 1 }));
    const before = clock.now();
    await httpTo(server.url).request(request);
    expect([clock.now() - before, server.requests.length]).toEqual([20_000, 2]);
  });

  it('stops resumably when the Retry-After of a 503 is beyond the cap', async () => {
    const server = await serve(text('maintenance', 503, { 'retry-after': '3600' }));
    expect(await failure(httpTo(server.url).request(request))).toMatchObject({
      action: 'stop',
      message: 'Things allows no more calls now: 503 maintenance',
      resumeAfter: '2026-03-01T13:00:00.000Z',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('asks for nobody any more until the service allows it, when that is further away than is waited', async () => {
    const server = await serve(text('Too many requests', 429, { 'retry-after': '13749' }), json({ ok: 1 }));
    const http = httpTo(server.url);
    const stopped = { action: 'stop', reason: 'quota', resumeAfter: '2026-03-01T15:49:09.000Z' };
    expect(await failure(http.request(request))).toMatchObject(stopped);
    expect(await failure(http.request(request))).toMatchObject(stopped);
    expect(server.requests).toHaveLength(1);
  });

  it('stops resumably, and says until when, when Retry-After is beyond the cap', async () => {
    const server = await serve(text('Too many requests', 429, { 'retry-after': '13749' }));
    const error = await failure(httpTo(server.url).request(request));
    expect(error).toBeInstanceOf(StopError);
    expect(error).toMatchObject({
      reason: 'quota',
      resumeAfter: '2026-03-01T15:49:09.000Z',
      hint: expect.stringContaining('Run it again after 2026-03-01T15:49:09.000Z'),
    });
    expect(clock.sleeps).toEqual([]);
  });

  it('stops resumably when the service asks for a wait again and again', async () => {
    const server = await serve(text('', 429, { 'retry-after': '2' }));
    expect(await failure(httpTo(server.url).request(request))).toMatchObject({ reason: 'quota', resumeAfter: '2026-03-01T12:00:12.000Z' });
    expect(server.requests).toHaveLength(6);
  });

  it('holds back everybody while the service asks for a wait', async () => {
    const server = await serve(text('', 429, { 'retry-after': '5' }), json({ ok: 1 }));
    const http = httpTo(server.url);
    const times: number[] = [];
    const first = http.request(request);
    await new Promise((resolve) => setTimeout(resolve, 50)); // until the answer is there
    await Promise.all([first, http.request(request).then(() => times.push(clock.now()))]);
    expect(times[0]).toBeGreaterThanOrEqual(start + 5_000);
    expect(times[0]).toBeLessThan(start + 5_100); // and after that slower than before
  });

  it('does what the first matching rule of the table says', async () => {
    const server = await serve(json({ error: { message: 'Invalid limit' } }, 400));
    const rules = [{ on: 400, body: /Invalid limit/, endpoints: ['things'], then: 'refuse', code: 'invalid-limit' } as const];
    const error = await failure(httpTo(server.url, { rules }).request(request));
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ action: 'fatal', code: 'invalid-limit', status: 400 });
  });

  it('does not follow a redirect, which could carry the key to another host', async () => {
    const other = await serve(json({ ok: 1 }));
    const server = await serve(text('', 302, { location: `${other.url}/steal` }));
    expect(await failure(httpTo(server.url).request(request))).toMatchObject({
      action: 'fatal',
      message: expect.stringContaining('redirects to another address'),
    });
    expect(other.requests).toEqual([]);
  });

  it('names host, port and setting of a service that can not be reached', async () => {
    const server = await startScripted(silence);
    await server.close();
    const error = await failure(httpTo(server.url).request(request));
    expect(error).toMatchObject({
      action: 'retry',
      message: `Things can't be reached at ${server.url.slice(7)}: ECONNREFUSED (tried 4 times)`,
      hint: 'Check the network, and API_THINGS_BASE_URL if it is set.',
    });
  });

  it.each(['not an address', 'ftp://example.com', 'https://user:canary@example.com', 'https://example.com?apikey=canary'])(
    'names the setting of a wrong address: %s',
    (baseUrl) => {
      expect(() => httpTo(baseUrl)).toThrow(FatalError);
      expect(() => httpTo(baseUrl)).toThrow(/^API_THINGS_BASE_URL (is not|has more)((?!canary).)*$/);
    },
  );

  it.each([
    ['the attempt', silence],
    ['the wait before a retry', text('', 503)],
  ])('ends %s at once when it is cancelled', async (_name, reply) => {
    clock = createManualClock(start, { auto: false });
    const server = await serve(reply);
    const controller = new AbortController();
    const asked = failure(httpTo(server.url).request({ ...request, signal: controller.signal }));
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    while (reply !== silence && clock.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    controller.abort();
    expect(await asked).toMatchObject({ action: 'stop', reason: 'cancelled' });
    expect(server.requests).toHaveLength(1);
  });

  it('throws the reason of the signal when that says what to do', async () => {
    const server = await serve(silence);
    const reason = new StopError('time is up', { reason: 'deadline' });
    expect(await failure(httpTo(server.url).request({ ...request, signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it('logs a repeated call with its reason', async () => {
    const logger = createRecordingLogger();
    const server = await serve(json({ error: { message: 'Bad gateway for canary-apikey' } }, 502), json({ ok: 1 }));
    await httpTo(server.url).request({ ...request, logger });
    expect(logger.lines.find(({ level }) => level === 'warn')).toMatchObject({
      message: 'Things: call is repeated',
      fields: { endpoint: 'things', reason: 'server-error', said: '502 Bad gateway for [redacted]', attempt: 2, wait_ms: 500 },
    });
  });
});
