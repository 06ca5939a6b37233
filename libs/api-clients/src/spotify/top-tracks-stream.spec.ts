import { FatalError, type Json, type Page } from '@loadin/pipeline';
import { idsIn, interruptions } from '../streams.fixture.js';
import { from, idsOf, notesOf, readAll, startWorld, type World } from '../upstreams.fixture.js';
import { createSpotifyTopTracksStream } from './top-tracks-stream.js';

describe('createSpotifyTopTracksStream', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => {
    world.renew();
    world.upstreams.limits.spotify.developmentMode = false;
  });
  afterAll(() => world.close());

  const artistIds = (): string[] => [...world.upstreams.catalogue.artistIds().slice(0, 12)];
  const streamOf = (more: object = {}) => createSpotifyTopTracksStream({ client: world.spotify(), market: 'SE', artistIds: artistIds(), ...more });
  const landedArtists = (): Page[] =>
    [artistIds().slice(8), world.upstreams.catalogue.artistIds().slice(30, 36)].map((ids) => ({
      request: 'GET /v1/search?q=x',
      position: null,
      records: [null, ...ids.map((id): Json => ({ id }))],
    }));

  it('has the top tracks of the artists in the market, one page for each', async () => {
    const stream = streamOf();
    const read = await readAll(stream);
    expect([stream.id, stream.dataType, stream.readsAfter]).toEqual(['spotify.tracks', 'tracks', undefined]);
    expect(idsOf(stream, read)).toEqual(world.upstreams.catalogue.expected.tracks({ artistIds: artistIds() }));
    expect(read[0]?.pages.map(({ request }) => request)).toEqual(artistIds().map((id) => `GET /v1/artists/${id}/top-tracks?market=SE`));
    expect(notesOf(read)).toEqual([]);
  });

  it("has those of the run's artists too, and reads after them", async () => {
    const stream = streamOf({ fromArtists: true });
    expect(stream.readsAfter).toEqual(['spotify.artists']);
    const read = await readAll(stream, { landed: (id) => from(id === 'spotify.artists' ? landedArtists() : []) });
    const all = [...artistIds(), ...world.upstreams.catalogue.artistIds().slice(30, 36)];
    expect(idsOf(stream, read)).toEqual(world.upstreams.catalogue.expected.tracks({ artistIds: all }));
    expect(read[0]?.pages).toHaveLength(all.length);
  });

  it('12. is complete without a track, and says why, when the app does not get them; the refusal is paid once', async () => {
    world.upstreams.limits.spotify.developmentMode = true;
    const read = await readAll(streamOf());
    expect(read[0]?.pages).toEqual([
      {
        records: [],
        position: null,
        request: expect.stringContaining(`GET /v1/artists/${artistIds()[0]}/top-tracks`),
        notes: [{ kind: 'capability', message: 'top tracks: not available to this app (403)' }],
      },
    ]);
    expect(world.upstreams.requests().byApi.spotify.calls).toBe(1);
  });

  it('goes past an artist that does not exist', async () => {
    const [first = '', second = ''] = artistIds();
    const stream = streamOf({ artistIds: [first, '0000000000000000000000', second] });
    const read = await readAll(stream);
    expect(idsOf(stream, read)).toEqual(world.upstreams.catalogue.expected.tracks({ artistIds: [first, second] }));
    expect(notesOf(read)).toEqual([]);
  });

  it('goes on after any page of an earlier attempt', async () => {
    const stream = streamOf({ fromArtists: true });
    const others = (id: string): Page[] => (id === 'spotify.artists' ? landedArtists() : []);
    const [read] = await readAll(stream, { landed: (id) => from(others(id)) });
    if (read === undefined) throw new Error('no slice');
    for await (const { ids, pages } of interruptions({ stream, ...read, others })) {
      expect(ids).toEqual(idsIn(stream, read.pages));
      expect(pages).toHaveLength(read.pages.length);
    }
  });

  it('gives one empty last page without artists', async () => {
    const [read] = await readAll(streamOf({ artistIds: [] }));
    expect(read?.pages).toEqual([{ records: [], position: null, request: 'no artists' }]);
  });

  it('refuses a market that is none', () => {
    expect(() => streamOf({ market: 'Sweden' })).toThrow(FatalError);
    expect(() => streamOf({ market: 'Sweden' })).toThrow('market "Sweden" is not a code of two capitals like SE');
  });
});
