import { createFaults, withFaults } from '@loadin/testing';
import type { ObjectStore, Sink, StateStore } from '../../index.js';
import { ALL, createLettersWorld, type OtherProcess } from './letters.fixture.js';

/** Of tests that go through every moment: the machine may be busy with other things. */
const LONG = 30_000;

type World = Awaited<ReturnType<typeof createLettersWorld>>;

/** A process that stands still, its renewals too, from the first call that `at` is true for until `wake`. */
function sleepy(world: World, at: (what: string) => boolean) {
  let wake = (): void => undefined;
  let asleep: Promise<void> | undefined;
  const awake = new Promise<void>((resolve) => (wake = resolve));
  const pass = async <Answer>(what: string, run: () => Promise<Answer>): Promise<Answer> => {
    if (asleep === undefined && at(what)) asleep = awake;
    await asleep;
    return run();
  };
  const state: StateStore = {
    ...world.state,
    get: (key) => pass(`get ${key}`, () => world.state.get(key)),
    put: (key, ...rest) => pass(`put ${key}`, () => world.state.put(key, ...rest)),
  };
  const lake: ObjectStore = {
    ...world.lake,
    get: (key) => pass(`get ${key}`, () => world.lake.get(key)),
    put: (key, ...rest) => pass(`put ${key}`, () => world.lake.put(key, ...rest)),
    putIfAbsent: (key, ...rest) => pass(`create ${key}`, () => world.lake.putIfAbsent(key, ...rest)),
  };
  const sink = (one: Sink): Sink => ({ ...one, write: (...args) => pass(`write ${one.name}`, () => one.write(...args)) });
  return { process: { stores: { lake, state }, sink } satisfies OtherProcess, wake, isAsleep: () => asleep !== undefined };
}

/** Each record once in the lake, the same on the stream, and one letter that nobody can read. */
async function expectAllOnce(world: World, more: object): Promise<void> {
  expect({ ...more, ids: world.inLake() }).toEqual({ ...more, ids: ALL });
  expect({ ...more, sent: world.textsOnStream().size }).toEqual({ ...more, sent: ALL.length });
  expect({ ...more, letters: [...new Set((await world.list()).map(({ letter }) => JSON.stringify(letter.record)))] }).toEqual({
    ...more,
    letters: ['{}'],
  });
  expect({ ...more, differences: (await world.verified())?.differences }).toEqual({ ...more, differences: 0 });
}

describe('a retry that is killed', () => {
  /** A process of which the n-th call, and every later one, has no effect. */
  const mortal = (world: World, call: number) => {
    const faults = createFaults({ seed: 1, crashAt: call });
    const stores = { lake: withFaults(world.lake, faults), state: withFaults(world.state, faults) };
    return { faults, process: { stores, sink: (sink: Sink) => withFaults(sink, faults) } satisfies OtherProcess };
  };

  it.each([['retry'], ['replay']] as const)(
    'at any of its calls, the next %s goes on: each record once in the lake, and the same on the stream',
    async (next) => {
      let deaths = 0;
      for (let at = 1; ; at += next === 'replay' ? 3 : 1) {
        const world = await createLettersWorld();
        const { faults, process } = mortal(world, at);
        await world.retryBy(process).catch(() => undefined);
        if (!faults.crashed) break;
        deaths += 1;
        // Twice: the first takes what the retry has begun, the second must not bring it back.
        for (let time = 0; next === 'replay' && time < 2; time += 1)
          expect({ at, status: (await world.replay()).status }).toEqual({ at, status: 'complete' });
        await world.retry();
        await expectAllOnce(world, { at });
      }
      expect(deaths).toBeGreaterThan(10);
    },
    LONG,
  );
});

describe('two retries of the same letters at once', () => {
  it('send each record once: the second waits for the first, and finds everything done', async () => {
    const world = await createLettersWorld();
    const [first, second] = await Promise.all([world.retry(), world.retry()]);
    expect([first.delivered, second.delivered]).toEqual([3, 3]);
    expect(world.entries).toHaveLength(ALL.length);
    await expectAllOnce(world, {});
  });

  it('say of letters that somebody else is at work on them, when that takes longer than a lease', async () => {
    const world = await createLettersWorld();
    let asked: ReturnType<World['retry']> | undefined;
    const slow = (sink: Sink): Sink => ({
      ...sink,
      async write(...args) {
        await (asked ??= world.retry());
        return sink.write(...args);
      },
    });
    const first = await world.retryBy({ sink: slow });
    expect(first).toMatchObject({ delivered: 3 });
    expect(await asked).toMatchObject({
      letters: 4,
      delivered: 0,
      reasons: [{ reason: expect.stringMatching(/^\S+ is at work on this: it holds the lease until/), letters: 4 }],
    });
    await expectAllOnce(world, {});
  });
});

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a retry that stands still at any of its calls, and goes on when its lease is lost', () => {
  it.each([['retry'], ['replay']] as const)(
    'adds nothing to the lake that a %s has delivered meanwhile',
    async (other) => {
      // What it has read by then is told by the writes that follow.
      const matters = (what: string): boolean => other === 'retry' || !what.startsWith('get ');
      let slept = 0;
      for (let at = 1; ; at += 1) {
        const world = await createLettersWorld();
        let call = 0;
        const { process, wake, isAsleep } = sleepy(world, (what) => matters(what) && (call += 1) === at);
        let ended = false;
        const zombie = world
          .retryBy(process)
          .catch((error: unknown) => error)
          .finally(() => (ended = true));
        while (!isAsleep() && !ended) await nextTurn();
        if (!isAsleep()) break;
        slept += 1;
        if (other === 'retry') await world.retry({ stage: 'transform' });
        else expect(await world.replay()).toMatchObject({ status: 'complete' });
        wake();
        const outcome = await zombie;
        if (outcome instanceof Error) expect({ at, outcome }).toMatchObject({ at, outcome: { action: 'stop' } });
        await world.retry();
        await expectAllOnce(world, { at });
      }
      expect(slept).toBeGreaterThan(10);
    },
    LONG,
  );
});

describe('what was stored by who had lost the lease, and did not know it yet', () => {
  it('is never sent: a letter of the same record in another slice has brought it', async () => {
    const world = await createLettersWorld({ slices: [[[{ id: 'x' }]], [[{ id: 'x' }]]] });
    const [first, other] = await world.list();
    const { process, wake, isAsleep } = sleepy(world, (what) => what.startsWith('create _loadin/retries/'));
    const zombie = world.retryBy(process, { ids: [first?.id ?? ''] }).catch((error: unknown) => error);
    while (!isAsleep()) await nextTurn();
    expect(await world.retry({ ids: [other?.id ?? ''] })).toMatchObject({ delivered: 1 });
    wake();
    expect(await zombie).toMatchObject({ action: 'stop', reason: 'lease' });
    const manifests = [...world.lake.objects.keys()].filter((key) => key.startsWith('_loadin/retries/'));
    expect(manifests).toHaveLength(2);
    expect(await world.retry()).toMatchObject({ letters: 1, found: 1 });
    expect([world.inLake(), world.entries.length, await world.list()]).toEqual([['spotify_x'], 1, []]);
    expect(await world.verified()).toMatchObject({ differences: 0 });
  });
});

describe('a retry and a replay at once', () => {
  it('follow each other, whichever begins first: each record once in the lake', async () => {
    for (const order of ['retry', 'replay'] as const) {
      const world = await createLettersWorld();
      const both = order === 'retry' ? [world.retry(), world.replay()] : [world.replay(), world.retry()];
      await Promise.all(both);
      await world.retry();
      await expectAllOnce(world, { order });
    }
  });
});
