import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { FaultEffect } from '@loadin/upstreams';
import { createSpotifyArtistsStream, createTicketmasterEventsStream } from '../index.js';
import { caught, run, startWorld, type Ran, type World } from './run.fixture.js';

const credentials = {
  spotifyClientId: 'an-id',
  spotifyClientSecret: 'canary/secret+of="spotify"',
  ticketmasterApiKey: 'canary/key+of=ticketmaster&co',
};

/** All that a run wrote, said and reported. */
function everythingOf({ lake, state, sink, logger, report }: Ran): string {
  const objects = [...lake.objects].map(
    ([name, { body }]) => `${name}\n${(name.endsWith('.gz') ? gunzipSync(body) : Buffer.from(body)).toString('utf8')}`,
  );
  const rest = [state.history, sink.batches, logger.lines, report];
  return [...objects, inspect(rest, { depth: 30, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity })].join('\n');
}

const leaks = [
  /canary/,
  /BQ[A-Za-z0-9_-]{40,}/,
  ...[credentials.ticketmasterApiKey, credentials.spotifyClientSecret, `an-id:${credentials.spotifyClientSecret}`].map(
    (secret) => new RegExp(Buffer.from(secret).toString('base64').replace(/=+$/, '').replace(/[+/]/g, '\\$&')),
  ),
];
const leaksIn = (text: string): string[] => leaks.flatMap((leak) => leak.exec(text)?.[0] ?? []);

describe('secrets', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld({ credentials })));
  beforeEach(() => world.renew());
  afterAll(() => world.close());

  const streams = () => [
    createSpotifyArtistsStream({ client: world.spotify(), queries: ['velvet'], ids: world.upstreams.catalogue.artistIds().slice(0, 2) }),
    createTicketmasterEventsStream({ client: world.ticketmaster(), countries: ['IE'], horizonDays: 20 }),
  ];

  it('behaviour 24: the apikey and the tokens are absent from logs, reports, stored pages and records of a good run', async () => {
    const ran = await run(world, streams());
    expect(ran.report.status).toBe('complete');
    const text = everythingOf(ran);
    expect(text).toContain('/discovery/v2/events.json?countryCode=IE');
    expect(leaksIn(text)).toEqual([]);
    expect(leaksIn(`GET /?apikey=${credentials.ticketmasterApiKey}`)).not.toEqual([]);
  });

  it('behaviour 24: they are absent even when the servers echo them in good answers', async () => {
    world.upstreams.faults.add({ effect: { kind: 'echo' } });
    const ran = await run(world, streams());
    const text = everythingOf(ran);
    expect(ran.report.status).toBe('complete');
    expect(text).toContain('asked_with');
    expect(text).toContain('[redacted]');
    expect(leaksIn(text)).toEqual([]);
  });

  it.each<[string, FaultEffect]>([
    ['QuotaViolation, whose text echoes it', { kind: 'quotaExceeded' }],
    [
      'a 400 that echoes it',
      { kind: 'status', status: 400, body: `{"errors":[{"code":"DIS1","detail":"apikey=${credentials.ticketmasterApiKey}"}]}` },
    ],
    [
      'a page of HTML that echoes it',
      { kind: 'status', status: 502, body: `<p>/events?apikey=${encodeURIComponent(credentials.ticketmasterApiKey)}</p>` },
    ],
    [
      'a redirect that carries it',
      { kind: 'status', status: 302, headers: { location: `http://127.0.0.1:1/?apikey=${credentials.ticketmasterApiKey}` } },
    ],
    ['a dropped connection', { kind: 'drop' }],
    ['an answer that breaks off', { kind: 'truncatedBody' }],
    ['a malformed answer', { kind: 'malformedJson' }],
  ])('behaviour 24: the apikey is absent from errors, their causes and logs after %s', async (_what, effect) => {
    world.upstreams.faults.add({ api: 'ticketmaster', effect });
    const ran = await run(world, streams().slice(1));
    expect(ran.report.status).not.toBe('complete');
    const error = await caught(world.ticketmaster({ attempts: 0 }).page('events', { countryCode: 'IE' }, 0));
    expect(error).toBeInstanceOf(Error);
    expect(leaksIn(`${everythingOf(ran)}${inspect(error, { depth: 30, showHidden: true })}${(error as Error).stack}`)).toEqual([]);
  });
});
