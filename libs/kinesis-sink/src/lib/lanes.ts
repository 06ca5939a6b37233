import { hashKeyOf } from './hash-key.js';
import type { Item } from './item.js';
import { newLane, type Lane } from './lane.js';
import type { PacerLimits } from './pacer.js';
import { shardFor, type ShardMap } from './shard-map.js';

/** What is known of the shards. Without a map everything goes through one lane. */
export interface Routing {
  readonly map: ShardMap | undefined;
  /** Open shards; `undefined`: not known. */
  readonly shards: number | undefined;
}

/** A lane for each shard, so that a full one holds up its own records only. */
export interface Lanes {
  readonly all: readonly Lane[];
  laneOf(item: Item): Lane;
  /** To the end of its lane. */
  enqueue(item: Item): void;
  /** Before what waits in their lanes. */
  giveBack(items: readonly Item[]): void;
  /** Sorts everything that waits anew. A shard that is still there keeps its pace. */
  reroute(routing: Routing): void;
  /** Removes what is out. */
  purge(): void;
}

export function createLanes(perShard: PacerLimits, now: () => number): Lanes {
  let map: ShardMap | undefined;
  let limitsOfRest = unlimited;
  let lanes = new Map<string | undefined, Lane>();
  let all: Lane[] = [];

  const lane = (shardId: string | undefined): Lane => {
    const known = lanes.get(shardId);
    if (known) return known;
    const fresh = newLane(shardId, shardId === undefined ? limitsOfRest : perShard, now());
    lanes.set(shardId, fresh);
    all.push(fresh);
    return fresh;
  };
  const laneOf = (item: Item): Lane => {
    if (map === undefined || map.length < 2) return lane(map?.[0]?.id);
    item.hashKey ??= item.record.explicit?.hashKey ?? hashKeyOf(item.record.key);
    return lane(shardFor(map, item.hashKey));
  };
  const enqueue = (item: Item): void => {
    item.lane = laneOf(item);
    item.state = 'queued';
    item.lane.queue.push(item);
  };

  return {
    get all() {
      return all;
    },
    laneOf,
    enqueue,
    giveBack(items) {
      const byLane = new Map<Lane, Item[]>();
      for (const item of items) {
        item.lane = laneOf(item);
        item.state = 'queued';
        const others = byLane.get(item.lane);
        if (others) others.push(item);
        else byLane.set(item.lane, [item]);
      }
      for (const [{ queue }, returned] of byLane) queue.giveBack(returned);
    },
    reroute(routing) {
      const queued = all.flatMap(({ queue }) => queue.takeAll());
      ({ map } = routing);
      const { shards } = routing;
      limitsOfRest = shards === undefined ? unlimited : times(perShard, Math.max(1, shards));
      const open = new Set<string | undefined>(map?.map(({ id }) => id));
      lanes = new Map([...lanes].filter(([id]) => open.has(id)));
      all = [...lanes.values()];
      queued.forEach(enqueue);
    },
    purge() {
      for (const { queue } of all) {
        for (const item of queue.takeAll()) if (item.state !== 'out') queue.push(item);
      }
    },
  };
}

const unlimited: PacerLimits = { recordsPerSecond: Infinity, bytesPerSecond: Infinity };

const times = ({ recordsPerSecond, bytesPerSecond }: PacerLimits, count: number): PacerLimits => ({
  recordsPerSecond: recordsPerSecond * count,
  bytesPerSecond: bytesPerSecond * count,
});
