import { RetryableError } from '@loadin/resilience';
import type { Fault } from '@loadin/testing';
import type { StateStore } from '../index.js';
import { hold } from './hold.js';
import { createLeaseWorld, KEY, LENGTH, paused, settled, takenOver } from './lease.fixture.js';

const third = LENGTH / 3;
const noAnswer = (when: Fault['when']): Fault => ({ when, error: new RetryableError('no answer') });

describe('a lease that somebody else has taken over', () => {
  it('lets its earlier holder write nothing any more, whatever it tries', async () => {
    const world = createLeaseWorld();
    const zombie = await world.held('a', { clock: paused(world).clock });
    await zombie.save({ parts: 1 });
    const heir = await takenOver(world);
    await heir.save({ parts: 2 });
    const error = { reason: 'lease', message: 'b has taken over: this process had not renewed its lease', where: `memory://state ${KEY}` };
    await expect(zombie.save({ parts: 99 })).rejects.toMatchObject(error);
    await expect(zombie.save({ parts: 99 })).rejects.toMatchObject(error);
    await expect(zombie.check()).rejects.toMatchObject(error);
    await zombie.release();
    expect(await world.stored()).toMatchObject({ parts: 2, lease: { owner: 'b', generation: 2 } });
    await heir.save({ parts: 3 });
  });

  it('is noticed before the next step by who was paused, though it knows of nothing yet', async () => {
    const world = createLeaseWorld();
    const zombie = await world.held('a', { clock: paused(world).clock });
    const heir = await takenOver(world);
    expect(zombie.lost.aborted).toBe(false);
    await expect(zombie.check()).rejects.toMatchObject({ reason: 'lease' });
    expect(zombie.lost.reason).toMatchObject({ reason: 'lease' });
    await heir.check();
  });

  it('is noticed by the first renewal after a pause: whoever listens is told', async () => {
    const world = createLeaseWorld();
    const process = paused(world);
    const zombie = await world.held('a', { clock: process.clock });
    await takenOver(world);
    process.wake();
    await settled();
    expect(zombie.lost.reason).toMatchObject({ message: expect.stringContaining('b has taken over') });
    expect(world.logger.messages('warn')).toEqual([]);
  });

  it('has not happened when who was paused is faster: it renews before it goes on', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a', { clock: paused(world).clock });
    const wait = await world.waiting('b');
    await world.clock.advance(third * 2);
    await held.check(); // not overdue: nothing is written
    expect(world.state.history).toHaveLength(1);
    await world.clock.advance(third - 1);
    await held.save({ parts: 1 });
    await world.clock.advance(LENGTH - 1);
    await held.check();
    await world.clock.advance(1);
    await held.check();
    expect(world.state.history).toHaveLength(3);
    expect(wait).toMatchObject({ error: { reason: 'lease' } });
  });

  it('is told from an item that is gone', async () => {
    const world = createLeaseWorld();
    let gone = false;
    const state: StateStore = { ...world.state, get: async (key) => (gone ? undefined : world.state.get(key)) };
    const held = await world.held('a', { state });
    await world.overwrite({});
    gone = true;
    await expect(held.save({})).rejects.toThrow('the item that this process held is gone');
  });

  it('is no matter of the owner’s name: another process of the same name is another holder', async () => {
    const world = createLeaseWorld();
    const zombie = await world.held('localhost/1/x', { clock: paused(world).clock });
    await takenOver(world, 'localhost/1/x');
    await expect(zombie.save({ parts: 99 })).rejects.toMatchObject({ reason: 'lease' });
  });
});

describe('a lease that is given back', () => {
  it('is free at once, keeps the value, and is not renewed any more', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    await held.save({ parts: 1 });
    await held.release();
    const writes = world.state.history.length;
    await world.clock.advance(10 * LENGTH);
    expect([world.state.history.length, world.clock.waiting]).toEqual([writes, 0]);
    expect(await world.stored()).toMatchObject({ parts: 1, lease: { owner: null } });
  });

  it('is given back once, and nothing is written after it', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    await Promise.all([held.release(), held.release()]);
    await held.release();
    expect(world.state.history).toHaveLength(2);
    await expect(held.save({ parts: 1 })).rejects.toThrow('this process has given its lease back');
    await expect(held.check()).rejects.toMatchObject({ reason: 'lease' });
    expect(held.lost.aborted).toBe(false);
  });

  it.each([['before' as const], ['after' as const]])(
    'is given back although the store fails three times, %s the write: others need not wait',
    async (when) => {
      let failures = 0;
      const world = createLeaseWorld({ fail: (operation) => (operation === 'put' && failures > 0 && failures-- > 0 ? noAnswer(when) : undefined) });
      const held = await world.held('a');
      await held.save({ parts: 1 });
      failures = 3;
      const released = held.release();
      for (let n = 0; n < 10; n += 1) await world.clock.advance(200);
      await released;
      expect(await world.stored()).toMatchObject({ parts: 1, lease: { owner: null } });
      expect(new Set(world.logger.messages('warn'))).toEqual(new Set(['A lease could not be given back; it is tried again']));
      // The write whose answer was lost counts.
      expect((await world.lease())?.counter).toBe(3);
      expect(await (await world.held('b')).check()).toBeUndefined();
    },
  );

  it('ends by itself when the store does not answer five times: that is logged, and others take over', async () => {
    let writes = 0;
    let failing = false;
    const world = createLeaseWorld({
      fail: (operation) => {
        if (operation !== 'put' || !failing) return undefined;
        writes += 1;
        return noAnswer('before');
      },
    });
    const held = await world.held('a');
    failing = true;
    const released = held.release();
    for (let n = 0; n < 10; n += 1) await world.clock.advance(200);
    await released;
    expect(writes).toBe(5);
    expect(world.logger.messages('warn').at(-1)).toBe('A lease could not be given back; it ends by itself');
    failing = false;
    expect(await takenOver(world)).toMatchObject({ generation: 2 });
  });

  it('is given back with a last value by one write', async () => {
    const world = createLeaseWorld();
    const held = await world.held('a');
    await held.release({ finished: true });
    await held.release();
    expect(world.state.history).toHaveLength(2);
    expect(await world.stored()).toMatchObject({ finished: true, lease: { owner: null } });
    await expect(held.release({ finished: false })).rejects.toThrow('this process has given its lease back');
  });

  it.each([['before' as const], ['after' as const]])('is still held when that one write fails, %s it was carried out', async (when) => {
    let failing = false;
    const world = createLeaseWorld({ fail: (operation) => (operation === 'put' && failing ? noAnswer(when) : undefined) });
    const held = await world.held('a');
    failing = true;
    await expect(held.release({ finished: true })).rejects.toThrow('no answer');
    failing = false;
    await held.save({ finished: false });
    expect(await world.stored()).toMatchObject({ finished: false, lease: { owner: 'a', generation: 1 } });
    await held.release({ finished: true });
    expect(await world.stored()).toMatchObject({ finished: true, lease: { owner: null } });
  });

  it('and was taken since, with the answer lost, is lost', async () => {
    let failing = false;
    const world = createLeaseWorld({ fail: (operation) => (operation === 'put' && failing ? noAnswer('after') : undefined) });
    const held = await world.held('a', { clock: paused(world).clock });
    failing = true;
    await expect(held.release({ parts: 1 })).rejects.toThrow('no answer');
    failing = false;
    await world.held('b');
    await expect(held.save({ parts: 2 })).rejects.toMatchObject({ reason: 'lease' });
    expect(await world.stored()).toMatchObject({ parts: 1, lease: { owner: 'b', generation: 2 } });
  });

  it('waits for what is being written: a renewal under way, and a save', async () => {
    const world = createLeaseWorld();
    const gates: (() => void)[] = [];
    const slow: StateStore = {
      ...world.state,
      put: async (...args) => {
        if (world.state.history.length > 0) await new Promise<void>((resolve) => gates.push(resolve));
        return world.state.put(...args);
      },
    };
    const held = await world.held('a', { state: slow });
    await world.clock.advance(third); // a renewal begins
    const saved = held.save({ parts: 1 });
    const released = held.release();
    const tooLate = held.save({ parts: 2 });
    const ended = Promise.allSettled([saved, released, tooLate]);
    for (let turn = 0; turn < 5; turn += 1) {
      await settled();
      gates.splice(0).forEach((open) => open());
    }
    expect((await ended).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(world.state.history.map(({ value }) => value)).toMatchObject([
      { lease: { counter: 1 } },
      { lease: { counter: 2 } },
      { parts: 1 },
      { parts: 1 },
    ]);
    expect(await world.lease()).toMatchObject({ owner: null });
  });

  it('is not an offence when it was lost before', async () => {
    const world = createLeaseWorld();
    const zombie = await world.held('a', { clock: paused(world).clock });
    const heir = await takenOver(world);
    await zombie.release();
    expect(world.logger.messages('warn')).toEqual([]);
    await heir.save({ parts: 1 });
    const next = hold(world.optionsOf('c'), KEY);
    await heir.release();
    await world.clock.advance(third);
    expect((await next).generation).toBe(3);
  });
});
