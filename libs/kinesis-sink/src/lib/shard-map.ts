import { parseHashKey, type HashKey } from './hash-key.js';

/** A shard that takes records, and the hash keys that go there, both ends included. */
export interface OpenShard {
  readonly id: string;
  readonly first: HashKey;
  readonly last: HashKey;
}

/** The open shards in the order of their hash keys. */
export type ShardMap = readonly OpenShard[];

/** A shard as ListShards describes it. */
export interface ListedShard {
  readonly ShardId?: string | undefined;
  readonly HashKeyRange?: { readonly StartingHashKey?: string | undefined; readonly EndingHashKey?: string | undefined } | undefined;
  readonly SequenceNumberRange?: { readonly EndingSequenceNumber?: string | undefined } | undefined;
}

/** Closed shards are left out: they have an ending sequence number. */
export function shardMapOf(listed: readonly ListedShard[]): ShardMap {
  return listed.flatMap((shard) => openShardOf(shard) ?? []).sort((one, other) => (one.first < other.first ? -1 : 1));
}

function openShardOf({ ShardId: id, HashKeyRange: range, SequenceNumberRange: numbers }: ListedShard): OpenShard | undefined {
  const first = parseHashKey(range?.StartingHashKey ?? '');
  const last = parseHashKey(range?.EndingHashKey ?? '');
  if (id === undefined || first === undefined || last === undefined || numbers?.EndingSequenceNumber !== undefined) return undefined;
  return { id, first, last };
}

/** Where a record goes; `undefined` when no shard of the map has its hash key (a list that was made while the stream changed). */
export function shardFor(map: ShardMap, hashKey: HashKey): string | undefined {
  let low = 0;
  for (let high = map.length; low < high;) {
    const middle = (low + high) >>> 1;
    if ((map[middle] as OpenShard).last < hashKey) low = middle + 1;
    else high = middle;
  }
  const shard = map[low];
  return shard !== undefined && shard.first <= hashKey ? shard.id : undefined;
}

/** Whether two maps have the same shards: a shard never changes its range. */
export const sameShards = (one: ShardMap, other: ShardMap): boolean =>
  one.length === other.length && one.every(({ id }, index) => id === other[index]?.id);
