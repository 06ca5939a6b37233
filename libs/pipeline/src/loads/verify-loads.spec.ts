import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { verifyRuns, type CommittedLoad, type LoadReader, type VerifiedStream, type VerifyContext } from '../index.js';
import { committedLoad } from './file-loader.fixture.js';
import { createLoadWorld, removeFolders } from './load-world.fixture.js';

afterAll(removeFolders);

type World = ReturnType<typeof createLoadWorld>;

async function verify(world: World, loads?: LoadReader): Promise<VerifiedStream> {
  const context: VerifyContext = { idOf: () => undefined, rawPrefix: () => 'raw/', now: world.clock.now(), ...(loads && { loads }) };
  for await (const { streams } of verifyRuns(world, {}, context)) if (streams[0] !== undefined) return streams[0];
  throw new Error('nothing was verified');
}

const readerOf =
  (world: World): LoadReader =>
  async (load) =>
    committedLoad(world.folder, load);
const loadedWorld = async (rows = 7) => {
  const world = createLoadWorld();
  world.add(rows, [3]);
  const report = await world.run([world.streamOf()]);
  return { world, report };
};

describe('a run whose stream was loaded', () => {
  it('is as reported when what was committed is there', async () => {
    const { world } = await loadedWorld();
    expect(await verify(world, readerOf(world))).toMatchObject({ objects: 2, records: 6, on_stream: null, differences: [], notes: [] });
  });

  it('says that nothing was read again when nobody can', async () => {
    const { world } = await loadedWorld();
    expect(await verify(world)).toMatchObject({
      objects: 0,
      differences: [],
      notes: ['what files has brought was not read again: only the report was'],
    });
  });

  it('differs where an object is missing or another one', async () => {
    const { world } = await loadedWorld();
    const out = join(world.folder, 'out/postgres.orders');
    const [first = '', second = ''] = readdirSync(out).sort();
    rmSync(join(out, first));
    truncateSync(join(out, second), 10);
    expect((await verify(world, readerOf(world))).differences).toMatchObject([{ kind: 'missing' }, { kind: 'content' }]);
  });

  it.each<[string, (committed: CommittedLoad) => CommittedLoad | undefined, readonly string[]]>([
    ['has no commit any more', () => undefined, ['missing']],
    ['has other counts', ({ loaded, ...rest }) => ({ ...rest, loaded: { ...loaded, read: 8, deduplicated: 1 } }), ['ledger', 'ledger']],
    ['has committed less', ({ loaded, ...rest }) => ({ ...rest, loaded: { ...loaded, objects: loaded.objects.slice(1) } }), ['ledger']],
    [
      'has committed more',
      ({ loaded, ...rest }) => ({
        ...rest,
        loaded: { ...loaded, objects: [...loaded.objects, { uri: 'file:///x', bytes: 1, records: 1, existed: true }] },
      }),
      ['unreported'],
    ],
    [
      'has committed other records',
      ({ loaded, ...rest }) => ({ ...rest, loaded: { ...loaded, objects: loaded.objects.map((object) => ({ ...object, records: 1 })) } }),
      ['ledger', 'ledger'],
    ],
  ])('differs from its report when it %s', async (_, change, kinds) => {
    const { world } = await loadedWorld();
    const { differences } = await verify(world, async (load) => {
      const committed = committedLoad(world.folder, load);
      return committed && change(committed);
    });
    expect(differences.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('that was not ended is no difference, and the note says what is committed', async () => {
    const world = createLoadWorld();
    world.add(3);
    const { status } = await world.run([world.streamOf({ at: (step) => (step === 'read' ? Promise.reject(new Error('no')) : undefined) })]);
    expect(status).toBe('failed');
    expect(await verify(world, readerOf(world))).toMatchObject({ differences: [], notes: ['nothing of it is committed yet'] });
    await world.run([world.streamOf({ at: (step) => (step === 'committed' ? Promise.reject(new Error('no')) : undefined) })]);
    expect((await verify(world, readerOf(world))).notes).toEqual(['it is committed, and its run is not complete: go on with it, and it is reported']);
  });
});
