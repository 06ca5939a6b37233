import { mapLimit } from './map-limit.js';

describe('mapLimit', () => {
  it('gives results in the order of the items, with no more in flight than allowed', async () => {
    let [inFlight, most] = [0, 0];
    const doubled = await mapLimit([3, 1, 2, 0], 2, async (item) => {
      most = Math.max(most, (inFlight += 1));
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      inFlight -= 1;
      return item * 2;
    });
    expect([doubled, most]).toEqual([[6, 2, 4, 0], 2]);
  });

  it('begins nothing more when one has failed, and leaves nothing under way', async () => {
    const [begun, ended]: [number[], number[]] = [[], []];
    const run = async (item: number): Promise<void> => {
      begun.push(item);
      if (item === 1) throw new Error('one');
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      ended.push(item);
    };
    await expect(mapLimit([0, 1, 2, 3, 4, 5], 3, run)).rejects.toThrow('one');
    expect([begun, ended]).toEqual([
      [0, 1, 2],
      [0, 2],
    ]);
  });
});
