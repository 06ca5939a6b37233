import assert from 'node:assert/strict';
import {
  AddTagsToStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListStreamConsumersCommand,
  ListTagsForStreamCommand,
  RegisterStreamConsumerCommand,
  RemoveTagsFromStreamCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { withStream } from './kinesis-stream.js';
import { eventually, refused } from './refusal.js';

export const settingsChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  {
    id: 'kinesis/retention',
    title: 'retention grows and shrinks between a day and a year',
    run: (clients) =>
      withStream(clients, async ({ name: StreamName, settled }) => {
        await clients.kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
        assert.equal((await settled()).RetentionPeriodHours, 48);
        await clients.kinesis.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 24 }));
        assert.equal((await settled()).RetentionPeriodHours, 24);
      }),
  },
  {
    id: 'kinesis/retention-refused',
    title: 'a retention outside its bounds, or in the wrong direction, is refused with InvalidArgumentException',
    run: (clients) =>
      withStream(clients, async ({ name: StreamName, settled }) => {
        const increase = (RetentionPeriodHours: number): Promise<unknown> =>
          clients.kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
        const decrease = (RetentionPeriodHours: number): Promise<unknown> =>
          clients.kinesis.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
        await refused(increase(8761), 'InvalidArgumentException');
        await refused(decrease(12), 'InvalidArgumentException');
        await refused(decrease(48), 'InvalidArgumentException');
        await increase(72);
        await settled();
        await refused(increase(48), 'InvalidArgumentException');
      }),
  },
  {
    id: 'kinesis/tags',
    title: 'tags are added, replaced, paged and removed',
    run: (clients) =>
      withStream(clients, async ({ name: StreamName }) => {
        await clients.kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { a: '1', b: '2' } }));
        await clients.kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { b: '3', c: '4' } }));
        const first = await clients.kinesis.send(new ListTagsForStreamCommand({ StreamName, Limit: 2 }));
        assert.equal(first.HasMoreTags, true);
        assert.deepEqual(first.Tags, [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '3' },
        ]);
        await clients.kinesis.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['a'] }));
        const rest = await clients.kinesis.send(new ListTagsForStreamCommand({ StreamName }));
        assert.deepEqual(rest.Tags?.map(({ Key }) => Key).sort(), ['b', 'c']);
        assert.equal(rest.HasMoreTags, false);
      }),
  },
  {
    id: 'kinesis/encryption',
    title: 'encryption is switched on with a key and off again',
    run: (clients) =>
      withStream(clients, async ({ name: StreamName, settled }) => {
        const key = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
        await clients.kinesis.send(new StartStreamEncryptionCommand(key));
        const on = await settled();
        assert.deepEqual([on.EncryptionType, on.KeyId], ['KMS', 'alias/aws/kinesis']);
        await clients.kinesis.send(new StopStreamEncryptionCommand(key));
        assert.equal((await settled()).EncryptionType, 'NONE');
      }),
  },
  {
    id: 'kinesis/enhanced-monitoring',
    title: 'shard-level metrics are switched on and off',
    run: (clients) =>
      withStream(clients, async ({ name: StreamName, settled }) => {
        const enable = new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'] });
        const enabled = await clients.kinesis.send(enable);
        assert.deepEqual(enabled.CurrentShardLevelMetrics ?? [], []);
        assert.deepEqual(enabled.DesiredShardLevelMetrics?.slice().sort(), ['IncomingBytes', 'OutgoingBytes']);
        assert.deepEqual((await settled()).EnhancedMonitoring?.[0]?.ShardLevelMetrics?.slice().sort(), ['IncomingBytes', 'OutgoingBytes']);
        await clients.kinesis.send(new DisableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['OutgoingBytes'] }));
        assert.deepEqual((await settled()).EnhancedMonitoring?.[0]?.ShardLevelMetrics, ['IncomingBytes']);
      }),
  },
  {
    id: 'kinesis/stream-mode',
    title: 'the mode of a stream changes to on-demand',
    run: (clients) =>
      withStream(clients, async ({ arn, settled }) => {
        await clients.kinesis.send(new UpdateStreamModeCommand({ StreamARN: arn, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
        assert.equal((await settled()).StreamModeDetails?.StreamMode, 'ON_DEMAND');
      }),
  },
  {
    id: 'kinesis/stream-mode-twice',
    title: 'a third switch of the mode within 24 hours is refused with LimitExceededException',
    run: (clients) =>
      withStream(clients, async ({ arn: StreamARN, settled }) => {
        const change = (StreamMode: 'ON_DEMAND' | 'PROVISIONED'): Promise<unknown> =>
          clients.kinesis.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode } }));
        await change('ON_DEMAND');
        await settled();
        await change('PROVISIONED');
        assert.equal((await settled()).StreamModeDetails?.StreamMode, 'PROVISIONED');
        await refused(change('ON_DEMAND'), 'LimitExceededException');
      }),
  },
  {
    id: 'kinesis/consumers',
    title: 'a consumer is registered once, described, listed and deregistered',
    run: (clients) =>
      withStream(clients, async ({ arn: StreamARN }) => {
        const consumer = { StreamARN, ConsumerName: 'analytics' };
        const { Consumer } = await clients.kinesis.send(new RegisterStreamConsumerCommand(consumer));
        assert.match(Consumer?.ConsumerARN ?? '', /:stream\/.*\/consumer\/analytics:\d+$/);
        await refused(clients.kinesis.send(new RegisterStreamConsumerCommand(consumer)), 'ResourceInUseException');
        const { ConsumerDescription } = await eventually(
          'the consumer is ACTIVE',
          () => clients.kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN: Consumer?.ConsumerARN })),
          (answer) => answer.ConsumerDescription?.ConsumerStatus === 'ACTIVE',
        );
        assert.deepEqual([ConsumerDescription?.ConsumerName, ConsumerDescription?.StreamARN], ['analytics', StreamARN]);
        const { Consumers } = await clients.kinesis.send(new ListStreamConsumersCommand({ StreamARN }));
        assert.deepEqual(
          Consumers?.map(({ ConsumerName }) => ConsumerName),
          ['analytics'],
        );
        await clients.kinesis.send(new DeregisterStreamConsumerCommand(consumer));
        const status = (): Promise<string | undefined> =>
          clients.kinesis.send(new DescribeStreamConsumerCommand(consumer)).then(
            (answer) => answer.ConsumerDescription?.ConsumerStatus,
            (error: Error) => error.name,
          );
        await eventually('the consumer is gone', status, (s) => s === 'ResourceNotFoundException');
      }),
  },
];
