import { RetryableError, StopError } from '@loadin/resilience';
import { createLeaseWorld, KEY, LENGTH, settled } from './lease.fixture.js';
import { isHeld, tryHold } from './try-hold.js';
import type { HeldItem } from './types.js';

const third = LENGTH / 3;

describe('an item that nobody holds', () => {
  it('is taken when there is none yet: it has no value then', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    expect([held.current, held.generation]).toEqual([undefined, 1]);
    expect(await world.lease()).toMatchObject({ owner: 'a', counter: 1, generation: 1, expires_at: '2024-11-08T02:00:30.000Z' });
  });

  it('is taken with the value that it has, which says nothing of leases: one of an earlier version', async () => {
    const world = createLeaseWorld();
    await world.overwrite({ sinks: {} });
    expect((await world.held('a')).current).toEqual({ sinks: {} });
    expect(await world.stored()).toMatchObject({ sinks: {}, lease: { owner: 'a' } });
  });

  it('is taken when its lease was made unreadable by hand', async () => {
    const world = createLeaseWorld();
    await world.overwrite({ sinks: {}, lease: { owner: 7 } });
    expect((await world.held('a')).current).toEqual({ sinks: {} });
  });

  it('is taken again after it was given back, by the next generation', async () => {
    const world = createLeaseWorld();
    const first = await world.held('a');
    await first.save({ parts: 2 });
    await first.release();
    expect(await world.lease()).toMatchObject({ owner: null, generation: 1 });
    const second = await world.held('b');
    expect([second.current, second.generation]).toEqual([{ parts: 2 }, 2]);
  });

  it('goes to one of many that want it at the same moment; the others see whose it is', async () => {
    const world = createLeaseWorld();
    const all = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => tryHold(world.optionsOf(owner), KEY)));
    expect(all.filter(isHeld)).toHaveLength(1);
    const owner = (await world.lease())?.owner;
    expect(all.filter((one) => !isHeld(one))).toMatchObject([{ lease: { owner } }, { lease: { owner } }, { lease: { owner } }]);
  });

  it('goes to one of several of the same process', async () => {
    const world = createLeaseWorld();
    const all = await Promise.all([1, 2, 3].map(() => tryHold(world.optionsOf('a'), KEY)));
    expect(all.filter(isHeld)).toHaveLength(1);
  });

  it('is held when the answer to the taking was lost, and not when nothing was written', async () => {
    for (const when of ['before', 'after'] as const) {
      const world = createLeaseWorld({
        fail: (operation, _key, call) => (operation === 'put' && call === 1 ? { when, error: new RetryableError('no answer') } : undefined),
      });
      if (when === 'before') await expect(world.held('a')).rejects.toThrow('no answer');
      const held = when === 'after' ? await world.held('a') : undefined;
      await held?.save({ parts: 1 });
      expect(await world.stored()).toEqual(when === 'after' ? expect.objectContaining({ parts: 1 }) : undefined);
    }
  });
});

describe('an item that somebody holds', () => {
  it('is left alone by who does not wait: it sees the owner and the value', async () => {
    const world = createLeaseWorld();
    await (await world.held('a')).save({ parts: 3 });
    expect(await tryHold(world.optionsOf('b'), KEY)).toMatchObject({ current: { parts: 3 }, lease: { owner: 'a', counter: 2 } });
  });

  it('is had a moment after its owner, who only needed a moment, has given it back', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    const wait = await world.waiting('b');
    await world.clock.advance(LENGTH / 100);
    await held.release();
    await world.clock.advance(LENGTH / 60);
    expect((wait.held as HeldItem).generation).toBe(2);
  });

  it('is not given to who waits as long as its owner renews: after one length he is told who it is and until when', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    const wait = await world.waiting('b');
    await world.clock.advance(LENGTH - 1);
    expect(wait).toEqual({});
    await world.clock.advance(1);
    expect(wait.error).toBeInstanceOf(StopError);
    const until = (await world.lease())?.expires_at;
    expect(wait.error).toMatchObject({
      message: `a is at work on this: it holds the lease until ${until} and renews it`,
      where: `memory://state ${KEY}`,
      reason: 'lease',
      resumeAfter: until,
    });
    await held.check();
    await held.save({ parts: 1 });
  });

  it('is taken over when its owner has not renewed it for one length, by the watch of who waits', async () => {
    const world = createLeaseWorld();
    const dead = await world.held('a', { clock: { ...world.clock, sleep: () => new Promise(() => undefined) } });
    await dead.save({ parts: 3 });
    await world.clock.advance(20 * LENGTH); // long over by any clock; who comes now has seen nothing yet
    const wait = await world.waiting('b');
    await world.clock.advance(LENGTH - 1);
    expect(wait).toEqual({});
    await world.clock.advance(1);
    expect(wait.held).toMatchObject({ current: { parts: 3 }, generation: 2 });
  });

  it('is taken over when its owner dies while somebody waits', async () => {
    const world = createLeaseWorld();
    let alive = true;
    const sleep: typeof world.clock.sleep = (...args) => (alive ? world.clock.sleep(...args) : new Promise(() => undefined));
    await world.held('a', { clock: { ...world.clock, sleep } });
    const wait = await world.waiting('b');
    await world.clock.advance(third / 2);
    alive = false; // after one more renewal
    await world.clock.advance(LENGTH - third / 2);
    expect(wait).toEqual({});
    await world.clock.advance(LENGTH);
    expect(wait.held).toMatchObject({ generation: 2 });
  });

  it('is taken as soon as it is seen to be free', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    const wait = await world.waiting('b');
    await held.release();
    await world.clock.advance(third);
    expect(wait.held).toMatchObject({ generation: 2 });
  });

  it('goes to one of several that wait; the others find that one at work', async () => {
    const world = createLeaseWorld();
    await world.held('dead', { clock: { ...world.clock, sleep: () => new Promise(() => undefined) } });
    const waits = await Promise.all(['b', 'c', 'd'].map((owner) => world.waiting(owner)));
    await world.clock.advance(3 * LENGTH);
    expect(waits.filter(({ held }) => held !== undefined)).toHaveLength(1);
    const owner = (await world.lease())?.owner;
    const told = waits.flatMap(({ error }) => (error === undefined ? [] : [error]));
    expect(told).toMatchObject([{ message: expect.stringContaining(`${owner} is at work`) }, { message: expect.stringContaining(`${owner} is`) }]);
  });

  it('needs no wait when its value says that nothing is left to do, then or in the end', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    const done = (current: unknown): string | undefined => ((current as { finished?: true } | undefined)?.finished ? 'nothing to do' : undefined);
    const early = await world.waiting('b', { settled: done });
    await held.save({ finished: true });
    await world.clock.advance(third);
    expect(early.held).toBe('nothing to do');
    const late = await world.waiting('c', { settled: done });
    expect(late.held).toBe('nothing to do');
    await held.release();
    const free = await world.waiting('d', { settled: done });
    expect(free.held).toBe('nothing to do');
    expect(await world.lease()).toMatchObject({ owner: null, generation: 1 });
  });

  it.each([
    ['before', 0],
    ['while', third / 2],
  ])('is waited for until the signal is aborted %s', async (_, after) => {
    const world = createLeaseWorld();
    await world.held('a');
    const controller = new AbortController();
    const reason = new StopError('time is nearly over', { reason: 'deadline' });
    if (after === 0) controller.abort(reason);
    const wait = await world.waiting('b', { signal: controller.signal });
    await world.clock.advance(after);
    controller.abort(reason);
    await settled();
    expect(wait.error).toBe(reason);
    await world.clock.advance(10 * LENGTH);
    expect(await world.lease()).toMatchObject({ owner: 'a' });
  });

  it('is not taken over because clocks differ, or jump', async () => {
    const world = createLeaseWorld();
    await world.held('a');
    let jump = 0;
    const odd = { ...world.clock, now: () => world.clock.now() + jump };
    const wait = await world.waiting('b', {}, { clock: odd });
    await world.clock.advance(third);
    jump = 1e9;
    await world.clock.advance(third);
    jump = -1e9;
    await world.clock.advance(third);
    expect(wait.error).toMatchObject({ reason: 'lease' });
    expect(await world.lease()).toMatchObject({ owner: 'a', generation: 1 });
  });

  it('is not taken when it moves in the very moment of the taking', async () => {
    const world = createLeaseWorld();
    const asleep = { ...world.clock, sleep: () => new Promise<void>(() => undefined) };
    const held: HeldItem = await world.held('a', { clock: asleep });
    const slow = {
      ...world.state,
      put: async (...args: Parameters<typeof world.state.put>) => {
        await held.save({ parts: 9 }); // it wakes up just before
        return world.state.put(...args);
      },
    };
    const wait = await world.waiting('b', {}, { state: slow });
    await world.clock.advance(LENGTH);
    expect(wait).toMatchObject({ error: { reason: 'lease' } });
    expect(await world.stored()).toMatchObject({ parts: 9, lease: { owner: 'a', generation: 1 } });
  });
});
