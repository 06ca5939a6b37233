import { createFaults, createMemorySink, withFaults } from '@loadin/testing';
import { discardLetters, findLetters, retryLetters, type OpenLetter, type RetryContext, type RetryReport } from '../index.js';
import { toArtist } from '../runs/list-stream.fixture.js';
import { seenRows } from './file-loader.fixture.js';
import { createLoadWorld, removeFolders } from './load-world.fixture.js';

afterAll(removeFolders);

type World = ReturnType<typeof createLoadWorld>;

const lettersOf = async (world: World): Promise<OpenLetter[]> => {
  const found: OpenLetter[] = [];
  for await (const letter of findLetters(world, { stage: 'load' })) found.push(letter);
  return found;
};

/** A load with two letters, whose retry is killed at one call; `last` is that of none. */
async function killedRetry(last: number) {
  const world = createLoadWorld();
  world.add(5, [2, 4]);
  await world.run([world.streamOf({ layout: 'parquet.zstd' })]);
  const sink = createMemorySink();
  // As if the entity had become a stream of sinks since: whoever went by the jobs file would have all it takes.
  const context: RetryContext = {
    transformOf: () => toArtist,
    sinkOf: async () => sink,
    idOf: () => undefined,
    rawPrefix: () => 'raw/',
    clock: world.clock,
  };
  const faults = createFaults({ seed: 1, crashAt: last });
  const [lake, state] = [withFaults(world.lake, faults), withFaults(world.state, faults)];
  const report = await retryLetters({ lake, state }, { stage: 'load' }, context).catch(() => undefined);
  return { world, sink, context, report, calls: faults.calls };
}

const staying = {
  letters: 2,
  delivered: 0,
  remaining: 2,
  reasons: [{ reason: expect.stringContaining('files commits postgres.orders as a whole') as string }],
};

describe('a retry of the dead letters of a load', () => {
  it('that is killed at any call has written nothing, not even a lease, and the next one says the same, whatever has become of the entity', async () => {
    const { calls } = await killedRetry(Infinity);
    expect(calls).toBeGreaterThan(2);
    for (let call = 1; call <= calls; call += 1) {
      const { world, sink, context } = await killedRetry(call);
      expect(await world.state.get(`lease/delivery/${(await lettersOf(world))[0]?.letter.run_id}/postgres.orders`)).toBeUndefined();
      const before = [...world.lake.objects.keys()];
      // The entity is laid out in another way from the next run on, and a row is mended.
      world.rows[1] = { id: 2, text: 'mended' };
      world.add(1);
      const next = await world.run([world.streamOf({ layout: 'parquet.snappy' })], { at: '2024-11-08T03:00:00Z' });
      expect([call, next.status]).toEqual([call, 'complete']);
      const again: RetryReport = await retryLetters(world, { stage: 'load' }, context);
      expect(again).toMatchObject(staying);
      expect(await lettersOf(world)).toMatchObject([{ letter: { record: { id: 2 } } }, { letter: { record: { id: 4 } } }]);
      expect(sink.records).toEqual([]);
      expect([...world.lake.objects.keys()].filter((key) => !before.includes(key) && /dead-letters|retr/.test(key))).toEqual([]);
      // The rows come as rows do: with the next load that reads them.
      expect(seenRows(world.folder, 'postgres.orders')).toEqual([1, 3, 5, 6]);
    }
  });

  it('says the same when the plan of its run is gone, or the run is known no more', async () => {
    for (const gone of ['plan', 'run'] as const) {
      const { world, sink, context } = await killedRetry(1);
      const stores =
        gone === 'plan'
          ? { ...world, lake: { ...world.lake, get: async (key: string) => (key.startsWith('_loadin/plans/') ? undefined : world.lake.get(key)) } }
          : { lake: world.lake, state: { ...world.state, get: async () => undefined } };
      const report = await retryLetters(stores, { stage: 'load' }, context);
      expect(report).toMatchObject(staying);
      expect(sink.records).toEqual([]);
    }
  });

  it('is not needed for letters that are settled: they are discarded by hand', async () => {
    const { world } = await killedRetry(2);
    expect(await discardLetters(world, { stage: 'load' })).toBe(2);
    expect(await lettersOf(world)).toEqual([]);
  });
});
