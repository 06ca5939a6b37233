import { createMemoryStateStore } from '@loadin/testing';
import { createClaims } from './claims.js';

const keys = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `key-${from + index}`);

describe('claims', () => {
  it('go to the slice that asks first, and stay with it, whoever asks from wherever', async () => {
    const state = createMemoryStateStore();
    const here = createClaims(state, 'run', 'tm.events');
    expect([...(await here.claim(0, ['a', 'b']))]).toEqual(['a', 'b']);
    expect([...(await here.claim(1, ['b', 'c']))]).toEqual(['c']);
    const elsewhere = createClaims(state, 'run', 'tm.events');
    expect([...(await elsewhere.claim(1, ['a', 'b', 'c', 'd']))]).toEqual(['c', 'd']);
    expect([...(await elsewhere.claim(0, ['a', 'b', 'c']))]).toEqual(['a', 'b']);
    expect([...(await here.claim(0, ['d']))]).toEqual([]);
  });

  it('of runs and streams are apart', async () => {
    const state = createMemoryStateStore();
    await createClaims(state, 'run', 'tm.events').claim(0, ['a']);
    expect((await createClaims(state, 'run', 'tm.venues').claim(1, ['a'])).size).toBe(1);
    expect((await createClaims(state, 'other', 'tm.events').claim(1, ['a'])).size).toBe(1);
  });

  it('cost one write for all of a group, one read before the first, and nothing for what is known', async () => {
    const operations: string[] = [];
    const state = createMemoryStateStore({ fail: (operation) => void operations.push(operation) });
    const claims = createClaims(state, 'run', 's');
    expect(operations).toEqual([]);
    await claims.claim(0, keys(200));
    await claims.claim(0, keys(200, 200));
    await claims.claim(1, keys(400));
    expect(operations).toEqual(['get', 'put', 'put']);
  });

  it.each([1, 2, 3])('have one owner each when several machines claim the same at once, over many items (round %i)', async (round) => {
    const state = createMemoryStateStore();
    const all = keys(7000, round * 10_000);
    const slices = [0, 1, 2];
    const owned = await Promise.all(
      slices.map(async (slice) => {
        const claims = createClaims(state, 'run', 's');
        const own: string[] = [];
        const order = slice === 1 ? [...all].reverse() : all;
        for (let at = 0; at < order.length; at += 500) own.push(...(await claims.claim(slice, order.slice(at, at + 500))));
        return own;
      }),
    );
    expect(owned.flat().sort()).toEqual([...all].sort());
    expect(Math.max(...state.history.map(({ value }) => JSON.stringify(value).length))).toBeLessThan(60_000);
    const latecomer = createClaims(state, 'run', 's');
    for (const slice of slices) expect((await latecomer.claim(slice, all)).size).toBe(owned[slice]?.length);
  });

  it('are asked for again when the store fails', async () => {
    const state = createMemoryStateStore({
      fail: (operation, _key, call) => (operation === 'put' && call === 1 ? { when: 'after', error: new Error('the answer was lost') } : undefined),
    });
    const claims = createClaims(state, 'run', 's');
    await expect(claims.claim(0, ['a'])).rejects.toThrow('the answer was lost');
    expect((await claims.claim(1, ['a', 'b'])).size).toBe(1);
    expect((await claims.claim(0, ['a'])).size).toBe(1);
  });
});
