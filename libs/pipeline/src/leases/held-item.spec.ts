import { RetryableError } from '@loadin/resilience';
import type { Fault } from '@loadin/testing';
import type { StateStore } from '../index.js';
import { createLeaseWorld, LENGTH } from './lease.fixture.js';

const third = LENGTH / 3;
const noAnswer = (when: Fault['when']): Fault => ({ when, error: new RetryableError('no answer') });

describe('a lease that is held', () => {
  it('is renewed every third of its length, without a change to the value', async () => {
    const world = createLeaseWorld();
    await (await world.held('a')).save({ parts: 1 });
    const counters: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      await world.clock.advance(third);
      counters.push((await world.lease())?.counter);
    }
    expect(counters).toEqual([3, 4, 5]);
    expect(await world.stored()).toMatchObject({ parts: 1, lease: { owner: 'a', generation: 1, expires_at: '2024-11-08T02:01:00.000Z' } });
  });

  it('is renewed by what is saved: nothing more is written as long as that happens often enough', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    for (let round = 0; round < 10; round += 1) {
      await world.clock.advance(third - 1);
      await held.save({ round });
    }
    expect(world.state.history).toHaveLength(11);
  });

  it('keeps its value apart from the lease', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    await held.save({ sinks: { s3_raw: { parts: 1 } } });
    expect(held.current).toEqual({ sinks: { s3_raw: { parts: 1 } } });
    await held.release();
    expect((await world.held('b')).current).toEqual({ sinks: { s3_raw: { parts: 1 } } });
  });

  it.each([['before' as const], ['after' as const]])(
    'lives through failures of the store, %s the write, and renews soon after them',
    async (when) => {
      let failing = false;
      const world = createLeaseWorld({ fail: (operation) => (operation === 'put' && failing ? noAnswer(when) : undefined) });
      const held = await world.held('a');
      await held.save({ parts: 1 });
      failing = true;
      await world.clock.advance(third * 2);
      expect(world.logger.messages('warn')[0]).toBe('A lease could not be renewed; it is tried again');
      failing = false;
      await world.clock.advance(third / 4);
      await held.check();
      await held.save({ parts: 2 });
      expect(await world.stored()).toMatchObject({ parts: 2, lease: { owner: 'a', generation: 1 } });
    },
  );

  it('is renewed whatever the clock does', async () => {
    const world = createLeaseWorld();
    let jump = 0;
    const held = await world.held('a', { clock: { ...world.clock, now: () => world.clock.now() + jump } });
    const wait = await world.waiting('b');
    await world.clock.advance(third / 2);
    for (jump of [-1e9, 1e9, 0]) {
      const before = (await world.lease())?.counter ?? 0;
      await world.clock.advance(LENGTH / 2);
      expect((await world.lease())?.counter).toBeGreaterThan(before);
    }
    expect(wait.error).toMatchObject({ reason: 'lease' });
    await held.check();
  });

  it('does not take back what was saved when the answer to that was lost', async () => {
    let lose = false;
    const world = createLeaseWorld({ fail: (operation) => (operation === 'put' && lose ? noAnswer('after') : undefined) });
    const held = await world.held('a');
    lose = true;
    await expect(held.save({ parts: 2 })).rejects.toThrow('no answer');
    lose = false;
    await world.clock.advance(third);
    expect(await world.stored()).toMatchObject({ parts: 2 });
    await held.save({ parts: 3 });
    expect(await world.stored()).toMatchObject({ parts: 3 });
  });

  it('keeps what it is saved last, also when the write before arrives late: after it was given up', async () => {
    const world = createLeaseWorld();
    let late: (() => Promise<string>) | undefined;
    const slow: StateStore = {
      ...world.state,
      put: async (...args) => {
        if (args[1]['parts'] !== 1) return world.state.put(...args);
        late = () => world.state.put(...args);
        throw new RetryableError('timed out');
      },
    };
    const held = await world.held('a', { state: slow });
    await expect(held.save({ parts: 1 })).rejects.toThrow('timed out');
    await late?.();
    await held.save({ parts: 2 });
    expect(await world.stored()).toMatchObject({ parts: 2, lease: { owner: 'a' } });
    await expect(held.save({ parts: 1 })).rejects.toThrow('timed out');
    await held.save({ parts: 3 });
    await expect(late?.()).rejects.toThrow('changed by somebody else');
    expect(await world.stored()).toMatchObject({ parts: 3 });
  });

  it('has room in an item of nearly 100 KB, refuses more as the store does, and stays held', async () => {
    const world = createLeaseWorld();
    const held = await world.held(`${'h'.repeat(63)}/4194304/ffffff`);
    await held.save({ text: 'x'.repeat(100 * 1024 - 300) });
    await expect(held.save({ text: 'x'.repeat(100 * 1024) })).rejects.toThrow('larger than 100 KB');
    await world.clock.advance(third);
    await held.save({ text: 'short' });
    expect(await world.stored()).toMatchObject({ text: 'short' });
  });
});
