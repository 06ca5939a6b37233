import { createCoalescedSaves } from './coalesced-saves.js';

/** A store whose saves end when they are told to. */
function slowStore() {
  const begun: number[] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const save = (value: number): Promise<void> => {
    begun.push(value);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    save,
    async end(error?: Error): Promise<void> {
      const next = ends.shift();
      if (error === undefined) next?.resolve();
      else next?.reject(error);
      await turn();
    },
  };
}

describe('saves behind the work', () => {
  it('are one at a time, and of those that come meanwhile only the latest', async () => {
    const { begun, save, end } = slowStore();
    const saves = createCoalescedSaves(save);
    for (const value of [1, 2, 3]) saves.push(value);
    expect(begun).toEqual([1]);
    await end();
    expect(begun).toEqual([1, 3]);
    await end();
    saves.push(4);
    expect(begun).toEqual([1, 3, 4]);
  });

  it('are all done when they are flushed', async () => {
    const { begun, save, end } = slowStore();
    const saves = createCoalescedSaves(save);
    saves.push(1);
    saves.push(2);
    let flushed = false;
    const flush = saves.flush().then(() => (flushed = true));
    await end();
    expect([flushed, begun]).toEqual([false, [1, 2]]);
    await end();
    await flush;
    expect(flushed).toBe(true);
  });

  it.each([
    ['the next one', (saves: ReturnType<typeof createCoalescedSaves<number>>) => saves.push(2)],
    ['a flush', (saves: ReturnType<typeof createCoalescedSaves<number>>) => saves.flush()],
  ])('that fail are told to %s, once', async (_, ask) => {
    const { save, end } = slowStore();
    const saves = createCoalescedSaves(save);
    saves.push(1);
    await end(new Error('throttled'));
    await expect((async () => ask(saves))()).rejects.toThrow('throttled');
    await saves.flush();
  });
});
