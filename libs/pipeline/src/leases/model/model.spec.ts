import fc from 'fast-check';
import { createStores, type Stores } from './process.fixture.js';
import { attempts, SEED, theRulesHold } from './stories.fixture.js';
import { play } from './story.fixture.js';

/** Of which the rules that are broken are found by one. */
const STORIES = 900;

describe('whatever happens between attempts of one job, killed, paused and cut off as they may be, the rules hold', () => {
  theRulesHold(100);
});

describe('the rules are broken, and that is found, by', () => {
  /** The first story that ends badly. */
  const wrongWith = async (broken: typeof play, stores?: () => Stores): Promise<string> => {
    const story = fc.asyncProperty(fc.scheduler(), attempts(3, 1), async (scheduler, all) => void (await broken(scheduler, all, stores?.())));
    const { errorInstance } = await fc.check(story, { seed: SEED, numRuns: STORIES, endOnFailure: true });
    return errorInstance instanceof Error ? errorInstance.message : 'nothing';
  };
  /** The model of a Loadin of which some functions of one module are others. */
  const playWithout = async (module: string, changes: object): Promise<typeof play> => {
    let broken = play;
    await jest.isolateModulesAsync(async () => {
      jest.doMock(module, () => ({ ...jest.requireActual<object>(module), ...changes }));
      ({ play: broken } = await import('./story.fixture.js'));
    });
    jest.dontMock(module);
    return broken;
  };

  it('a store that writes without to compare', async () => {
    const careless = (): Stores => {
      const { state, lake } = createStores();
      return { lake, state: { ...state, put: (key, value) => putAnyway(state, key, value) } };
    };
    const putAnyway = (state: Stores['state'], ...[key, value]: [string, Parameters<Stores['state']['put']>[1]]) =>
      state.put(key, value, state.history.filter((one) => one.key === key).at(-1)?.revision ?? null);
    expect(await wrongWith(play, careless)).toMatch(/(changed|gave back) .*, which \S+ held/);
  });

  it('a lake that plans can be overwritten in', async () => {
    const careless = (): Stores => {
      const { state, lake } = createStores();
      return { state, lake: { ...lake, putIfAbsent: (...args) => lake.put(...args).then(() => ({ created: true })) } };
    };
    expect(await wrongWith(play, careless)).toMatch(/was written 2 times|there were 2 plans/);
  });

  it('a taker that is no other generation than who held the item before', async () => {
    const { taken } = jest.requireActual<typeof import('../lease-item.js')>('../lease-item.js');
    const same: typeof taken = (before, _id, taker) => ({ ...taken(before, 'always', taker), generation: 1 });
    expect(await wrongWith(await playWithout('../lease-item.js', { taken: same }))).toMatch(/(changed|gave back) .*, which \S+ held/);
  });

  it('a holder that renews its lease, and saves, without a look at whose it is', async () => {
    expect(await wrongWith(await playWithout('../lease-item.js', { isSameHold: () => true }))).toMatch(/(changed|gave back) .*, which \S+ held/);
  });

  it('a lease that is not heeded for a plan or a finish, where the checkpoint may go back', async () => {
    const moveCheckpoint: (typeof import('../../checkpoint.js'))['moveCheckpoint'] = async (state, job, streamId, next) => {
      const key = `checkpoint/${job}/${streamId}`;
      await state.put(key, { last_sync_timestamp: next.last_sync_timestamp }, (await state.get(key))?.revision ?? null);
      return next;
    };
    expect(await wrongWith(await playWithout('../../checkpoint.js', { moveCheckpoint }))).toMatch(/moved the checkpoint back/);
  });

  it('who waits and never takes over: a dead holder holds up everybody', async () => {
    expect(await wrongWith(await playWithout('../watch.js', { conclude: () => 'wait' }))).toMatch(/never ends|ends never/);
  });
});
