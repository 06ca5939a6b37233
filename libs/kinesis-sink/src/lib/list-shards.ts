import { ListShardsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { toLoadinError } from '@loadin/aws';
import { shardMapOf, type ListedShard, type ShardMap } from './shard-map.js';

export interface ListShardsOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  readonly signal: AbortSignal;
}

/** The open shards of the stream. Throws a `LoadinError`. */
export async function listShards({ client, streamName, signal }: ListShardsOptions): Promise<ShardMap> {
  const listed: ListedShard[] = [];
  try {
    for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
      // Further pages name neither the stream nor the filter: the token does.
      const page = next === undefined ? { StreamName: streamName, ShardFilter: { Type: 'AT_LATEST' as const } } : { NextToken: next };
      const answer = await client.send(new ListShardsCommand(page), { abortSignal: signal });
      listed.push(...(answer.Shards ?? []));
      next = answer.NextToken;
    }
  } catch (error) {
    throw toLoadinError(error, { service: 'Kinesis', operation: 'ListShards', resource: `kinesis://${streamName}` });
  }
  return shardMapOf(listed);
}
