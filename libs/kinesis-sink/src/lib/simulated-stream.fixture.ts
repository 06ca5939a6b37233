import { RetryableError, type Clock } from '@loadin/resilience';
import { hashKeyOf, type HashKey } from './hash-key.js';
import type { Item } from './item.js';
import type { Answer, Outcome } from './put-records.js';
import { shardFor, type ShardMap } from './shard-map.js';

/** How often what goes wrong, 0 to 1. */
export interface Weather {
  /** A record is refused because its shard is full. */
  readonly throttled: number;
  /** A record is refused for a fault of the service. */
  readonly faulty: number;
  /** A request is answered with an error; nothing is taken. */
  readonly refusedWhole: number;
  /** The answer to a request is lost; all or some of it was taken. */
  readonly lost: number;
  /** Before a request the shards are split or merged. */
  readonly resharded: number;
}

export interface TakenRecord {
  readonly key: string;
  readonly item: Item;
  readonly shardId: string;
}

/** A stream in memory that does what Kinesis may do, and watches what is sent to it. */
export interface SimulatedStream {
  send(items: readonly Item[], signal: AbortSignal): Promise<Answer>;
  list(): Promise<ShardMap>;
  /** In the order in which they were taken. */
  readonly taken: readonly TakenRecord[];
  /** What must not happen: two of a key at once, a request that is too large. */
  readonly violations: readonly string[];
}

export interface SimulatedStreamOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly weather: Weather;
  readonly maxRecords: number;
}

export function createSimulatedStream({ clock, random, weather, maxRecords }: SimulatedStreamOptions): SimulatedStream {
  const taken: TakenRecord[] = [];
  const violations: string[] = [];
  const underWay = new Set<string>();
  let shards = 0;
  let map: ShardMap = [];
  const reshard = (): void => {
    const count = 1 + Math.floor(random() * 4);
    const borders = Array.from({ length: count + 1 }, (_, n) => String.fromCharCode(Math.floor((n * 256) / count)));
    map = Array.from({ length: count }, (_, n) =>
      openShard(`shardId-${String((shards += 1)).padStart(12, '0')}`, borders[n] as HashKey, n + 1 < count ? borders[n + 1] : undefined),
    );
  };
  reshard();

  const look = (items: readonly Item[]): void => {
    if (items.length === 0 || items.length > maxRecords) violations.push(`a request with ${items.length} records`);
    for (const { record } of items) {
      if (underWay.has(record.key)) violations.push(`two records of ${record.key} at once`);
      underWay.add(record.key);
    }
  };
  const outcomeOf = (item: Item): Outcome => {
    const { key } = item.record;
    const shardId = shardFor(map, hashKeyOf(key)) as string;
    const drawn = random();
    const refused = { status: 'refused', message: `Rate exceeded for shard ${shardId}`, shardId } as const;
    if (drawn < weather.throttled) return { ...refused, code: 'ProvisionedThroughputExceededException', what: 'throttled' };
    if (drawn < weather.throttled + weather.faulty) return { ...refused, code: 'InternalFailure', what: 'failed', shardId: undefined };
    taken.push({ key, item, shardId });
    return { status: 'accepted', shardId };
  };

  return {
    taken,
    violations,
    list: () => Promise.resolve(map),
    async send(items, signal) {
      look(items);
      if (random() < weather.resharded) reshard();
      try {
        await clock.sleep(Math.ceil(random() * 40), signal);
        if (random() < weather.refusedWhole) throw new RetryableError('a fault', { cause: { $metadata: { httpStatusCode: 400 } } });
        const outcomes = items.map(outcomeOf);
        await clock.sleep(Math.ceil(random() * 40), signal);
        if (random() < weather.lost) throw new RetryableError('no answer');
        return { outcomes, repeated: false };
      } finally {
        for (const { record } of items) underWay.delete(record.key);
      }
    },
  };
}

const openShard = (id: string, first: string, next: string | undefined) => ({
  id,
  first: first.padEnd(16, '\0'),
  last: next === undefined ? '\xff'.repeat(16) : `${String.fromCharCode(next.charCodeAt(0) - 1)}${'\xff'.repeat(15)}`,
});
