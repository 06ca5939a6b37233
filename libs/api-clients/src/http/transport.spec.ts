import type { ServerResponse } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { FatalError, RetryableError } from '@loadin/pipeline';
import { createRate } from '../rate/rate.js';
import { createCredentialInUse, type Credential } from './credential.js';
import { createTransportWorld, failureOfCall, startTime, things, type TransportWorld } from './http.fixture.js';
import { createRedactor } from './redact.js';
import { json, silence, text, type Reply } from './scripted-server.fixture.js';
import type { Auth } from './types.js';

const packed = { gzip: gzipSync, br: (body: string | Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }) };
const secret = 'canary-of-things';
const key = (): ReturnType<typeof createCredentialInUse> => createCredentialInUse(secret);

describe('the transport', () => {
  let world: TransportWorld;
  beforeEach(() => {
    world = createTransportWorld();
  });
  afterEach(() => world.close());

  describe.each(['gzip', 'br'] as const)('%s', (encoding) => {
    const answer = (body: string | Buffer): Reply => text(body, 200, { 'content-encoding': encoding });

    it('is asked for and unpacked', async () => {
      const server = await world.serve(answer(packed[encoding](JSON.stringify({ ok: 'ü'.repeat(5000) }))));
      expect((await world.http(server.url).request(things)).body).toEqual({ ok: 'ü'.repeat(5000) });
      expect(server.requests[0]?.headers['accept-encoding']).toContain(encoding);
    });

    it('counts against the size limit by what comes out, to the byte', async () => {
      const body = JSON.stringify({ ok: 'x'.repeat(99_991) }); // 100,000 + 1 bytes
      const server = await world.serve(answer(packed[encoding](body)));
      await world.http(server.url, { maxBytes: body.length }).request(things);
      expect(await failureOfCall(world.http(server.url, { maxBytes: body.length - 1 }).request(things))).toMatchObject({
        action: 'fatal',
        message: 'Things sends an answer above the size limit',
      });
    });

    it('can not be made a bomb: little of it is unpacked', async () => {
      const bomb =
        encoding === 'br' ? packed.br(Buffer.alloc(256 * 1024 * 1024)) : Buffer.concat(Array<Buffer>(256).fill(gzipSync(Buffer.alloc(1024 * 1024))));
      expect(bomb.length).toBeLessThan(512 * 1024);
      const server = await world.serve(answer(bomb));
      const before = process.memoryUsage();
      expect(await failureOfCall(world.http(server.url, { maxBytes: 1024 * 1024 }).request(things))).toMatchObject({ action: 'fatal' });
      const { arrayBuffers, external } = process.memoryUsage();
      expect(arrayBuffers + external - before.arrayBuffers - before.external).toBeLessThan(64 * 1024 * 1024);
      expect(server.requests).toHaveLength(1);
    });
  });

  it('reads an answer that begins with a byte order mark', async () => {
    const server = await world.serve(text('\uFEFF{"ok":1}'));
    expect((await world.http(server.url).request(things)).body).toEqual({ ok: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it('closes its idle connections, and those with a call under way after its answer', async () => {
    let reply = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      reply = resolve;
    });
    const waiting: ServerResponse[] = [];
    const server = await world.serve(json({ ok: 1 }), (response) => void (waiting.push(response), reply()));
    const http = world.http(server.url);
    await http.request(things);
    const underWay = http.request(things);
    await arrived;
    http.close();
    const socket = waiting[0]?.socket;
    const closed = new Promise((resolve) => socket?.once('close', resolve));
    waiting[0]?.end(JSON.stringify({ ok: 2 }));
    expect((await underWay).body).toEqual({ ok: 2 });
    await closed;
    expect(server.requests).toHaveLength(2);
  });

  describe('redirects', () => {
    const to = (location: string, status = 302): Reply => text('', status, { location });
    const auths: [string, Auth][] = [
      ['in the query', { kind: 'query', name: 'apikey', value: key() }],
      ['in a header', { kind: 'header', name: 'x-api-key', value: key() }],
      ['as user and password', { kind: 'basic', user: key(), password: key() }],
    ];

    it.each([301, 302, 303, 307, 308])('are followed to the same host, scheme and port (%i)', async (status) => {
      const server = await world.serve(to('/v2/things?page=1', status), json({ ok: 1 }));
      const answer = await world.http(server.url).request(things);
      expect(answer).toEqual({ body: { ok: 1 }, request: 'GET /v1/things' });
      expect(server.requests.map(({ url }) => url)).toEqual(['/v1/things', '/v2/things?page=1']);
    });

    it.each(auths)('take the credential %s along there, once', async (_name, auth) => {
      const server = await world.serve(to(`/v2/things?apikey=${secret}&page=1`), json({ ok: 1 }));
      await world.http(server.url, { auth }).request(things);
      const [first, second] = server.requests;
      if (auth.kind === 'query') expect(second?.url).toBe(`/v2/things?page=1&apikey=${secret}`);
      else
        expect(second?.headers).toMatchObject({
          ...(auth.kind === 'header' && { 'x-api-key': secret }),
          ...(auth.kind === 'basic' && { authorization: first?.headers.authorization }),
        });
    });

    it.each(auths)('are never followed to another port, with the credential %s or without', async (_name, auth) => {
      const other = await world.serve(json({ ok: 1 }));
      const server = await world.serve(to(`${other.url}/v1/things`));
      for (const known of [auth, { kind: 'none' } as const]) {
        expect(await failureOfCall(world.http(server.url, { auth: known }).request(things))).toMatchObject({
          action: 'fatal',
          message: expect.stringContaining('redirects to another address'),
        });
      }
      expect(other.requests).toEqual([]);
    });

    it.each([
      'http://localhost:PORT/x',
      'https://127.0.0.1:PORT/x',
      '//localhost:PORT/x',
      'http://user:pass@127.0.0.1:PORT/x',
      'ftp://127.0.0.1:PORT/',
      'http://',
    ])('are never followed to another host or scheme: %s', async (location) => {
      const server = await world.serve(
        (response, request) => to(location.replace('PORT', new URL(server.url).port))(response, request),
        json({ ok: 1 }),
      );
      expect(await failureOfCall(world.http(server.url).request(things))).toBeInstanceOf(FatalError);
      expect(server.requests).toHaveLength(1);
    });

    it('are followed three times', async () => {
      const server = await world.serve(to('/a'), to('/b'), to('/c'), json({ ok: 1 }));
      expect((await world.http(server.url).request(things)).body).toEqual({ ok: 1 });
      const endless = await world.serve(to('/again'));
      expect(await failureOfCall(world.http(endless.url).request(things))).toMatchObject({
        action: 'fatal',
        message: 'Things redirects again and again',
      });
      expect(endless.requests).toHaveLength(4);
    });

    it('each take a slot of the rate: the service counts them', async () => {
      const { clock } = world;
      const rate = createRate({
        service: 'Things',
        windows: [{ limit: 1, windowMs: 1000 }],
        pace: { perSecond: 1e6, burst: 1e6 },
        maxInFlight: 1,
        clock,
      });
      const server = await world.serve(to('/a'), json({ ok: 1 }));
      await world.http(server.url, { rate }).request(things);
      expect(clock.now()).toBe(startTime + 1_000);
    });

    it('of a form are not followed: it would be sent a second time', async () => {
      const server = await world.serve(to('/other', 307));
      expect(await failureOfCall(world.http(server.url).request({ ...things, form: { grant_type: 'x' } }))).toBeInstanceOf(FatalError);
      expect(server.requests).toHaveLength(1);
    });
  });

  describe('an API key in a header', () => {
    const renewable = (values: string[]): Credential => ({
      current: () => Promise.resolve(values[0] ?? ''),
      refused: () => Promise.resolve(values.shift() && (values[0] ?? '')).then((value) => value ?? ''),
    });

    it('is sent, and in no URL', async () => {
      const server = await world.serve(json({ ok: 1 }));
      const answer = await world.http(server.url, { auth: { kind: 'header', name: 'x-api-key', value: key() } }).request(things);
      expect(server.requests[0]).toMatchObject({ url: '/v1/things', headers: { 'x-api-key': secret } });
      expect(JSON.stringify(answer)).not.toContain(secret);
    });

    it('is read anew when it is refused, once', async () => {
      const rules = [{ on: 401, then: 'renew-credential', code: 'key', message: 'does not accept the key' } as const];
      const server = await world.serve(json({ message: 'Unauthorized' }, 401), json({ ok: 1 }));
      const value = createCredentialInUse(renewable(['old-key', 'new-key']));
      await world.http(server.url, { rules, auth: { kind: 'header', name: 'x-api-key', value } }).request(things);
      expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['old-key', 'new-key']);

      const strict = await world.serve(json({ message: 'Unauthorized' }, 401));
      const asked = world.http(strict.url, { rules, auth: { kind: 'header', name: 'x-api-key', value: key() } }).request(things);
      expect(await failureOfCall(asked)).toMatchObject({ action: 'fatal', message: 'Things does not accept the key' });
      expect(strict.requests).toHaveLength(1);
    });

    it.each(['canary\n', '', ' canary', 'canary\r\nx-injected: 1', 'schlüssel'])(
      'that can not be sent is not, and is not shown: %j',
      async (value) => {
        const server = await world.serve(json({ ok: 1 }));
        const auth: Auth = { kind: 'header', name: 'x-api-key', value: createCredentialInUse(value) };
        const error = await failureOfCall(world.http(server.url, { auth }).request(things));
        expect(error).toBeInstanceOf(FatalError);
        expect(String(error)).toContain("can't be sent in the header x-api-key");
        expect(String(error)).not.toMatch(/canary|schl/);
        expect(server.requests).toEqual([]);
      },
    );
  });

  describe('time', () => {
    it('of one attempt includes a body that trickles in', async () => {
      const trickle: Reply = (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(timer));
      };
      const server = await world.serve(trickle);
      expect(await failureOfCall(world.http(server.url, { timeoutMs: 60, attempts: 0 }).request(things))).toMatchObject({
        action: 'retry',
        message: 'Things does not answer in time',
      });
    });

    it('in total ends an attempt that would take longer', async () => {
      const server = await world.serve(silence);
      const error = await failureOfCall(world.http(server.url, { timeoutMs: 60_000, totalTimeoutMs: 50, attempts: 0 }).request(things));
      expect(error).toBeInstanceOf(RetryableError);
    });

    it('of one attempt includes its redirects', async () => {
      const late: Reply = (response, request) => void setTimeout(() => text('', 302, { location: '/next' })(response, request), 40);
      const server = await world.serve(late, silence);
      const began = performance.now();
      const http = world.http(server.url, {
        timeoutMs: 90,
        attempts: 0,
        clock: { ...world.clock, now: () => startTime + performance.now() - began },
      });
      expect(await failureOfCall(http.request(things))).toMatchObject({ message: 'Things does not answer in time' });
      expect(performance.now() - began).toBeLessThan(500);
    });
  });

  it('tells the rate of every 429, and is slower after it', async () => {
    const { clock } = world;
    const rate = createRate({ service: 'Things', windows: [], pace: { perSecond: 10, burst: 10 }, maxInFlight: 1, clock });
    const server = await world.serve(text('', 429, { 'retry-after': '1' }), json({ ok: 1 }));
    const http = world.http(server.url, { rate, redactor: createRedactor() });
    await http.request(things);
    const times: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      await http.request(things);
      times.push(clock.now() - startTime);
    }
    expect(times).toEqual([1_200, 1_400, 1_600]); // 5 a second instead of 10
  });
});
