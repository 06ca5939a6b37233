import { createFaults, withFaults } from '@loadin/testing';
import { deliveryLeaseKey } from '../leases/delivery-lease.js';
import type { Json, Parsed, ReplayReport, StateStore } from '../index.js';
import { artists } from '../runs/list-stream.fixture.js';
import { createReplayWorld, stricter, withMark, type Wrap } from './replay.fixture.js';

const SLICES = [[[{ id: 'a50' }, ...artists(0, 5)], artists(5, 2)], [artists(20, 3)]];
/** One record less and one more: the cuts are others. */
const moved = stricter((id) => !['spotify_a1', 'spotify_a50'].includes(id));

type World = ReturnType<typeof createReplayWorld>;
const worldWithRun = async (): Promise<World> => {
  const world = createReplayWorld({ slices: SLICES });
  expect((await world.run()).status).toBe('complete');
  return world;
};
const rawContent = (world: World): string[] => world.raw.records.map(({ id, hash }) => `${id} ${hash}`).sort();
async function contentOf(transform: (raw: Json) => Parsed): Promise<string[]> {
  const world = await worldWithRun();
  expect((await world.replay({ transform })).status).toBe('complete');
  return rawContent(world);
}
const through = (more: Partial<Wrap>): Wrap => ({ lake: (lake) => lake, state: (state) => state, sink: (sink) => sink, ...more });

describe('two copies of one replay', () => {
  it('follow each other: the second waits for the first, then both are complete', async () => {
    const expected = await contentOf(withMark);
    const world = await worldWithRun();
    const copies = await Promise.all([world.replay({ transform: withMark }), world.replay({ transform: withMark })]);
    expect(copies.map(({ status }) => status)).toEqual(['complete', 'complete']);
    expect(rawContent(world)).toEqual(expected);
  });

  it('take turns when the first takes longer than a lease: the second ends resumably and names it, and the same command does it then', async () => {
    const [expected, other] = [await contentOf(withMark), await contentOf(moved)];
    const world = await worldWithRun();
    let second: Promise<ReplayReport> | undefined;
    const slow = through({
      sink: ({ replacing, ...sink }) => ({
        ...sink,
        ...(replacing && {
          replacing: {
            ...replacing,
            async replace(...args) {
              await (second ??= world.replay({ transform: moved }));
              return replacing.replace(...args);
            },
          },
        }),
      }),
    });
    expect(await world.replay({ transform: withMark, wrap: slow })).toMatchObject({ status: 'complete' });
    const atWork = [expect.stringMatching(/^\S+ is at work on this: it holds the lease until .* and renews it \(memory:\/\/state lease\/delivery\//)];
    expect(await second).toMatchObject({ status: 'stopped', reason: 'lease', runs: [{ status: 'stopped', problems: atWork }] });
    expect(rawContent(world)).toEqual(expected);
    expect(await world.replay({ transform: moved })).toMatchObject({ status: 'complete' });
    expect(rawContent(world)).toEqual(other);
  });
});

describe('a replay that stands still at any of its calls, and goes on when its lease is lost', () => {
  it('leaves what another version has made meanwhile', async () => {
    const expected = await contentOf(moved);
    let slept = 0;
    for (let at = 1; ; at += 2) {
      const world = await worldWithRun();
      const zombie = standingStill(world, at);
      const first = world.replay({ transform: withMark, wrap: zombie.wrap, concurrency: 1 }).catch((error: unknown) => error);
      let ended = false;
      void first.finally(() => (ended = true));
      while (!zombie.isAsleep() && !ended) await new Promise<void>((resolve) => setImmediate(resolve));
      if (!zombie.isAsleep()) break;
      slept += 1;
      const { run_id: runId } = (await world.replay({ transform: moved })).runs[0] ?? { run_id: '' };
      zombie.wake();
      const outcome = await first;
      expect({ at, outcome }).toMatchObject({ at, outcome: { status: expect.stringMatching(/stopped|complete/) } });
      const { generation = 0 } = ((await world.state.get(deliveryLeaseKey(runId, 'spotify.artists')))?.value['lease'] ?? {}) as {
        generation?: number;
      };
      // Who slept before it had the lease comes second, and its version counts; whoever lost it has changed nothing.
      const isLast = generation === 2 && (outcome as ReplayReport).status === 'complete';
      if (!isLast) expect({ at, content: rawContent(world) }).toEqual({ at, content: expected });
      expect((await world.replay({ transform: moved })).status).toBe('complete');
      expect({ at, content: rawContent(world) }).toEqual({ at, content: expected });
    }
    expect(slept).toBeGreaterThan(10);
  }, 30_000);

  /** At the n-th call of its stores. Its renewals stand still, too. */
  function standingStill(world: World, at: number) {
    let [calls, asleep, wake] = [0, false, (): void => undefined];
    const awake = new Promise<void>((resolve) => (wake = resolve));
    const pass = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
      calls += 1;
      asleep ||= calls === at;
      if (asleep) await awake;
      return run();
    };
    const state: StateStore = {
      ...world.state,
      get: (key) => pass(() => world.state.get(key)),
      put: (...args) => pass(() => world.state.put(...args)),
    };
    const { lake } = world;
    const slowLake = {
      ...lake,
      get: (key: string) => pass(() => lake.get(key)),
      putIfAbsent: (...args: Parameters<typeof lake.putIfAbsent>) => pass(() => lake.putIfAbsent(...args)),
    };
    return { wrap: through({ state: () => state, lake: () => slowLake }), isAsleep: () => asleep, wake: () => wake() };
  }
});

describe('a replay that is killed', () => {
  it('holds up the next for two leases at most: that of the stream, then those of its slices, all at once', async () => {
    const world = await worldWithRun();
    const faults = createFaults({ seed: 1, crashAt: { step: 'sink.replace' } });
    const wrap = through({
      state: (state) => withFaults(state, faults),
      lake: (lake) => withFaults(lake, faults),
      sink: (sink) => withFaults(sink, faults),
    });
    await world.replay({ transform: withMark, wrap }).catch(() => undefined);
    expect(faults.crashed).toBe(true);
    const began = world.clock.now();
    expect(await world.replay({ transform: withMark, leaseMs: 3_000 })).toMatchObject({ status: 'complete' });
    expect(world.clock.now() - began).toBe(6_000);
    expect(rawContent(world)).toEqual(await contentOf(withMark));
  });
});
