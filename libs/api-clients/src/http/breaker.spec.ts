import { RetryableError } from '@loadin/pipeline';
import { createRecordingLogger } from '@loadin/testing';
import { createBreaker, type Outcome } from './breaker.js';
import { createTransportWorld, failureOfCall, startTime, things, type TransportWorld } from './http.fixture.js';
import { hangUp, json, silence, startScripted, text, type Reply } from './scripted-server.fixture.js';

describe('the breaker', () => {
  let world: TransportWorld;
  beforeEach(() => {
    world = createTransportWorld();
  });
  afterEach(() => world.close());

  const failedCalls = async (http: ReturnType<TransportWorld['http']>, calls: number): Promise<unknown[]> => {
    const errors = [];
    for (let i = 0; i < calls; i += 1) errors.push(await failureOfCall(http.request(things)));
    return errors;
  };

  it.each<[string, Reply, object]>([
    ['5xx', text('', 503), {}],
    ['broken connections', hangUp, {}],
    ['time-outs', silence, { timeoutMs: 15 }],
  ])('leaves a host alone for 30 s after eight failures in a row: %s', async (_name, reply, more) => {
    const server = await world.serve(reply);
    const http = world.http(server.url, { attempts: 0, ...more });
    await failedCalls(http, 8);
    const before = world.clock.now();
    const [error] = await failedCalls(http, 1);
    expect(server.requests).toHaveLength(8);
    expect(world.clock.now()).toBe(before);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({
      message: `${server.url.slice(7)} has failed 8 times in a row: no call is made to it until 2026-03-01T12:00:30.000Z`,
      where: server.url,
      hint: 'Try again after that, when the service works again.',
    });
  });

  it('counts refused connections too', async () => {
    const server = await startScripted(silence);
    await server.close();
    const errors = await failedCalls(world.http(server.url, { attempts: 0 }), 9);
    expect(errors.map(String).slice(7)).toEqual([expect.stringContaining('ECONNREFUSED'), expect.stringContaining('has failed 8 times in a row')]);
  });

  it('counts the retries of a call, and ends them', async () => {
    const server = await world.serve(text('', 500));
    const [error] = await failedCalls(world.http(server.url, { attempts: 20 }), 1);
    expect(server.requests).toHaveLength(8);
    expect(error).toMatchObject({ message: expect.stringContaining('no call is made to it until') });
  });

  it.each<[string, Reply]>([
    ['a 200', json({ ok: 1 })],
    ['a 404', text('', 404)],
    ['a 429', text('', 429, { 'retry-after': '61' })],
    ['a 200 that is not JSON', text('<html>')],
    ['a redirect', text('', 302, { location: 'http://other.invalid/' })],
  ])('takes %s for an answer: the failures before it do not count any more', async (_name, answer) => {
    const failing = Array<Reply>(7).fill(text('', 500));
    const server = await world.serve(...failing, answer, ...failing, answer);
    await failedCalls(world.http(server.url, { attempts: 0 }), 16);
    expect(server.requests).toHaveLength(16);
  });

  it('does not count what the caller cancelled', async () => {
    let caller = new AbortController();
    const server = await world.serve(() => caller.abort()); // never an answer
    const http = world.http(server.url, { attempts: 0 });
    for (let i = 0; i < 10; i += 1) {
      caller = new AbortController();
      await failureOfCall(http.request({ ...things, signal: caller.signal }));
    }
    expect(server.requests).toHaveLength(10);
  });

  it('lets one probe through then, and everything once that is answered', async () => {
    let ok = false;
    const server = await world.serve((response, request) => (ok ? json({ ok: 1 }) : text('', 500))(response, request));
    const http = world.http(server.url, { attempts: 0 });
    await failedCalls(http, 8);
    await world.clock.sleep(30_000);
    ok = true;
    const together = await Promise.all(Array.from({ length: 5 }, () => failureOfCall(http.request(things))));
    expect(server.requests).toHaveLength(9);
    expect(together.filter((error) => error === undefined)).toHaveLength(1);
    expect(String(together.find((error) => error !== undefined))).toContain('one call finds out whether it is back');
    expect(await failedCalls(http, 5)).toEqual(Array(5).fill(undefined));
  });

  it('doubles the time with each probe that fails, up to five minutes', async () => {
    const server = await world.serve(text('', 500));
    const http = world.http(server.url, { attempts: 0 });
    await failedCalls(http, 8);
    const probes: number[] = [];
    for (let probe = 9; probe <= 14; probe += 1) {
      while (server.requests.length < probe) {
        await world.clock.sleep(1_000);
        await failedCalls(http, 1);
      }
      probes.push((world.clock.now() - startTime) / 1000);
    }
    expect(probes.map((at, i) => at - (probes[i - 1] ?? 0))).toEqual([30, 60, 120, 240, 300, 300]);
  });

  it('says so once in the log', async () => {
    const logger = createRecordingLogger();
    const server = await world.serve(text('', 500));
    const http = world.http(server.url, { attempts: 0 });
    for (let i = 0; i < 12; i += 1) await failureOfCall(http.request({ ...things, logger }));
    expect(logger.lines.filter(({ message }) => message.includes('left alone'))).toMatchObject([
      { level: 'warn', fields: { host: server.url.slice(7), until: '2026-03-01T12:00:30.000Z' } },
    ]);
  });

  it('judges each host for itself, for all clients that share it', async () => {
    const [dead, alive] = [await world.serve(text('', 500)), await world.serve(json({ ok: 1 }))];
    const breaker = createBreaker({ clock: world.clock, failures: 3, openMs: 10_000 });
    await failedCalls(world.http(dead.url, { attempts: 0, breaker }), 3);
    const [[refused], [answered]] = [
      await failedCalls(world.http(dead.url, { attempts: 0, breaker }), 1),
      await failedCalls(world.http(alive.url, { attempts: 0, breaker }), 1),
    ];
    expect(refused).toMatchObject({ message: expect.stringContaining('until 2026-03-01T12:00:10.000Z') });
    expect(answered).toBeUndefined();
  });

  it('probes again when the probe was cancelled, and is not moved by calls from before', () => {
    const breaker = createBreaker({ clock: world.clock, failures: 1, openMs: 0 });
    const origin = 'https://api.example.com';
    const enter = (): ((outcome: Outcome) => number | undefined) => breaker.enter(origin);
    const [first, late] = [enter(), enter()];
    expect(first('failed')).toBe(startTime);
    expect(late('failed')).toBeUndefined();
    enter()('cancelled');
    const probe = enter();
    expect(() => breaker.check(origin)).toThrow('one call finds out');
    probe('answered');
    expect(() => breaker.check(origin)).not.toThrow();
  });
});
