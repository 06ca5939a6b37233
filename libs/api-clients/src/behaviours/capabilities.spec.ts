import { createSpotifyArtistsStream, createSpotifyTopTracksStream } from '../index.js';
import { arrived, caught, run, startWorld, type World } from './run.fixture.js';

describe('what the credentials give', () => {
  let world: World;
  let ids: readonly string[];
  beforeAll(async () => (world = await startWorld()));
  beforeEach(() => {
    world.renew();
    ids = world.upstreams.catalogue.artistIds().slice(100, 170);
  });
  afterAll(() => world.close());

  const calls = (part: string): number => world.upstreams.requests().calls.filter(({ target }) => target.includes(part)).length;
  const statuses = () => world.upstreams.requests().byApi.spotify.statuses;
  const extended = (): void => void (world.upstreams.limits.spotify.developmentMode = false);

  it('behaviour 11: a withheld batch falls back to single calls, and the refusal is paid once', async () => {
    const ran = await run(world, [createSpotifyArtistsStream({ client: world.spotify(), ids })]);
    expect(ran.report).toMatchObject({ status: 'complete', problems: [] });
    expect(arrived(ran)).toEqual([...ids].sort());
    expect(statuses()).toEqual({ '403': 1, '200': ids.length });
    expect(ran.report.streams[0]?.notes).toContainEqual({
      kind: 'capability',
      message: 'several artists in one call: not available to this app, artists are read one by one (403)',
    });
  });

  it('behaviour 11: an app that has batches reads 50 artists with a call', async () => {
    extended();
    const ran = await run(world, [createSpotifyArtistsStream({ client: world.spotify(), ids })]);
    expect(arrived(ran)).toEqual([...ids].sort());
    expect(statuses()).toEqual({ '200': 2 });
  });

  it('behaviour 12: withheld top tracks (403) and related artists (404) leave the artist as it is and are reported as capabilities, once', async () => {
    const client = world.spotify();
    for (const id of ids.slice(0, 5)) {
      expect((await client.artist(id)).value?.id).toBe(id);
      expect([(await client.topTracks(id)).value, (await client.relatedArtists(id)).value]).toEqual([null, null]);
    }
    expect([calls('top-tracks'), calls('related-artists')]).toEqual([1, 1]);
    expect(client.capabilities.map(({ name, status }) => [name, status])).toEqual([
      ['top-tracks', 403],
      ['related-artists', 404],
    ]);
  });

  it('behaviour 12: a run whose app has no top tracks is complete, keeps the artists and says what it lacks', async () => {
    const client = world.spotify();
    const few = ids.slice(0, 4);
    const streams = [createSpotifyArtistsStream({ client, ids: few }), createSpotifyTopTracksStream({ client, market: 'SE', fromArtists: true })];
    const ran = await run(world, streams);
    expect(ran.report).toMatchObject({ status: 'complete', problems: [] });
    expect(arrived(ran)).toEqual([...few].sort());
    expect(ran.report.streams[1]?.notes).toEqual([{ kind: 'capability', message: 'top tracks: not available to this app (403)' }]);
    expect(calls('top-tracks')).toBe(1);
  });

  it('behaviour 12: an unknown artist says nothing about the app, also when it is the first whose top tracks are asked for', async () => {
    extended();
    const client = world.spotify();
    const unknown = '0000000000000000000000';
    const ran = await run(world, [createSpotifyTopTracksStream({ client, market: 'SE', artistIds: [unknown, ...ids.slice(0, 2)] })]);
    expect([ran.sink.records.length, ran.report.streams[0]?.notes]).toEqual([20, []]);
    expect((await client.relatedArtists(unknown)).value).toBeNull();
    expect([(await client.relatedArtists(ids[0] ?? '')).value?.length, client.capabilities]).toEqual([expect.any(Number), []]);
    expect(calls(`/v1/artists/${unknown}`)).toBe(4); // its tracks, its related artists, and each time whether there is such an artist
  });

  it.each(['top-tracks', 'related-artists'] as const)('behaviour 12: a 5xx of %s still raises, and says nothing about the app', async (path) => {
    extended();
    const fault = world.upstreams.faults.add({ api: 'spotify', path, effect: { kind: 'status', status: 503 } });
    const client = world.spotify();
    const ask = (): Promise<{ value: unknown }> => (path === 'top-tracks' ? client.topTracks(ids[0] ?? '') : client.relatedArtists(ids[0] ?? ''));
    expect(await caught(ask())).toMatchObject({ action: 'retry' });
    expect(client.capabilities).toEqual([]);
    world.upstreams.faults.clear(fault);
    expect(Array.isArray((await ask()).value)).toBe(true);
  });
});
