import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMeter, silentLogger } from '@loadin/observability';
import { createRandom, recordOf } from '@loadin/testing';
import { createDelivery } from './delivery.js';
import type { Item } from './item.js';
import { createKeyChains } from './key-chains.js';

const itemsWith = (keys: readonly string[]): readonly Item[] => {
  const options = { signal: new AbortController().signal, meter: createMeter(), logger: silentLogger };
  const encoded = keys.map((key) => ({ key, record: recordOf(key), textOf: () => '', bytes: 1 }));
  return createDelivery(encoded, options).items;
};

describe('createKeyChains', () => {
  it('gives one of a key at a time, in order, over more keys than it remembers', () => {
    const random = createRandom(5);
    const keys = Array.from({ length: 30_000 }, (_, n) => `key ${random() < 0.3 ? n % 50 : n}`);
    const chains = createKeyChains();
    const ready: Item[] = [];
    const seen = new Map<string, number>();
    const out = (): void => {
      const item = ready.splice(Math.floor(random() * ready.length), 1)[0] as Item;
      expect(item.index).toBeGreaterThan(seen.get(item.record.key) ?? -1);
      seen.set(item.record.key, item.index);
      item.state = 'out';
      const next = chains.release(item);
      if (next) ready.push(next);
    };
    for (const item of itemsWith(keys)) {
      if (chains.add(item)) ready.push(item);
      expect(new Set(ready.slice(-5).map(({ record }) => record.key)).size).toBe(Math.min(5, ready.length));
      while (ready.length > 200) out();
    }
    while (ready.length > 0) out();
    expect(chains.size).toBe(0);
    expect(seen.size).toBe(new Set(keys).size);
  });

  it('passes over what was given up, and what comes after still waits for the first', () => {
    const [first, left, last] = itemsWith(['a', 'a', 'a']) as [Item, Item, Item];
    const chains = createKeyChains();
    expect([chains.add(first), chains.add(left)]).toEqual([true, false]);
    left.state = 'out';
    expect(chains.add(last)).toBe(false);
    expect(chains.release(first)).toBe(last);
    expect(chains.release(last)).toBeUndefined();
  });

  it('keeps nothing of a record that is out, while other lines go on', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const chains = createKeyChains();
    const [endless] = itemsWith(['endless']) as [Item];
    chains.add(endless);
    const ended = ((): WeakRef<Item> => {
      const [item] = itemsWith(['ended']) as [Item];
      chains.add(item);
      item.state = 'out';
      chains.release(item);
      return new WeakRef(item);
    })();
    await new Promise(setImmediate); // a WeakRef holds what it names until the turn ends
    collect();
    expect(ended.deref()).toBeUndefined();
    expect(chains.size).toBe(1);
  });
});
