import { createMemoryObjectStore } from '@loadin/testing';
import { bothLakes, lakeWith } from './both-lakes.js';

async function lakesWith(first: readonly string[], second: readonly string[]) {
  const lakes = [createMemoryObjectStore(), createMemoryObjectStore()] as const;
  for (const key of first) await lakes[0].put(key, Buffer.from(`first ${key}`));
  for (const key of second) await lakes[1].put(key, Buffer.from(`second ${key}`));
  return { lakes, both: bothLakes(...lakes) };
}
const text = (body: Uint8Array | undefined): string | undefined => body && Buffer.from(body).toString();

describe('two lakes as one', () => {
  it('gives what either has, in the order of one list', async () => {
    const { both } = await lakesWith(['a/1', 'a/4', 'a/é', 'b/1'], ['a/2', 'a/3', 'a/4', 'a/z', 'c/1']);
    const keys: string[] = [];
    for await (const { key } of both.list('a/')) keys.push(key);
    expect(keys).toEqual(['a/1', 'a/2', 'a/3', 'a/4', 'a/z', 'a/é']);
    expect([text(await both.get('a/3')), text(await both.get('a/4')), await both.get('x')]).toEqual(['second a/3', 'first a/4', undefined]);
  });

  it('writes to the first', async () => {
    const { lakes, both } = await lakesWith([], []);
    await both.put('a', Buffer.from('1'));
    await both.putIfAbsent('b', Buffer.from('2'));
    expect([[...lakes[0].objects.keys()], [...lakes[1].objects.keys()]]).toEqual([['a', 'b'], []]);
  });

  it('may be left in the middle of a list', async () => {
    const { both } = await lakesWith(['1', '3'], ['2']);
    for await (const { key } of both.list('')) {
      expect(key).toBe('1');
      break;
    }
  });

  it('says which of them has an object', async () => {
    const { lakes } = await lakesWith(['a'], ['b']);
    expect([await lakeWith(lakes, 'a'), await lakeWith(lakes, 'b'), await lakeWith(lakes, 'c')].map((lake) => lakes.indexOf(lake as never))).toEqual([
      0, 1, 0,
    ]);
  });
});
