import type { Item } from './item.js';
import { newPacer, type Pacer, type PacerLimits } from './pacer.js';

/** What waits for one shard, or for a stream of which the shards aren't known. */
export interface Lane {
  readonly shardId: string | undefined;
  pacer: Pacer;
  readonly queue: Queue;
  /** Nothing is sent before, epoch milliseconds. */
  notBefore: number;
  /** Requests in a row of which the shard accepted nothing. */
  failuresInRow: number;
}

export const newLane = (shardId: string | undefined, limits: PacerLimits, now: number): Lane => ({
  shardId,
  pacer: newPacer(limits, now),
  queue: createQueue(),
  notBefore: -Infinity,
  failuresInRow: 0,
});

/** First in, first out, but what was refused comes before the rest. */
export interface Queue {
  readonly size: number;
  /** Of all that is in it. */
  readonly bytes: number;
  push(item: Item): void;
  /** In their order, before all others. */
  giveBack(items: readonly Item[]): void;
  peek(): Item | undefined;
  /** Takes from the front what `wanted` agrees to; the first that it does not ends it. */
  takeWhile(wanted: (item: Item) => boolean): void;
  /** Empties it. */
  takeAll(): Item[];
}

export function createQueue(): Queue {
  let items: Item[] = [];
  let first = 0;
  let bytes = 0;
  const rest = (): Item[] => (first === 0 ? items : items.slice(first));
  return {
    get size() {
      return items.length - first;
    },
    get bytes() {
      return bytes;
    },
    push(item) {
      items.push(item);
      bytes += item.record.bytes;
    },
    giveBack(returned) {
      items = [...returned, ...rest()];
      first = 0;
      for (const { record } of returned) bytes += record.bytes;
    },
    peek: () => items[first],
    takeWhile(wanted) {
      for (let item = items[first]; item !== undefined && wanted(item); item = items[first]) {
        first += 1;
        bytes -= item.record.bytes;
      }
      if (first > 1_000 && first * 2 > items.length) {
        items = rest();
        first = 0;
      }
    },
    takeAll() {
      const all = rest();
      [items, first, bytes] = [[], 0, 0];
      return all;
    },
  };
}
