import type { Item } from './item.js';

/**
 * The records of each partition key in line, over all batches of a sink: only the first of a line is sent, the next when that one is out. So at
 * most one record of a key is in a request, and they arrive in the order in which they were added.
 */
export interface KeyChains {
  /** Whether it is the first of its line. */
  add(item: Item): boolean;
  /** The first of a line is out: gives the next that is still to be sent. */
  release(item: Item): Item | undefined;
  /** Keys with a line. */
  readonly size: number;
}

export function createKeyChains(): KeyChains {
  const tails = new Map<string, Item>();
  return {
    add(item) {
      const { key } = item.record;
      const tail = tails.get(key);
      tails.set(key, item);
      if (tail === undefined) return true;
      tail.next = item;
      return false;
    },
    release(item) {
      let { next } = item;
      item.next = undefined;
      while (next?.state === 'out') ({ next } = next);
      if (next === undefined) tails.delete(item.record.key);
      return next;
    },
    get size() {
      return tails.size;
    },
  };
}
