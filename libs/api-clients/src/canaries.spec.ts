import { inspect } from 'node:util';
import type { Page, Stream } from '@loadin/pipeline';
import { createRecordingLogger } from '@loadin/testing';
import type { FaultEffect } from '@loadin/upstreams';
import { paymentsSource } from './payments/source.js';
import { shipmentsSource } from './shipments/source.js';
import { createSpotifyArtistsStream } from './spotify/artists-stream.js';
import { createTicketmasterEventsStream } from './ticketmaster/events-stream.js';
import { readOptions, scheduledTime, startWorld, type World } from './upstreams.fixture.js';

const secrets = {
  spotifyClientId: 'an-id',
  spotifyClientSecret: 'canary/secret+of="spotify"',
  ticketmasterApiKey: 'canary-key-of-ticketmaster',
  gatewayApiKey: 'canaryKeyOfTheShopsGateway01',
};
/** What a service echoes: the secret that it was sent. */
const echoed = {
  spotify: JSON.stringify(secrets.spotifyClientSecret).slice(1, -1),
  ticketmaster: secrets.ticketmasterApiKey,
  payments: secrets.gatewayApiKey,
  shipments: secrets.gatewayApiKey,
};

/** All forms in which a secret could get out, the access tokens of the simulator (`BQ…`) included. */
const leaks = [
  /canary/,
  new RegExp(Buffer.from(`an-id:${secrets.spotifyClientSecret}`).toString('base64')),
  new RegExp(encodeURIComponent(secrets.spotifyClientSecret)),
  /BQ[A-Za-z0-9_-]{40,}/,
];

const effects: FaultEffect[] = [
  { kind: 'status', status: 400, body: '{"errors":[{"code":"DIS1","detail":"apikey=KEY"}],"error":{"message":"KEY"}}' },
  { kind: 'status', status: 401, body: '{"fault":{"faultstring":"Invalid ApiKey KEY","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}' },
  { kind: 'status', status: 403, body: 'plain text with KEY' },
  { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/?apikey=KEY' } },
  { kind: 'status', status: 503, body: '<html>KEY</html>' },
  { kind: 'status', status: 200, body: '{"apikey":"KEY"}' },
  { kind: 'status', status: 403, body: '{"message":"Forbidden","x-api-key":"KEY"}' },
  { kind: 'echo' },
  { kind: 'quotaExceeded' },
  { kind: 'retryAfter', seconds: 1 },
  { kind: 'retryAfter', seconds: 9_999 },
  { kind: 'drop' },
  { kind: 'malformedJson' },
  { kind: 'truncatedBody' },
];

describe('24. secrets', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ credentials: secrets, historyDays: 1 });
  });
  afterAll(() => world.close());
  afterEach(() => world.upstreams.faults.clear());

  /** Everything that leaves a stream: pages, and what was thrown and logged, with hidden properties and causes. */
  async function everythingOf(stream: Stream): Promise<string> {
    const logger = createRecordingLogger();
    const seen: unknown[] = [];
    for (const slice of stream.plan({ scheduledTime })) {
      seen.push(slice);
      try {
        for await (const page of stream.read(slice, readOptions({ logger }))) seen.push(page satisfies Page);
      } catch (error) {
        seen.push(error, (error as Error).stack);
      }
    }
    return inspect([seen, logger.lines], { depth: 30, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity });
  }
  const streams = (): Stream[] => [
    createSpotifyArtistsStream({ client: world.spotify(), queries: ['midnight'], ids: world.upstreams.catalogue.artistIds().slice(0, 3) }),
    createTicketmasterEventsStream({ client: world.ticketmaster(), countries: ['IE'], horizonDays: 3 }),
    paymentsSource().stream('payments', { client: world.payments() }),
    shipmentsSource().stream('shipments', { client: world.shipments() }),
  ];
  const expectNoLeak = (text: string): void => {
    for (const leak of leaks) expect(leak.exec(text)?.[0]).toBeUndefined();
  };

  it.each(effects.map((effect) => [JSON.stringify(effect), effect] as const))('are in nothing that leaves after %s', async (_name, effect) => {
    for (const api of ['spotify', 'ticketmaster', 'payments', 'shipments'] as const) {
      world.upstreams.faults.add({
        api,
        effect: JSON.parse(JSON.stringify(effect).replaceAll('KEY', JSON.stringify(echoed[api]).slice(1, -1))) as FaultEffect,
      });
    }
    for (const stream of streams()) expectNoLeak(await everythingOf(stream));
  });

  it('are in nothing that leaves when all is well, and what is looked for would be found', async () => {
    for (const stream of streams()) {
      const text = await everythingOf(stream);
      expect(text).toContain('request');
      expectNoLeak(text);
    }
    expect(() => expectNoLeak(`GET /?apikey=${secrets.ticketmasterApiKey}`)).toThrow();
  });

  it.each(['invalid_client', 'an outage'])('are in nothing that leaves after %s of the accounts service', async (what) => {
    const body = what === 'invalid_client' ? `{"error":"invalid_client","error_description":"${secrets.spotifyClientId}:canary/secret+of="}` : '';
    world.upstreams.faults.add({ api: 'accounts', effect: { kind: 'status', status: what === 'invalid_client' ? 400 : 500, body } });
    const [artists] = streams();
    if (artists) expectNoLeak((await everythingOf(artists)).replace(/canary\/secret\+of=(?!\\?")/g, '')); // half of the secret is not the secret
  });
});
