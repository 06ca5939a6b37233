import type { FaultEffect } from '@loadin/upstreams';
import { createRecordingLogger } from '@loadin/testing';
import { json, startScripted, type Reply } from '../http/scripted-server.fixture.js';
import { createSpotifyArtistsStream } from '../index.js';
import { caught, run, startWorld, type World } from './run.fixture.js';

describe('failures and refusals', () => {
  let world: World;
  let id: string;
  beforeAll(async () => (world = await startWorld()));
  beforeEach(() => {
    world.renew();
    id = world.upstreams.catalogue.artistIds()[0] ?? '';
  });
  afterAll(() => world.close());

  const calls = (): number => world.upstreams.requests().byApi.spotify.calls;

  it('behaviour 13: a plain-text 403 is a clear fatal message, not a missing capability', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'premium' } });
    const ids = world.upstreams.catalogue.artistIds().slice(0, 20);
    const { report, logger } = await run(world, [createSpotifyArtistsStream({ client: world.spotify(), ids })]);
    expect(report.status).toBe('failed');
    expect(report.streams[0]?.error).toMatchObject({
      action: 'fatal',
      message: 'Spotify answers only when the owner of the app has a Premium subscription',
      hint: expect.stringContaining('Renew the subscription'),
    });
    expect(report.streams[0]?.notes).toEqual([]);
    expect(calls()).toBe(1);
    expect(logger.messages('error').join()).not.toContain('SyntaxError');
  });

  it('behaviour 13: any other plain-text 403 says what the service said', async () => {
    const effect: FaultEffect = {
      kind: 'status',
      status: 403,
      body: 'User not registered in the Developer Dashboard',
      headers: { 'content-type': 'text/plain' },
    };
    world.upstreams.faults.add({ api: 'spotify', effect });
    expect(await caught(world.spotify().artist(id))).toMatchObject({
      action: 'fatal',
      message: expect.stringContaining('User not registered in the Developer Dashboard'),
    });
    expect(calls()).toBe(1);
  });

  const transient: readonly (readonly [string, FaultEffect])[] = [
    ['a 500', { kind: 'status', status: 500 }],
    ['a 502 with a page of HTML', { kind: 'status', status: 502, body: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } }],
    ['a 503', { kind: 'status', status: 503 }],
    ['a time-out', { kind: 'hang' }],
    ['a dropped connection', { kind: 'drop' }],
    ['an answer that breaks off', { kind: 'truncatedBody' }],
    ['a malformed 200', { kind: 'malformedJson' }],
    ['an empty 200', { kind: 'emptyBody' }],
    ['a 200 of another shape', { kind: 'status', status: 200, body: '{"message":"welcome"}' }],
  ];

  it.each(transient)('behaviour 16: %s gets bounded, jittered retries', async (_what, effect) => {
    world.upstreams.faults.add({ api: 'spotify', effect, when: { first: 3 } });
    const numbers = [0.9, 0.2, 0.6];
    const client = world.spotify({ timeoutMs: 250, attempts: 3, backoffMs: 1_000, random: () => numbers.shift() ?? 0.5 });
    const { sleeps } = world.clock;
    expect((await client.artist(id)).value?.id).toBe(id);
    expect(calls()).toBe(4);
    expect(sleeps.filter((ms) => [900, 400, 2_400].includes(Math.round(ms)))).toEqual([900, 400, 2_400]);
  });

  it.each(transient)('behaviour 16: %s that stays is given up after the last retry, as something to try again later', async (_what, effect) => {
    world.upstreams.faults.add({ api: 'spotify', effect });
    const logger = createRecordingLogger();
    expect(await caught(world.spotify({ timeoutMs: 250, attempts: 2 }).artist(id, { logger }))).toMatchObject({ action: 'retry' });
    expect(calls()).toBe(3);
    expect(logger.messages('warn')).toHaveLength(2);
  });

  it.each([400, 401, 403, 404])('behaviour 16: a %i that breaks off says nothing yet: it is asked for again', async (status) => {
    const broken: Reply = (response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': 60 });
      response.write('{"error":{"status":400,"mess', () => response.socket?.destroy());
    };
    const server = await startScripted(broken, json({ id, name: 'Somebody' }));
    const client = world.spotify({ baseUrl: server.url });
    expect((await client.artist(id)).value?.id).toBe(id);
    expect(server.requests).toHaveLength(2);
    await server.close();
  });

  it.each([400, 403, 405, 406, 410, 413, 415, 418, 422, 451])('behaviour 16: a %i gets no retry', async (status) => {
    world.upstreams.faults.add({ effect: { kind: 'status', status }, api: 'spotify' });
    world.upstreams.faults.add({ effect: { kind: 'status', status }, api: 'ticketmaster' });
    expect(await caught(world.spotify().artist(id))).toMatchObject({ action: 'fatal' });
    expect(await caught(world.ticketmaster().page('events', { countryCode: 'IE' }, 0))).toMatchObject({ action: 'fatal' });
    const { spotify, ticketmaster } = world.upstreams.requests().byApi;
    expect([spotify.calls, ticketmaster.calls]).toEqual([1, 1]);
  });
});
