import { toHex, uniformStarts, HASH_KEYS } from './hash-keys.js';
import type { ShardState } from './types.js';

/** How shards become other shards: pure functions from the shards of a stream to the shards after it. */
export interface Reshard {
  readonly now: number;
  /** Records a shard has when it closes; 0 for a shard that is made and closed in one go. */
  recordsOf(id: string): number;
}

type Shards = readonly ShardState[];

export const isOpen = (shard: ShardState): boolean => shard.closed === undefined;
export const openShards = (shards: Shards): ShardState[] => shards.filter(isOpen).sort((a, b) => (a.firstHash < b.firstHash ? -1 : 1));

const shardId = (ordinal: number): string => `shardId-${String(ordinal).padStart(12, '0')}`;
const hashValue = (hex: string): bigint => BigInt(`0x${hex}`);

function newShard(ordinal: number, first: bigint, last: bigint, created: number): ShardState {
  return { id: shardId(ordinal), ordinal, firstHash: toHex(first), lastHash: toHex(last), created };
}

/** The shards of a new stream. */
export function initialShards(count: number, now: number): ShardState[] {
  const starts = uniformStarts(count);
  return starts.map((first, i) => newShard(i, first, (starts[i + 1] ?? HASH_KEYS) - 1n, now));
}

function close(shards: Shards, parents: Shards, children: Shards, { recordsOf }: Reshard, closed: number): ShardState[] {
  const ids = new Set(parents.map(({ id }) => id));
  return [...shards.map((shard) => (ids.has(shard.id) ? { ...shard, closed, recordsAtClose: recordsOf(shard.id) } : shard)), ...children];
}

// The newest shard is open always (a closed one has newer children), so ordinals are never given twice.
const nextOrdinal = (shards: Shards): number => Math.max(...shards.map(({ ordinal }) => ordinal)) + 1;

export function split(shards: Shards, parent: ShardState, at: bigint, reshard: Reshard): ShardState[] {
  const created = Math.max(reshard.now, parent.created + 1);
  const ordinal = nextOrdinal(shards);
  const children = [
    { ...newShard(ordinal, hashValue(parent.firstHash), at - 1n, created), parent: parent.id },
    { ...newShard(ordinal + 1, at, hashValue(parent.lastHash), created), parent: parent.id },
  ];
  return close(shards, [parent], children, reshard, created);
}

export const areAdjacent = (a: ShardState, b: ShardState): boolean =>
  hashValue(a.lastHash) + 1n === hashValue(b.firstHash) || hashValue(b.lastHash) + 1n === hashValue(a.firstHash);

export function merge(shards: Shards, parent: ShardState, adjacent: ShardState, reshard: Reshard): ShardState[] {
  const created = Math.max(reshard.now, parent.created + 1, adjacent.created + 1);
  const [low, high] = parent.firstHash < adjacent.firstHash ? [parent, adjacent] : [adjacent, parent];
  const child = {
    ...newShard(nextOrdinal(shards), hashValue(low.firstHash), hashValue(high.lastHash), created),
    parent: parent.id,
    adjacentParent: adjacent.id,
  };
  return close(shards, [parent, adjacent], [child], reshard, created);
}

/** UpdateShardCount: splits where a new range begins, then merges what lies in one range; "short-lived shards" arise on the way, as the API reference says. */
export function scaleUniformly(shards: Shards, count: number, reshard: Reshard): ShardState[] {
  const starts = uniformStarts(count);
  let result = [...shards];
  const holder = (key: bigint): ShardState | undefined => openShards(result).find(({ lastHash }) => toHex(key) <= lastHash);
  for (const start of starts) {
    const shard = holder(start);
    if (shard && shard.firstHash !== toHex(start)) result = split(result, shard, start, reshard);
  }
  for (const [i, start] of starts.entries()) {
    const last = toHex((starts[i + 1] ?? HASH_KEYS) - 1n);
    for (let left = holder(start); left && left.lastHash !== last; left = holder(start)) {
      const right = holder(hashValue(left.lastHash) + 1n);
      if (!right) break;
      result = merge(result, left, right, reshard);
    }
  }
  return result;
}
