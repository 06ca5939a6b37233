import assert from 'node:assert/strict';
import { ListShardsCommand, MergeShardsCommand, type Shard, SplitShardCommand, UpdateShardCountCommand } from '@aws-sdk/client-kinesis';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { FIRST_SHARD, type StreamUnderTest, texts, withStream } from './kinesis-stream.js';
import { eventually, refused } from './refusal.js';

const HALF = (2n ** 127n).toString();
const isOpen = ({ SequenceNumberRange }: Shard): boolean => SequenceNumberRange?.EndingSequenceNumber === undefined;

/** A check on a stream of one shard that had the records a and b before it was split in the middle. */
const withSplit = (clients: ConformanceClients, run: (stream: StreamUnderTest) => Promise<void>): Promise<void> =>
  withStream(clients, async (stream) => {
    for (const data of ['a', 'b']) await stream.put([{ data, key: 'k' }]);
    await clients.kinesis.send(new SplitShardCommand({ StreamName: stream.name, ShardToSplit: FIRST_SHARD, NewStartingHashKey: HALF }));
    await stream.settled();
    await run(stream);
  });

const scale = (clients: ConformanceClients, { name }: StreamUnderTest, TargetShardCount: number): Promise<unknown> =>
  clients.kinesis.send(new UpdateShardCountCommand({ StreamName: name, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }));

export const reshardingChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  {
    id: 'kinesis/split-shard',
    title: 'a split closes the shard and opens two children that share its hash keys',
    run: (clients) =>
      withSplit(clients, async (stream) => {
        const [parent, low, high] = await stream.shards();
        assert.ok(parent?.SequenceNumberRange?.EndingSequenceNumber);
        assert.deepEqual([low?.ParentShardId, high?.ParentShardId], [FIRST_SHARD, FIRST_SHARD]);
        assert.equal(low?.HashKeyRange?.EndingHashKey, (2n ** 127n - 1n).toString());
        assert.equal(high?.HashKeyRange?.StartingHashKey, HALF);
      }),
  },
  {
    id: 'kinesis/split-shard-routes',
    title: 'after a split no record goes to the closed shard',
    run: (clients) =>
      withSplit(clients, async (stream) => {
        const { Records } = await stream.put(['k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8'].map((key) => ({ data: 'c', key })));
        assert.deepEqual([...new Set(Records?.map(({ ShardId }) => ShardId))].sort(), ['shardId-000000000001', 'shardId-000000000002']);
      }),
  },
  {
    id: 'kinesis/closed-shard-ends',
    title: 'a closed shard is read to its end, which has no next iterator and names the children',
    run: (clients) =>
      withSplit(clients, async (stream) => {
        let next: string | undefined = await stream.iterator({});
        const read: string[] = [];
        const end = await eventually(
          'the end of the shard',
          async () => {
            const page = await stream.read(next, 1);
            next = page.NextShardIterator;
            read.push(...texts(page.Records));
            return page;
          },
          ({ NextShardIterator }) => NextShardIterator === undefined,
          { everyMs: 250, withinMs: 5000 },
        );
        assert.deepEqual(read, ['a', 'b']);
        assert.deepEqual(end.ChildShards?.map(({ ShardId }) => ShardId).sort(), ['shardId-000000000001', 'shardId-000000000002']);
        assert.deepEqual(end.ChildShards?.[0]?.ParentShards, [FIRST_SHARD]);
      }),
  },
  {
    id: 'kinesis/split-outside',
    title: 'a split at a hash key outside the shard is refused with InvalidArgumentException',
    run: (clients) =>
      withStream(clients, async ({ name }) => {
        const split = new SplitShardCommand({ StreamName: name, ShardToSplit: FIRST_SHARD, NewStartingHashKey: '0' });
        await refused(clients.kinesis.send(split), 'InvalidArgumentException');
      }),
  },
  {
    id: 'kinesis/split-unknown-shard',
    title: 'a split of a shard that does not exist is ResourceNotFoundException',
    run: (clients) =>
      withStream(clients, async ({ name }) => {
        const split = new SplitShardCommand({ StreamName: name, ShardToSplit: 'shardId-000000000009', NewStartingHashKey: HALF });
        await refused(clients.kinesis.send(split), 'ResourceNotFoundException');
      }),
  },
  {
    id: 'kinesis/merge-shards',
    title: 'a merge closes two adjacent shards and opens one with both as parents',
    run: (clients) =>
      withStream(
        clients,
        async (stream) => {
          const [ShardToMerge, AdjacentShardToMerge] = (await stream.shards()).map(({ ShardId }) => ShardId);
          await clients.kinesis.send(new MergeShardsCommand({ StreamName: stream.name, ShardToMerge, AdjacentShardToMerge }));
          await stream.settled();
          const open = (await stream.shards()).filter(isOpen);
          assert.equal(open.length, 1);
          assert.equal(open[0]?.ParentShardId, ShardToMerge);
          assert.equal(open[0]?.AdjacentParentShardId, AdjacentShardToMerge);
          assert.deepEqual(open[0]?.HashKeyRange, { StartingHashKey: '0', EndingHashKey: (2n ** 128n - 1n).toString() });
        },
        { ShardCount: 2 },
      ),
  },
  {
    id: 'kinesis/merge-not-adjacent',
    title: 'a merge of shards that are not adjacent is refused with InvalidArgumentException',
    run: (clients) =>
      withStream(
        clients,
        async (stream) => {
          const [ShardToMerge, , AdjacentShardToMerge] = (await stream.shards()).map(({ ShardId }) => ShardId);
          const merge = new MergeShardsCommand({ StreamName: stream.name, ShardToMerge, AdjacentShardToMerge });
          await refused(clients.kinesis.send(merge), 'InvalidArgumentException');
        },
        { ShardCount: 3 },
      ),
  },
  {
    id: 'kinesis/update-shard-count',
    title: 'UpdateShardCount ends with the target number of open shards of equal size',
    run: (clients) =>
      withStream(
        clients,
        async (stream) => {
          await scale(clients, stream, 4);
          assert.equal((await stream.settled()).OpenShardCount, 4);
          const open = (await stream.shards()).filter(isOpen);
          assert.equal(open.length, 4);
          assert.ok(open.every(({ ParentShardId }) => ParentShardId !== undefined));
          const sizes = open.map(({ HashKeyRange }) => BigInt(HashKeyRange?.EndingHashKey ?? 0) - BigInt(HashKeyRange?.StartingHashKey ?? 0));
          assert.ok(
            sizes.every((size) => size >= 2n ** 126n - 2n && size <= 2n ** 126n),
            sizes.join(' '),
          );
        },
        { ShardCount: 2 },
      ),
  },
  {
    id: 'kinesis/update-shard-count-too-far',
    title: 'UpdateShardCount to more than double is refused',
    // The reference lists this among the default limits, whose exception is LimitExceededException.
    run: (clients) =>
      withStream(clients, async (stream) => {
        await refused(scale(clients, stream, 3), 'LimitExceededException');
      }),
  },
  {
    id: 'kinesis/update-shard-count-below-half',
    title: 'UpdateShardCount to less than half is refused',
    run: (clients) =>
      withStream(
        clients,
        async (stream) => {
          await refused(scale(clients, stream, 1), 'LimitExceededException');
          await scale(clients, stream, 2);
          assert.equal((await stream.settled()).OpenShardCount, 2);
        },
        { ShardCount: 3 },
      ),
  },
  {
    id: 'kinesis/update-shard-count-on-demand',
    title: 'UpdateShardCount of an on-demand stream is refused with ValidationException',
    run: (clients) =>
      withStream(
        clients,
        async (stream) => {
          await refused(scale(clients, stream, 8), 'ValidationException');
        },
        { StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      ),
  },
  {
    id: 'kinesis/list-shards-pages',
    title: 'ListShards gives the next page by NextToken alone, and refuses it beside a stream name',
    run: (clients) =>
      withStream(
        clients,
        async ({ name }) => {
          const { Shards, NextToken } = await clients.kinesis.send(new ListShardsCommand({ StreamName: name, MaxResults: 2 }));
          assert.equal(Shards?.length, 2);
          const rest = await clients.kinesis.send(new ListShardsCommand({ NextToken, MaxResults: 2 }));
          assert.deepEqual(
            rest.Shards?.map(({ ShardId }) => ShardId),
            ['shardId-000000000002'],
          );
          assert.equal(rest.NextToken, undefined);
          await refused(clients.kinesis.send(new ListShardsCommand({ NextToken, StreamName: name })), 'InvalidArgumentException');
        },
        { ShardCount: 3 },
      ),
  },
  {
    id: 'kinesis/list-shards-filter',
    title: 'ListShards filters the open shards and the shards after one',
    run: (clients) =>
      withSplit(clients, async ({ name }) => {
        const ids = async (ShardFilter: { Type: 'AT_LATEST' | 'AFTER_SHARD_ID' | 'FROM_TRIM_HORIZON'; ShardId?: string }): Promise<unknown[]> =>
          ((await clients.kinesis.send(new ListShardsCommand({ StreamName: name, ShardFilter }))).Shards ?? []).map(({ ShardId }) => ShardId);
        assert.deepEqual(await ids({ Type: 'AT_LATEST' }), ['shardId-000000000001', 'shardId-000000000002']);
        assert.deepEqual(await ids({ Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000001' }), ['shardId-000000000002']);
        assert.equal((await ids({ Type: 'FROM_TRIM_HORIZON' })).length, 3);
      }),
  },
];
