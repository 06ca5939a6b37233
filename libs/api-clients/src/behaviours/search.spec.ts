import { createSpotifyArtistsStream, type SpotifySearchPage } from '../index.js';
import { json, startScripted } from '../http/scripted-server.fixture.js';
import { all, arrived, asked, run, startWorld, type World } from './run.fixture.js';

describe('artist searches', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  beforeEach(() => world.renew());
  afterAll(() => world.close());

  const truth = (...queries: string[]): readonly string[] => world.upstreams.catalogue.expected.artists({ queries });
  const limits = (): number[] => asked(world, 'spotify').map((query) => Number(query.get('limit')));
  const offsets = (): number[] => asked(world, 'spotify').map((query) => Number(query.get('offset')));
  const idsOf = (pages: readonly SpotifySearchPage[]): string[] =>
    pages.flatMap(({ artists }) => artists.flatMap((artist) => artist?.id ?? [])).sort();

  it('behaviour 5: a search never asks for more than 10', async () => {
    expect(idsOf(await all(world.spotify().searchArtists('midnight')))).toEqual(truth('midnight'));
    expect(Math.max(...limits())).toBe(10);
    expect(world.upstreams.requests().byApi.spotify.statuses['400']).toBeUndefined();
  });

  it('behaviour 5: a 400 "Invalid limit" in the middle of a search lowers the limit, is remembered, and nothing is lost', async () => {
    const client = world.spotify();
    world.upstreams.faults.add({ api: 'spotify', path: 'offset=30', effect: { kind: 'searchLimit', limit: 6 }, count: 1 });
    expect(idsOf(await all(client.searchArtists('midnight')))).toEqual(truth('midnight'));
    expect(idsOf(await all(client.searchArtists('velvet')))).toEqual(truth('velvet'));
    expect(limits().slice(0, 6)).toEqual([10, 10, 10, 10, 5, 5]);
    expect(world.upstreams.requests().byApi.spotify.statuses['400']).toBe(1);
  });

  it('behaviour 6: a search stops before offset + limit > 1000, although next exists', async () => {
    const pages = await all(world.spotify().searchArtists('the'));
    expect(truth('the').length).toBeGreaterThan(1_000);
    expect(pages.flatMap(({ artists }) => artists)).toHaveLength(1_000);
    expect(Math.max(...offsets())).toBe(990);
    expect(world.upstreams.requests().byApi.spotify.statuses).toEqual({ '200': 100 });
  });

  it('behaviour 6: with an odd limit, too, the last page ends exactly at 1000', async () => {
    world.upstreams.limits.spotify.maxSearchLimit = 7;
    const client = world.spotify();
    for (const offset of [980, 995]) await client.searchArtistsPage('the', offset);
    world.upstreams.limits.spotify.maxSearchLimit = 5;
    const page = await client.searchArtistsPage('the', 997);
    expect([page.artists.length, page.nextOffset]).toEqual([3, null]);
    expect(asked(world, 'spotify').every((query) => Number(query.get('offset')) + Number(query.get('limit')) <= 1_000)).toBe(true);
  });

  it.each([-100, -5, 5, 100_000])('behaviour 7: a search ends on next: null and not on a total that is wrong by %i', async (by) => {
    world.upstreams.faults.add({ api: 'spotify', effect: { kind: 'drift', by } });
    expect(idsOf(await all(world.spotify().searchArtists('midnight')))).toEqual(truth('midnight'));
  });

  it('behaviour 7: a search ends on an empty page, although next points further', async () => {
    const page = (items: unknown[]) =>
      json({ artists: { items, next: 'https://api.spotify.com/v1/search?offset=10', total: 500, limit: 10, offset: 0 } });
    const server = await startScripted(page([{ id: 'a', name: 'A' }]), page([]));
    const pages = await all(world.spotify({ baseUrl: server.url }).searchArtists('rock'));
    await server.close();
    expect(idsOf(pages)).toEqual(['a']);
    expect(server.requests).toHaveLength(2);
  });

  it('behaviour 8: artists are deduplicated by id over searches and ids', async () => {
    const [known = ''] = truth('velvet');
    const queries = ['midnight', 'velvet', 'genre:"grime"', 'midnight'];
    const ran = await run(world, [createSpotifyArtistsStream({ client: world.spotify(), queries, ids: [known, known] })]);
    expect(arrived(ran)).toEqual(truth(...queries));
    expect(ran.report.streams[0]?.ledger.deduplicated).toBeGreaterThan(0);
  });

  it('behaviour 8: artists of the same name stay separate', async () => {
    const byName = new Map<string, string>();
    const twins = world.upstreams.catalogue.allArtists().flatMap(({ id, name }) => {
      const other = byName.get(name);
      byName.set(name, id);
      return other === undefined ? [] : [other, id];
    });
    const ids = twins.slice(0, 6);
    const ran = await run(world, [createSpotifyArtistsStream({ client: world.spotify(), ids })]);
    expect(arrived(ran)).toEqual([...ids].sort());
    expect(new Set(ran.sink.records.map(({ value }) => value['name'])).size).toBe(3);
  });
});
