import { testUpstreams, type TestUpstreams, type Tree } from '../client.fixture.js';

const developmentFields = ['external_urls', 'href', 'id', 'images', 'name', 'type', 'uri'];

describe('the Spotify data API', () => {
  let up: TestUpstreams;
  let now = 0;
  beforeAll(async () => (up = await testUpstreams({ now: () => now })));
  afterAll(() => up.close());
  const search = (query: Record<string, string | number>): ReturnType<TestUpstreams['spotify']> => up.spotify('search', { type: 'artist', ...query });

  describe('search', () => {
    it('gives 5 by default and 10 at most', async () => {
      expect((await search({ q: 'midnight' })).json.artists.items).toHaveLength(5);
      expect((await search({ q: 'midnight', limit: 10 })).json.artists.items).toHaveLength(10);
      for (const limit of [11, 50, 0, 'ten', -1]) {
        const refused = await search({ q: 'midnight', limit });
        expect(refused.status).toBe(400);
        expect(refused.json).toEqual({ error: { status: 400, message: 'Invalid limit' } });
      }
    });

    it('finds exactly the expected artists by following next to its end, nulls left out', async () => {
      for (const q of ['midnight', 'genre:"dream pop"', 'ECHO', 'neon tiger', 'artist:velvet']) {
        const ids: string[] = [];
        let nulls = 0;
        let next: string | null = `/v1/search?${new URLSearchParams({ q, type: 'artist', limit: '10' }).toString()}`;
        while (next) {
          const url = new URL(next, up.spotifyUrl);
          const page: Tree = (await up.spotify(url.pathname.slice(4), Object.fromEntries(url.searchParams))).json.artists;
          ids.push(...page.items.filter((item: Tree) => item !== null).map((item: Tree) => item.id as string));
          nulls += page.items.filter((item: Tree) => item === null).length;
          next = page.next;
        }
        expect(ids.sort()).toEqual(up.catalogue.expected.artists({ queries: [q] }));
        expect(new Set(ids).size).toBe(ids.length);
        expect(Math.abs(nulls - ids.length / 60)).toBeLessThanOrEqual(1);
      }
    });

    it('takes a word with or without accents for the same', async () => {
      const accented = up.catalogue.allArtists().find(({ name }) => /[éñüøåö]/i.test(name) && name !== name.normalize('NFKD').replace(/\p{M}/gu, ''));
      const plain = accented?.name.normalize('NFKD').replace(/\p{M}/gu, '') ?? '';
      const { items } = (await up.spotify('search', { q: `artist:"${plain}"`, type: 'artist', limit: 10 })).json.artists;
      expect(items.map((item: Tree) => item?.id as string)).toContain(accented?.id);
    });

    it('has totals that drift from page to page, the same way each time', async () => {
      const totals = async (): Promise<number[]> =>
        Promise.all([0, 10, 20, 30, 40].map(async (offset) => (await search({ q: 'midnight', limit: 10, offset })).json.artists.total));
      const first = await totals();
      expect(new Set(first).size).toBeGreaterThan(1);
      expect(await totals()).toEqual(first);
    });

    it('refuses to go past 1,000 although next points there', async () => {
      const last = await search({ q: 'the', limit: 10, offset: 990 });
      expect(last.json.artists.items).toHaveLength(10);
      expect(last.json.artists.next).toContain('offset=1000');
      const past = await search({ q: 'the', limit: 10, offset: 1000 });
      expect(past.status).toBe(400);
      expect(past.json.error.status).toBe(400);
    });

    it('links pages back to the server that was asked', async () => {
      const { artists } = (await search({ q: 'midnight', limit: 10, offset: 10 })).json;
      expect(artists.next.startsWith(`${up.spotifyUrl}/v1/search?`)).toBe(true);
      expect(artists.previous).toContain('offset=0');
      expect((await search({ q: 'midnight', limit: 10, offset: 200 })).json.artists).toMatchObject({ items: [], next: null });
    });

    it('refuses a search without text or type, and answers other types with empty pages', async () => {
      expect((await up.spotify('search', { type: 'artist' })).json.error.message).toBe('No search query');
      expect((await up.spotify('search', { q: 'echo' })).status).toBe(400);
      expect((await up.spotify('search', { q: 'echo', type: 'band' })).status).toBe(400);
      const both = (await up.spotify('search', { q: 'echo', type: 'track,artist' })).json;
      expect(both.tracks.items).toEqual([]);
      expect(both.artists.items).toHaveLength(5);
    });
  });

  describe('an artist', () => {
    it('has only the fields of development mode by default', async () => {
      const { id } = up.catalogue.allArtists()[7] as { id: string };
      const { status, json } = await up.spotify(`artists/${id}`);
      expect(status).toBe(200);
      expect(Object.keys(json).sort()).toEqual(developmentFields);
      expect(json).toMatchObject({ id, type: 'artist', uri: `spotify:artist:${id}`, href: `https://api.spotify.com/v1/artists/${id}` });
    });

    it('answers nested errors for bad and unknown ids', async () => {
      expect((await up.spotify('artists/short')).json).toEqual({ error: { status: 400, message: 'Invalid base62 id' } });
      const unknown = await up.spotify('artists/0000000000000000000000');
      expect(unknown.status).toBe(404);
      expect(unknown.json).toEqual({ error: { status: 404, message: 'Resource not found' } });
    });
  });

  describe('withheld endpoints', () => {
    it('are 403 (batch, top tracks) and 404 (related) in development mode', async () => {
      const { id } = up.catalogue.allArtists()[7] as { id: string };
      expect((await up.spotify('artists', { ids: id })).json).toEqual({ error: { status: 403, message: 'Forbidden' } });
      expect((await up.spotify(`artists/${id}/top-tracks`)).status).toBe(403);
      expect((await up.spotify(`artists/${id}/related-artists`)).status).toBe(404);
    });

    it('are served to apps with extended quota, as are the deprecated fields, real zeros among them', async () => {
      up.limits.spotify.developmentMode = false;
      const [artist, zero] = [
        up.catalogue.allArtists().find((a) => a.genres.length > 0),
        up.catalogue.allArtists().find((a) => a.popularity === 0 && a.followers === 0),
      ];
      if (!artist || !zero) throw new Error('no such artists');
      const several = (await up.spotify('artists', { ids: `${artist.id},0000000000000000000000,${zero.id}` })).json.artists;
      expect(several[0]).toMatchObject({ genres: artist.genres, popularity: artist.popularity, followers: { href: null, total: artist.followers } });
      expect(several[1]).toBeNull();
      expect(several[2]).toMatchObject({ popularity: 0, followers: { total: 0 } });
      const { tracks } = (await up.spotify(`artists/${artist.id}/top-tracks`, { market: 'SE' })).json;
      expect(tracks.map((track: Tree) => track.id as string).sort()).toEqual(up.catalogue.expected.tracks({ artistIds: [artist.id] }));
      const wrong = await up.spotify(`artists/${artist.id}/top-tracks`, { market: 'Sweden' });
      expect([wrong.status, wrong.json.error.message]).toEqual([400, 'Invalid market code']);
      expect((await up.spotify(`artists/${artist.id}/related-artists`)).json.artists.length).toBeGreaterThan(0);
      expect((await up.spotify('artists', { ids: Array(51).fill(artist.id).join() })).status).toBe(400);
      up.limits.spotify.developmentMode = true;
    });
  });

  it('counts calls in a rolling window and answers 17 bytes of plain text beyond it', async () => {
    up.limits.spotify.callsPerWindow = 3;
    up.resetRequests();
    for (const at of [0, 10_000, 20_000]) {
      now = at;
      expect((await search({ q: 'echo' })).status).toBe(200);
    }
    now = 25_500;
    const refused = await search({ q: 'echo' });
    expect([refused.status, refused.text, refused.headers.get('retry-after')]).toEqual([429, 'Too many requests', '5']);
    now = 30_000;
    expect((await search({ q: 'echo' })).status).toBe(200);
    expect((await search({ q: 'echo' })).headers.get('retry-after')).toBe('10');
    expect(up.requests().byApi.spotify).toMatchObject({ calls: 6, tooManyRequests: 2, maxInThirtySeconds: 5 });
    up.limits.spotify.callsPerWindow = 1e6;
  });

  it('raises the caps on request', async () => {
    Object.assign(up.limits.spotify, { maxSearchLimit: 50, maxSearchItems: 10_000 });
    expect((await search({ q: 'the', limit: 50, offset: 1000 })).json.artists.items).toHaveLength(50);
    Object.assign(up.limits.spotify, { maxSearchLimit: 10, maxSearchItems: 1000 });
  });
});
