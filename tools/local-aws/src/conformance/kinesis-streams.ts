import assert from 'node:assert/strict';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { withStream } from './kinesis-stream.js';
import { eventually, refused } from './refusal.js';

export const streamChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  {
    id: 'kinesis/create-provisioned',
    title: 'a provisioned stream has the shards that were asked for, and they cover all hash keys',
    run: (clients) =>
      withStream(
        clients,
        async (stream) => {
          const shards = await stream.shards();
          assert.equal(shards.length, 3);
          let next = 0n;
          for (const { HashKeyRange, SequenceNumberRange } of shards) {
            assert.equal(BigInt(HashKeyRange?.StartingHashKey ?? -1), next);
            next = BigInt(HashKeyRange?.EndingHashKey ?? -1) + 1n;
            assert.equal(SequenceNumberRange?.EndingSequenceNumber, undefined);
          }
          assert.equal(next, 2n ** 128n);
        },
        { ShardCount: 3 },
      ),
  },
  {
    id: 'kinesis/create-on-demand',
    title: 'an on-demand stream begins with four shards',
    run: (clients) =>
      withStream(
        clients,
        async (stream) => {
          const summary = await stream.summary();
          assert.equal(summary.StreamModeDetails?.StreamMode, 'ON_DEMAND');
          assert.equal(summary.OpenShardCount, 4);
        },
        { StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      ),
  },
  {
    id: 'kinesis/create-with-tags',
    title: 'tags given to CreateStream are kept',
    run: (clients) =>
      withStream(
        clients,
        async ({ name }) => {
          const { Tags } = await clients.kinesis.send(new ListTagsForStreamCommand({ StreamName: name }));
          assert.deepEqual(Tags, [{ Key: 'team', Value: 'lake' }]);
        },
        { ShardCount: 1, Tags: { team: 'lake' } },
      ),
  },
  {
    id: 'kinesis/create-twice',
    title: 'a name in use is refused with ResourceInUseException',
    run: (clients) =>
      withStream(clients, async ({ name }) => {
        await refused(clients.kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 })), 'ResourceInUseException');
      }),
  },
  {
    id: 'kinesis/create-bad-name',
    title: 'a name of other characters is refused with ValidationException',
    run: async ({ kinesis }) => {
      await refused(kinesis.send(new CreateStreamCommand({ StreamName: 'no spaces', ShardCount: 1 })), 'ValidationException');
    },
  },
  {
    id: 'kinesis/describe-stream',
    title: 'DescribeStream by ARN gives name, state, shards and defaults of a new stream',
    run: (clients) =>
      withStream(clients, async ({ name, arn }) => {
        const { StreamDescription: stream } = await clients.kinesis.send(new DescribeStreamCommand({ StreamARN: arn }));
        assert.match(arn, new RegExp(`^arn:aws:kinesis:[^:]+:\\d{12}:stream/${name}$`));
        assert.equal(stream?.StreamName, name);
        assert.equal(stream?.StreamStatus, 'ACTIVE');
        assert.equal(stream?.RetentionPeriodHours, 24);
        assert.equal(stream?.EncryptionType ?? 'NONE', 'NONE');
        assert.equal(stream?.Shards?.length, 1);
        assert.equal(stream?.HasMoreShards, false);
        assert.ok(Math.abs(Date.now() - (stream?.StreamCreationTimestamp?.getTime() ?? 0)) < 120_000);
      }),
  },
  {
    id: 'kinesis/describe-pages',
    title: 'DescribeStream gives the shards after ExclusiveStartShardId',
    run: (clients) =>
      withStream(
        clients,
        async ({ name }) => {
          const first = await clients.kinesis.send(new DescribeStreamCommand({ StreamName: name, Limit: 2 }));
          assert.equal(first.StreamDescription?.HasMoreShards, true);
          const ExclusiveStartShardId = first.StreamDescription?.Shards?.at(-1)?.ShardId;
          const rest = await clients.kinesis.send(new DescribeStreamCommand({ StreamName: name, ExclusiveStartShardId }));
          assert.deepEqual(
            rest.StreamDescription?.Shards?.map(({ ShardId }) => ShardId),
            ['shardId-000000000002'],
          );
        },
        { ShardCount: 3 },
      ),
  },
  {
    id: 'kinesis/describe-missing',
    title: 'a stream that does not exist is ResourceNotFoundException',
    run: async ({ kinesis, unique }) => {
      const StreamName = unique('none');
      await refused(kinesis.send(new DescribeStreamSummaryCommand({ StreamName })), 'ResourceNotFoundException');
      await refused(kinesis.send(new DeleteStreamCommand({ StreamName })), 'ResourceNotFoundException');
    },
  },
  {
    id: 'kinesis/list-streams',
    title: 'ListStreams gives every stream once, page by page',
    run: (clients) =>
      withStream(clients, (one) =>
        withStream(clients, async (two) => {
          const names: string[] = [];
          for (let more = true; more;) {
            const page = await clients.kinesis.send(new ListStreamsCommand({ Limit: 1, ExclusiveStartStreamName: names.at(-1) }));
            assert.equal(page.StreamNames?.length, 1);
            names.push(...(page.StreamNames ?? []));
            more = page.HasMoreStreams ?? false;
          }
          for (const { name } of [one, two]) assert.equal(names.filter((listed) => listed === name).length, 1, name);
        }),
      ),
  },
  {
    id: 'kinesis/delete',
    title: 'a deleted stream is gone',
    run: async ({ kinesis, unique }) => {
      const StreamName = unique('gone');
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
      const status = (): Promise<string | undefined> =>
        kinesis.send(new DescribeStreamSummaryCommand({ StreamName })).then(
          (answer) => answer.StreamDescriptionSummary?.StreamStatus,
          (error: Error) => error.name,
        );
      await eventually('the stream is ACTIVE', status, (s) => s === 'ACTIVE');
      await kinesis.send(new DeleteStreamCommand({ StreamName }));
      await eventually('the stream is gone', status, (s) => s === 'ResourceNotFoundException');
    },
  },
  {
    id: 'kinesis/describe-limits',
    title: 'DescribeLimits counts open shards against the limit',
    run: (clients) =>
      withStream(clients, async () => {
        const { ShardLimit = 0, OpenShardCount = 0 } = await clients.kinesis.send(new DescribeLimitsCommand({}));
        assert.ok(OpenShardCount >= 1 && OpenShardCount <= ShardLimit, `${OpenShardCount} of ${ShardLimit}`);
      }),
  },
];
