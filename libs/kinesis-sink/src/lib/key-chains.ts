import type { Item, Link } from './item.js';

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

/** So many lines that have ended are kept, their keys alone: to forget all of them now and then costs less than each by itself. */
const ENDED_LINES = 16_384;

export function createKeyChains(): KeyChains {
  let tails = new Map<string, Link>();
  let lines = 0;

  const forgetEnded = (): void => {
    if (tails.size <= lines + ENDED_LINES) return;
    const live = new Map<string, Link>();
    for (const [key, tail] of tails) if (tail.next !== null) live.set(key, tail);
    tails = live;
  };

  return {
    add(item) {
      const { key } = item.record;
      const tail = tails.get(key);
      tails.set(key, item.link);
      if (tail !== undefined && tail.next !== null) {
        tail.next = item;
        return false;
      }
      lines += 1;
      forgetEnded();
      return true;
    },
    release(item) {
      let last = item.link;
      while (last.next) {
        if (last.next.state !== 'out') return last.next;
        last = last.next.link;
      }
      last.next = null;
      lines -= 1;
      if (lines === 0) tails.clear();
      return undefined;
    },
    get size() {
      return lines;
    },
  };
}
