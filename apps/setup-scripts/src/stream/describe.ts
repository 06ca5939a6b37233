import { ListShardsCommand, type Shard } from '@aws-sdk/client-kinesis';
import { streamDetails } from '../stream-details.js';
import { consumersOf } from './consumers.js';
import { foundStream, type StreamContext } from './context.js';
import { standingCost } from './money.js';

/** Everything about a stream: its settings, its shards with their share of the keys, its consumers, what it costs. */
export async function describe(context: StreamContext, { json }: { readonly json?: boolean }): Promise<void> {
  const { name, client, output } = context;
  const found = await foundStream(context);
  const shards = await shardsOf(context);
  const consumers = await consumersOf(context, found.StreamARN);
  if (json === true) return output.print(JSON.stringify({ stream: found, shards, consumers }, null, 2));
  for (const line of await streamDetails(client, name)) output.print(line);
  const mode = found.StreamModeDetails?.StreamMode;
  output.print(
    `  ${'costs'.padEnd(12)} ${standingCost({ shards: found.OpenShardCount, retentionHours: found.RetentionPeriodHours, consumers: consumers.length, mode })}`,
  );
  for (const shard of shards) output.print(shardLine(shard));
  for (const { ConsumerName, ConsumerStatus } of consumers) output.print(`  ${'consumer'.padEnd(12)} ${ConsumerName} (${ConsumerStatus})`);
}

export async function shardsOf({ client, call, name }: StreamContext): Promise<Shard[]> {
  const all: Shard[] = [];
  for (let NextToken: string | undefined; ;) {
    const page = await call('ListShards', () => client.send(new ListShardsCommand(NextToken === undefined ? { StreamName: name } : { NextToken })));
    all.push(...(page.Shards ?? []));
    NextToken = page.NextToken;
    if (NextToken === undefined) return all;
  }
}

const ALL_KEYS = 2n ** 128n;

/** `shardId-000000000001  open, 50.0 % of the keys, from shardId-000000000000` */
function shardLine({ ShardId, HashKeyRange, SequenceNumberRange, ParentShardId, AdjacentParentShardId }: Shard): string {
  const keys = BigInt(HashKeyRange?.EndingHashKey ?? 0) - BigInt(HashKeyRange?.StartingHashKey ?? 0) + 1n;
  const share = (Number((keys * 10_000n) / ALL_KEYS) / 100).toFixed(1);
  const parents = [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined).join(' and ');
  const state = SequenceNumberRange?.EndingSequenceNumber === undefined ? 'open' : 'closed';
  return `  ${ShardId}  ${state}, ${share} % of the keys${parents === '' ? '' : `, from ${parents}`}`;
}
