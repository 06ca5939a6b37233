import type { Json, Page } from '@loadin/pipeline';
import { idsOf, notesOf, readAll, readOptions, recordsOf, scheduledTime, startWorld, type World } from '../upstreams.fixture.js';
import { idsIn, interruptions } from '../streams.fixture.js';
import { createSpotifyArtistsStream } from './artists-stream.js';

describe('createSpotifyArtistsStream', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => {
    world.renew();
  });
  afterAll(() => world.close());

  const selection = () => {
    const { catalogue } = world.upstreams;
    return {
      queries: ['midnight', 'velvet', 'midnight'],
      ids: [...catalogue.artistIds().slice(0, 23), catalogue.expected.artists({ queries: ['velvet'] })[0] ?? ''],
    };
  };

  it('8. reads overlapping searches and ids in one slice: each artist once, artists of the same name apart', async () => {
    const stream = createSpotifyArtistsStream({ client: world.spotify(), ...selection() });
    expect(stream.plan({ scheduledTime }).map(({ name }) => name)).toEqual(['search+ids']);
    const read = await readAll(stream);
    expect(idsOf(stream, read)).toEqual(world.upstreams.catalogue.expected.artists(selection()));
  });

  it('9. leaves missing fields out and keeps a real 0 and []', async () => {
    world.upstreams.limits.spotify.developmentMode = false;
    const ofCatalogue = world.upstreams.catalogue.allArtists();
    const unpopular = ofCatalogue.find(({ popularity, genres }) => popularity === 0 || genres.length === 0);
    const [raw] = recordsOf(await readAll(createSpotifyArtistsStream({ client: world.spotify(), ids: [unpopular?.id ?? ''] })));
    expect(raw).toMatchObject({ popularity: unpopular?.popularity, genres: unpopular?.genres, followers: { total: unpopular?.followers } });
    world.upstreams.limits.spotify.developmentMode = true;
    const [bare] = recordsOf(await readAll(createSpotifyArtistsStream({ client: world.spotify(), ids: [unpopular?.id ?? ''] })));
    expect(Object.keys(bare as object)).toEqual(['external_urls', 'href', 'id', 'images', 'name', 'type', 'uri']);
  });

  it('10. keeps null entries of arrays, so that they are counted', async () => {
    const stream = createSpotifyArtistsStream({ client: world.spotify(), queries: ['the'], ids: ['0000000000000000000000'] });
    const records = recordsOf(await readAll(stream));
    const nulls = records.filter((raw) => raw === null);
    expect(nulls.length).toBeGreaterThan(1);
    expect(nulls.map((raw) => stream.key(raw))).toEqual(nulls.map(() => undefined));
  });

  it('12. says once in a read what the app does not get', async () => {
    const notes = notesOf(await readAll(createSpotifyArtistsStream({ client: world.spotify(), ...selection() })));
    expect(notes.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'capability: followers, popularity and genres: not available to this app',
      'capability: several artists in one call: not available to this app, artists are read one by one (403)',
    ]);
  });

  it('ends with position null and needs no further call for it', async () => {
    const [{ pages } = { pages: [] as readonly Page[] }] = await readAll(
      createSpotifyArtistsStream({ client: world.spotify(), queries: ['midnight'] }),
    );
    expect(pages.map(({ position }) => position === null)).toEqual(pages.map((_, index) => index === pages.length - 1));
    expect(pages.at(-1)?.records.length).toBeGreaterThan(0);
  });

  it('gives one empty last page when there is nothing to read', async () => {
    const [read] = await readAll(createSpotifyArtistsStream({ client: world.spotify() }));
    expect(read?.pages).toEqual([{ records: [], position: null, request: 'no queries and no ids' }]);
    expect(world.upstreams.requests().total).toBe(0);
  });

  it('reads a search only as far as it is told', async () => {
    const read = await readAll(createSpotifyArtistsStream({ client: world.spotify(), queries: ['midnight', 'velvet'], maxPerQuery: 20 }));
    expect(read[0]?.pages.map(({ request }) => new URLSearchParams(request.split('?')[1]).get('offset'))).toEqual(['0', '10', '0', '10']);
  });

  it('goes on after any page exactly where that page ended', async () => {
    const whole = await readAll(createSpotifyArtistsStream({ client: world.spotify(), ...selection() }));
    const pages = whole[0]?.pages ?? [];
    const tail = async (after: Json): Promise<Json[]> => {
      const stream = createSpotifyArtistsStream({ client: world.spotify(), ...selection() });
      const [slice] = stream.plan({ scheduledTime });
      const records: Json[] = [];
      if (slice) for await (const page of stream.read(slice, readOptions({ after }))) records.push(...page.records);
      return records;
    };
    for (const [index, { position }] of pages.entries()) {
      if (position === null || index % 4 !== 1) continue;
      expect(await tail(JSON.parse(JSON.stringify(position)) as Json)).toEqual(pages.slice(index + 1).flatMap(({ records }) => records));
    }
  });

  describe('by name', () => {
    /** Names of catalogue artists, written otherwise. */
    const otherwise = (name: string, index: number): string => {
      if (index % 3 === 0) return name.toUpperCase();
      return index % 3 === 1 ? `  ${name.replaceAll(' ', '  ')} ` : name.normalize('NFKD').replace(/\p{M}/gu, '');
    };
    const names = (): string[] => {
      const artists = world.upstreams.catalogue.allArtists();
      const times = new Map<string, number>();
      for (const { name } of artists) times.set(name, (times.get(name) ?? 0) + 1);
      const namesakes = artists.filter(({ name }) => (times.get(name) ?? 0) > 1);
      const accented = artists.filter(({ name }) => /\p{M}/u.test(name.normalize('NFKD')));
      return [...namesakes.slice(0, 4), ...accented.slice(0, 6), ...artists.slice(100, 110)].map(({ name }) => name);
    };

    it('has all artists of exactly these names, whatever their case, accents and spaces', async () => {
      const stream = createSpotifyArtistsStream({ client: world.spotify(), names: names().map(otherwise) });
      const [slice] = stream.plan({ scheduledTime });
      expect(slice?.name).toBe('search+names+ids');
      const read = await readAll(stream);
      const expected = world.upstreams.catalogue.expected.artists({ names: names() });
      expect(expected.length).toBeGreaterThan(names().length - 4);
      expect(idsOf(stream, read)).toEqual(expected);
      expect(recordsOf(read)).not.toContain(null);
    });

    it('has a null for a name that no artist has, and nobody whose name only contains it', async () => {
      const read = await readAll(createSpotifyArtistsStream({ client: world.spotify(), names: ['Midnight', 'Nobody "at" All'] }));
      expect(recordsOf(read).filter((raw) => raw !== null)).toEqual([]);
      expect(recordsOf(read)).toEqual([null, null]);
      const said = notesOf(read).filter(({ kind }) => kind === 'skipped');
      expect(said.map(({ message }) => message)).toEqual(['no artist has the name "Midnight"', 'no artist has the name "Nobody "at" All"']);
      expect(read[0]?.pages.length).toBeLessThanOrEqual(5 + 1);
    });

    it('names the ids that no artist has', async () => {
      const [one = '', two = ''] = selection().ids;
      const gone = ['0000000000000000000000', '0000000000000000000001'];
      const read = await readAll(createSpotifyArtistsStream({ client: world.spotify(), ids: [one, ...gone, two] }));
      expect(recordsOf(read).filter((raw) => raw === null)).toHaveLength(2);
      expect(notesOf(read)).toContainEqual({ kind: 'skipped', message: `no artist has the id ${gone.join(', ')}` });
    });

    it('goes on after any page of an earlier attempt', async () => {
      const stream = createSpotifyArtistsStream({
        client: world.spotify(),
        names: ['Midnight', ...names().slice(3, 6)],
        queries: ['velvet'],
        maxPerQuery: 20,
        ids: selection().ids.slice(0, 12),
      });
      const [read] = await readAll(stream);
      if (read === undefined) throw new Error('no slice');
      for await (const { ids, pages } of interruptions({ stream, ...read })) {
        expect(ids).toEqual(idsIn(stream, read.pages));
        expect(pages.flatMap(({ records }) => records)).toEqual(recordsOf([read]));
      }
    });

    it('refuses an empty name', () => {
      expect(() => createSpotifyArtistsStream({ client: world.spotify(), names: [' '] })).toThrow('one of the names to follow is empty');
    });
  });

  it('asks for nothing that is not wanted', async () => {
    const stream = createSpotifyArtistsStream({ client: world.spotify(), ...selection() });
    const [slice] = stream.plan({ scheduledTime });
    if (slice) for await (const page of stream.read(slice, readOptions())) if (page.records.length > 0) break;
    expect(world.upstreams.requests().byApi.spotify.calls).toBe(1);
  });
});
