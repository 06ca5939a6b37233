import { inspect } from 'node:util';
import { FatalError } from '@loadin/pipeline';
import { createRecordingLogger } from '@loadin/testing';
import { json, startScripted } from './http/scripted-server.fixture.js';
import type { Credential } from './index.js';
import { startWorld, type World } from './upstreams.fixture.js';

const good = { spotifyClientId: 'canary-id-new', spotifyClientSecret: 'canary-secret-new', ticketmasterApiKey: 'canary-apikey-new' };

/** A secret that was rotated: its old value is known, and the next is read when that one was refused. */
function rotated(...values: readonly [string, ...string[]]): Credential & { readonly asked: string[] } {
  const [first, ...later] = values;
  let value = first;
  const asked: string[] = [];
  return {
    asked,
    current: () => Promise.resolve(value),
    refused: (refused) => {
      asked.push(refused);
      value = later.shift() ?? value;
      return Promise.resolve(value);
    },
  };
}

const caught = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );
const search = { countryCode: 'IE' };

describe('credentials that change', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ credentials: good });
  });
  beforeEach(() => {
    world.renew();
  });
  afterAll(() => world.close());
  const statuses = (api: 'ticketmaster' | 'accounts') => world.upstreams.requests().byApi[api].statuses;
  const artistId = () => world.upstreams.catalogue.artistIds()[0] ?? '';

  it('Ticketmaster: a refused key is read anew once, and the call repeated with the new one', async () => {
    const apiKey = rotated('canary-apikey-old', good.ticketmasterApiKey);
    const client = world.ticketmaster({ apiKey });
    expect((await client.page('events', search, 0)).items.length).toBeGreaterThan(0);
    await client.page('events', search, 0);
    expect(apiKey.asked).toEqual(['canary-apikey-old']);
    expect(statuses('ticketmaster')).toEqual({ '200': 2, '401': 1 });
  });

  it('Ticketmaster: a refused key that has no newer value is fatal at once', async () => {
    const apiKey = rotated('canary-apikey-old');
    expect(await caught(world.ticketmaster({ apiKey }).page('events', search, 0))).toMatchObject({
      action: 'fatal',
      message: 'Ticketmaster does not accept the API key: 401 Invalid ApiKey',
      hint: expect.stringContaining('API_TICKETMASTER_API_KEY'),
    });
    expect(apiKey.asked).toEqual(['canary-apikey-old']);
    expect(statuses('ticketmaster')).toEqual({ '401': 1 });
  });

  it('Ticketmaster: a new key that is refused too is fatal, and not read anew again in the same call', async () => {
    const apiKey = rotated('canary-apikey-old', 'canary-apikey-older', good.ticketmasterApiKey);
    expect(await caught(world.ticketmaster({ apiKey }).page('events', search, 0))).toMatchObject({ action: 'fatal' });
    expect(apiKey.asked).toEqual(['canary-apikey-old']);
    expect(statuses('ticketmaster')).toEqual({ '401': 2 });
  });

  it('Ticketmaster: a key as text is fatal at once', async () => {
    expect(await caught(world.ticketmaster({ apiKey: 'canary-apikey-old' }).page('events', search, 0))).toMatchObject({ action: 'fatal' });
    expect(statuses('ticketmaster')).toEqual({ '401': 1 });
  });

  it('Ticketmaster: calls that are refused together share one question', async () => {
    const apiKey = rotated('canary-apikey-old', good.ticketmasterApiKey);
    const client = world.ticketmaster({ apiKey });
    await Promise.all(Array.from({ length: 8 }, () => client.page('events', search, 0)));
    expect(apiKey.asked).toEqual(['canary-apikey-old']);
    expect(statuses('ticketmaster')['200']).toBe(8);
  });

  it('uses the new value also when the source goes on giving the old one for a while', async () => {
    const apiKey = { current: () => Promise.resolve('canary-apikey-old'), refused: () => Promise.resolve(good.ticketmasterApiKey) };
    const client = world.ticketmaster({ apiKey });
    await client.page('events', search, 0);
    await client.page('events', search, 0);
    expect(statuses('ticketmaster')).toEqual({ '200': 2, '401': 1 });
  });

  it('asks for the current value before each call, so that a changed one is used without a refusal', async () => {
    let value = 'canary-apikey-old';
    const apiKey: Credential = { current: () => Promise.resolve(value), refused: (refused) => Promise.resolve(refused) };
    const client = world.ticketmaster({ apiKey });
    value = good.ticketmasterApiKey;
    await client.page('events', search, 0);
    expect(statuses('ticketmaster')).toEqual({ '200': 1 });
  });

  it('Spotify: a refused secret is read anew once, and the token requested with the new one', async () => {
    const clientSecret = rotated('canary-secret-old', good.spotifyClientSecret);
    const client = world.spotify({ clientSecret });
    const [{ value }] = await Promise.all([client.artist(artistId()), client.artist(artistId())]);
    expect(value?.id).toBe(artistId());
    expect(clientSecret.asked).toEqual(['canary-secret-old']);
    expect(statuses('accounts')).toEqual({ '200': 1, '400': 1 });
  });

  it('Spotify: id and secret can change together', async () => {
    const clientId = rotated('canary-id-old', good.spotifyClientId);
    const clientSecret = rotated('canary-secret-old', good.spotifyClientSecret);
    expect((await world.spotify({ clientId, clientSecret }).artist(artistId())).value?.id).toBe(artistId());
    expect([clientId.asked, clientSecret.asked]).toEqual([['canary-id-old'], ['canary-secret-old']]);
    expect(statuses('accounts')).toEqual({ '200': 1, '400': 1 });
  });

  it('Spotify: a refused secret that has no newer value is fatal at once', async () => {
    const clientSecret = rotated('canary-secret-old');
    expect(await caught(world.spotify({ clientSecret }).artist(artistId()))).toMatchObject({
      action: 'fatal',
      message: 'Spotify accounts does not accept the client id and secret: 400 invalid_client: Invalid client secret',
    });
    expect(clientSecret.asked).toHaveLength(1);
    expect(statuses('accounts')).toEqual({ '400': 1 });
  });

  it('Spotify: a refused access token says nothing about the secret; a second refusal is fatal as ever', async () => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'tokenExpired' } });
    const clientSecret = rotated(good.spotifyClientSecret);
    expect(await caught(world.spotify({ clientSecret }).artist(artistId()))).toMatchObject({
      action: 'fatal',
      message: 'Spotify refuses a new access token too: 401 The access token expired',
    });
    expect(clientSecret.asked).toEqual([]);
    expect(statuses('accounts')).toEqual({ '200': 2 });
  });

  it.each(['current', 'refused'] as const)('ends with the error of a source that fails: %s', async (which) => {
    const failing = new FatalError('the secret has no text in field api_key', { where: 'arn:aws:secretsmanager:…' });
    const apiKey: Credential = { ...rotated('canary-apikey-old'), [which]: () => Promise.reject(failing) };
    expect(await caught(world.ticketmaster({ apiKey }).page('events', search, 0))).toBe(failing);

    const unclassed: Credential = { ...apiKey, [which]: () => Promise.reject(new Error('no way to the store for canary-apikey-old')) };
    const error = await caught(world.ticketmaster({ apiKey: unclassed }).page('events', search, 0));
    expect(error).toMatchObject({ action: 'fatal', message: expect.stringContaining('no way to the store') });
    if (which === 'refused') expect(inspect(error, { showHidden: true, depth: 10 })).not.toContain('canary');
  });

  it('stops waiting for a source when the call is cancelled', async () => {
    const apiKey: Credential = { ...rotated('canary-apikey-old'), refused: () => new Promise(() => undefined) };
    const controller = new AbortController();
    const logger = createRecordingLogger();
    const asked = caught(world.ticketmaster({ apiKey }).page('events', search, 0, { signal: controller.signal, logger }));
    while (!logger.lines.some(({ message }) => message === 'call')) await new Promise((resolve) => setTimeout(resolve, 2));
    controller.abort();
    expect(await asked).toMatchObject({ action: 'stop', reason: 'cancelled' });
  });

  it('24. no value that was ever used is in an error, a log or a record, even when the service echoes them later', async () => {
    const logger = createRecordingLogger();
    const used = ['canary-apikey-old', 'canary-apikey-mid', 'canary-apikey-end'] as const;
    const invalid = (key: string) => json({ fault: { faultstring: `Invalid ApiKey ${key}`, detail: { errorcode: 'oauth.v2.InvalidApiKey' } } }, 401);
    const echo = { _embedded: { events: [{ id: 'E', url: used.join(' ') }] }, page: { totalElements: 1, totalPages: 1, number: 0, size: 200 } };
    const server = await startScripted(invalid(used[0]), json(echo), invalid(used[1]), json(echo), json({ errors: [{ code: used.join() }] }, 400));
    const client = world.ticketmaster({ apiKey: rotated(...used), baseUrl: server.url });
    const pages = [await client.page('events', {}, 0, { logger }), await client.page('events', {}, 0, { logger })];
    const error = await caught(client.page('events', {}, 0, { logger }));
    await server.close();
    expect(server.requests.map(({ url }) => new URLSearchParams(url.split('?')[1]).get('apikey'))).toEqual([
      used[0],
      used[1],
      used[1],
      used[2],
      used[2],
    ]);
    expect(pages[1]?.items).toEqual([{ id: 'E', url: '[redacted] [redacted] [redacted]' }]);
    expect(inspect([pages[1], error, logger.lines], { depth: 20, showHidden: true, maxStringLength: Infinity })).not.toContain('canary');
  });

  it('24. nor are those of the accounts service, as pair and in Base64', async () => {
    const pair = Buffer.from('canary-id-old:canary-secret-old').toString('base64');
    const logger = createRecordingLogger();
    const body = { error: 'invalid_client', error_description: `canary-id-old canary-secret-old canary-secret-mid ${pair}` };
    const server = await startScripted(json(body, 400));
    const client = world.spotify({
      clientId: rotated('canary-id-old'),
      clientSecret: rotated('canary-secret-old', 'canary-secret-mid'),
      accountsUrl: server.url,
    });
    const error = await caught(client.artist(artistId(), { logger }));
    await server.close();
    expect(error).toMatchObject({ message: expect.stringContaining('invalid_client: [redacted] [redacted] [redacted] [redacted]') });
    expect(server.requests).toHaveLength(2);
    expect(inspect([error, logger.lines], { depth: 20, showHidden: true, maxStringLength: Infinity })).not.toMatch(/canary|Y2FuYXJ5/);
  });
});
