import { oneAhead } from './one-ahead.js';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('reading one ahead', () => {
  it('asks for the next item while the consumer works on one, and never for a second', async () => {
    const asked: number[] = [];
    async function* source(): AsyncGenerator<number, void> {
      for (let item = 0; item < 4; item += 1) {
        asked.push(item);
        yield item;
      }
    }
    const items = oneAhead(source(), () => undefined);
    for (const expected of [0, 1, 2]) {
      expect((await items.next()).value).toBe(expected);
      await turns();
      expect(asked).toHaveLength(expected + 2);
    }
    expect([(await items.next()).value, (await items.next()).done]).toEqual([3, true]);
  });

  it('tells of an error of the source when it is its turn, after what came before it', async () => {
    async function* source(): AsyncGenerator<number, void> {
      yield 1;
      throw new Error('502');
    }
    const items = oneAhead(source(), () => undefined);
    expect((await items.next()).value).toBe(1);
    await turns();
    await expect(items.next()).rejects.toThrow('502');
  });

  it('ends the read under way when the consumer leaves, before it says that it has ended', async () => {
    const events: string[] = [];
    let abandon = (): void => undefined;
    async function* source(): AsyncGenerator<number, void> {
      try {
        yield 1;
        await new Promise<void>((_resolve, reject) => (abandon = () => reject(new Error('abandoned'))));
      } finally {
        await turns();
        events.push('source ended');
      }
    }
    const items = oneAhead(source(), () => abandon());
    await items.next();
    await turns();
    await items.return();
    events.push('consumer ended');
    expect(events).toEqual(['source ended', 'consumer ended']);
  });
});
