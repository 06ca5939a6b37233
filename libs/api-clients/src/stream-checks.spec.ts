import type { Json, Page } from '@loadin/pipeline';
import { streamChecks, type StreamUnderTest } from '@loadin/testing';
import { defineSource } from './kit/define-source.js';
import { common, options, serve } from './kit/served.fixture.js';
import { list } from './kit/shape.js';
import { createSpotifyArtistsStream } from './spotify/artists-stream.js';
import { createSpotifyTopTracksStream } from './spotify/top-tracks-stream.js';
import { createTicketmasterAttractionsStream } from './ticketmaster/attractions-stream.js';
import { createTicketmasterEventsStream } from './ticketmaster/events-stream.js';
import { createTicketmasterVenuesStream } from './ticketmaster/venues-stream.js';
import { from, readAll, recordsOf, scheduledTime, startWorld, type World } from './upstreams.fixture.js';

const secrets = { spotifyClientId: 'an-id', spotifyClientSecret: 'canary-secret-of-spotify', ticketmasterApiKey: 'canary-key-of-ticketmaster' };
const canaries = [/canary/, Buffer.from(`an-id:${secrets.spotifyClientSecret}`).toString('base64'), /BQ[A-Za-z0-9_-]{40,}/];

describe('the streams of the sources', () => {
  let world: World;
  beforeAll(async () => {
    // Each check has clients of its own, which know nothing of each other's calls.
    const limits = { spotify: { callsPerWindow: 1e6, developmentMode: false }, ticketmaster: { perSecond: 1e6, perDay: 1e6 } };
    world = await startWorld({ credentials: secrets, limits });
  });
  afterAll(() => world.close());

  /** Nothing is tried twice, so that one failure is enough. */
  const once = { attempts: 0 };
  const handsOn = (): Omit<StreamUnderTest, 'stream'> => ({
    requests: () => world.upstreams.requests().total,
    failFrom: (n) => {
      for (let nth = n; nth < n + 4; nth += 1) world.upstreams.faults.add({ effect: { kind: 'status', status: 500 }, when: { nth } });
    },
    hang: () => void world.upstreams.faults.add({ effect: { kind: 'hang' } }),
    close: () => world.upstreams.faults.clear(),
  });
  const artistIds = (): string[] => [...world.upstreams.catalogue.artistIds().slice(0, 60)];
  const eventsPage = (countryCode: string): Page => ({
    request: `GET /discovery/v2/events.json?countryCode=${countryCode}`,
    position: null,
    records: [
      null,
      { id: 'odd' },
      ...world.upstreams.catalogue
        .view()
        .attractions.slice(0, 450)
        .map(({ id }): Json => ({
          id: `of ${id}`,
          _embedded: { attractions: [{ id, name: id }], venues: [{ id: `embedded ${id}`, country: { countryCode } }] },
        })),
    ],
  });

  const streams: Record<string, () => Pick<StreamUnderTest, 'stream' | 'landed'>> = {
    'spotify.artists': () => ({
      stream: createSpotifyArtistsStream({
        client: world.spotify(once),
        queries: ['midnight', 'velvet'],
        maxPerQuery: 20,
        ids: artistIds(),
        names: ['Midnight Velvet', 'nobody'],
      }),
    }),
    'spotify.tracks': () => ({
      stream: createSpotifyTopTracksStream({ client: world.spotify(once), market: 'SE', artistIds: artistIds().slice(0, 4), fromArtists: true }),
      landed: (id) =>
        id === 'spotify.artists'
          ? [
              {
                request: 'GET /',
                position: null,
                records: [
                  null,
                  ...artistIds()
                    .slice(2, 6)
                    .map((each): Json => ({ id: each })),
                ],
              },
            ]
          : [],
    }),
    'ticketmaster.events': () => ({
      stream: createTicketmasterEventsStream({ client: world.ticketmaster(once), countries: ['IE', 'NO'], horizonDays: 60 }),
    }),
    'ticketmaster.events of markets': () => ({
      stream: createTicketmasterEventsStream({
        client: world.ticketmaster(once),
        countries: ['IE'],
        markets: [{ country: 'SE', city: 'Stockholm' }],
        horizonDays: 30,
      }),
    }),
    'ticketmaster.venues': () => ({
      stream: createTicketmasterVenuesStream({
        client: world.ticketmaster(once),
        countries: ['IE', 'NO'],
        venueIds: world.upstreams.catalogue
          .allVenues()
          .slice(0, 5)
          .map(({ id }) => id),
      }),
      landed: (id) => (id === 'ticketmaster.events' ? [eventsPage('IE')] : []),
    }),
    'ticketmaster.attractions': () => ({
      stream: createTicketmasterAttractionsStream({
        client: world.ticketmaster(once),
        ids: world.upstreams.catalogue
          .view()
          .attractions.slice(0, 150)
          .map(({ id }) => id),
        keywords: ['midnight'],
        fromEvents: true,
      }),
      landed: (id) => (id === 'ticketmaster.events' ? [eventsPage('IE')] : []),
    }),
  };
  describe.each(Object.entries(streams))('%s', (_name, make) => {
    it.each(streamChecks(() => ({ ...handsOn(), ...make() }), { scheduledTime, canaries, interruptions: 3 }))('$name', ({ run }) => run());
  });

  it('are held against a source that answers: each has records', async () => {
    for (const make of Object.values(streams)) {
      const { stream, landed } = make();
      const read = await readAll(stream, { landed: (id) => from(landed?.(id) ?? []) });
      expect([stream.id, recordsOf(read).length > 20]).toEqual([stream.id, true]);
    }
  });
});

describe('a declared stream', () => {
  interface Row {
    readonly id: number;
    readonly city: string;
    readonly at: string;
  }
  const rows = ['Malmö', 'Lund', 'Ystad'].flatMap((city, c) =>
    Array.from({ length: 5 - 2 * c }, (_, n): Row => ({ id: c * 10 + n, city, at: `2024-01-15T10:${String(c * 10 + n).padStart(2, '0')}:00Z` })),
  );
  const offset = { kind: 'offset', offset: 'offset', limit: 'limit', perPage: 2 } as const;
  const shows = defineSource({
    ...common,
    auth: { kind: 'api-key', in: 'query', name: 'key' },
    endpoints: {
      byCity: { path: '/cities/{city}', answer: list<Row>(''), paging: offset },
      changes: {
        path: '/changes',
        answer: list<Row>(''),
        paging: { kind: 'since', parameter: 'since', cursor: 'at', as: 'time', limit: 'limit', perPage: 3 },
      },
    },
    streams: {
      owned: { endpoint: 'byCity', key: 'id', dataType: 'shows', partition: { parameter: 'city', owner: 'city' } },
      shared: { endpoint: 'byCity', key: 'id', dataType: 'shows', partition: { parameter: 'city' } },
      changes: { endpoint: 'changes', key: 'id' },
    },
  });
  const values = ['Malmö', 'Lund', 'Ystad', 'Kivik'];

  /** A service for one stream, in front of which requests can fail or wait. */
  const served = (name: 'owned' | 'shared' | 'changes') => async (): Promise<StreamUnderTest> => {
    let failing = Infinity;
    const server = await serve((url) => {
      if (server.asked().length >= failing) return { status: 500, body: {} };
      const [, kind, city] = decodeURIComponent(url.pathname).split('/');
      const since = url.searchParams.get('since') ?? '';
      const found = rows.filter((row) => (kind === 'cities' ? row.city === city : row.at > since));
      const first = Number(url.searchParams.get('offset'));
      return { body: found.slice(first, first + Number(url.searchParams.get('limit'))) };
    });
    const client = shows.connect({ ...options(server.url), apiKey: 'canary-key-of-shows', attempts: 0 });
    const stream = name === 'changes' ? shows.stream(name, { client }) : shows.stream(name, { client, values });
    return {
      stream,
      requests: () => server.asked().length,
      failFrom: (n) => void (failing = server.asked().length + n),
      close: async () => {
        await client.close();
        await server.close();
      },
    };
  };
  describe.each(['owned', 'shared', 'changes'] as const)('%s', (name) => {
    it.each(streamChecks(served(name), { scheduledTime, canaries: [/canary/], interruptions: Infinity, mayRepeat: name === 'changes' }))(
      '$name',
      ({ run }) => run(),
    );
  });
});
