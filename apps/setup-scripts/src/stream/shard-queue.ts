import type { Shard } from '@aws-sdk/client-kinesis';

export interface ShardQueue {
  /** Shards that can be read now: none of their parents is still being read. */
  ready(): string[];
  /** Read to its end; its children may follow. */
  end(shardId: string, children: readonly Pick<Shard, 'ShardId' | 'ParentShardId' | 'AdjacentParentShardId'>[]): void;
}

/** Parents before children, so that the records of a key come in their order also across a split or a merge. */
export function shardQueue(shards: readonly Pick<Shard, 'ShardId' | 'ParentShardId' | 'AdjacentParentShardId'>[]): ShardQueue {
  const parents = new Map<string, readonly string[]>();
  const add = ({ ShardId, ParentShardId, AdjacentParentShardId }: (typeof shards)[number]): void => {
    if (ShardId !== undefined && !parents.has(ShardId))
      parents.set(
        ShardId,
        [ParentShardId, AdjacentParentShardId].flatMap((id) => id ?? []),
      );
  };
  shards.forEach(add);
  const ended = new Set<string>();
  const known = (id: string): boolean => parents.has(id);
  return {
    ready: () => [...parents].flatMap(([id, of]) => (!ended.has(id) && of.every((parent) => ended.has(parent) || !known(parent)) ? [id] : [])),
    end(shardId, children) {
      ended.add(shardId);
      children.forEach(add);
    },
  };
}
