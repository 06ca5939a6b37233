import * as kinesis from '@aws-sdk/client-kinesis';
import type { Clock } from '@loadin/resilience';
import { callsOf, unless } from '../aws-call.js';
import { differs, missing, right, type Part, type Resource } from '../resource.js';
import { ownership, tagging, tagsOfList, type TagAccess, type Tags } from '../tags.js';
import { shardMetrics } from './shard-metrics.js';
import { waitUntil } from '../wait-until.js';

export interface StreamOptions {
  readonly client: kinesis.KinesisClient;
  readonly streamName: string;
  readonly shardCount: number;
  readonly tags: Tags;
  readonly clock: Clock;
}

/** The key that AWS manages for Kinesis: no key to make, no monthly price. */
const kmsKey = 'alias/aws/kinesis';

/** A stream with its shards, monitored per shard and encrypted. */
export function streamResource(options: StreamOptions): Resource {
  const access = tagsOfStream(options);
  return {
    self: streamItself(options),
    settings: [shards(options), monitoring(options), encryption(options), tagging(access, options.tags)],
    ...ownership(access),
  };
}

/** What Kinesis says about a stream; undefined when there is none. */
export async function describeStream({
  client,
  streamName,
}: Pick<StreamOptions, 'client' | 'streamName'>): Promise<kinesis.StreamDescriptionSummary | undefined> {
  const call = callsOf('Kinesis', `kinesis://${streamName}`);
  const found = await call('DescribeStreamSummary', () =>
    unless(['ResourceNotFoundException'], () => client.send(new kinesis.DescribeStreamSummaryCommand({ StreamName: streamName }))),
  );
  return found?.StreamDescriptionSummary;
}

const callsFor = ({ streamName }: StreamOptions) => callsOf('Kinesis', `kinesis://${streamName}`);

/** Every change of a stream takes it out of ACTIVE for some seconds, and further ones are refused meanwhile. */
function waitUntilActive(options: StreamOptions): Promise<void> {
  return waitUntil(
    'The stream was not ACTIVE',
    `kinesis://${options.streamName}`,
    options.clock,
    async () => (await describeStream(options))?.StreamStatus === 'ACTIVE',
  );
}

function streamItself(options: StreamOptions): Part {
  const { client, streamName, shardCount } = options;
  const call = callsFor(options);
  return {
    name: `kinesis://${streamName}`,
    look: async () => {
      const found = await describeStream(options);
      if (found === undefined) return missing;
      if (found.StreamStatus === 'DELETING') return differs('being deleted', 'ACTIVE', 'Wait a minute, then run loadin-setup create again.');
      await waitUntilActive(options);
      return right();
    },
    make: async () => {
      const command = new kinesis.CreateStreamCommand({
        StreamName: streamName,
        ShardCount: shardCount,
        StreamModeDetails: { StreamMode: 'PROVISIONED' },
      });
      await call('CreateStream', () => unless(['ResourceInUseException'], () => client.send(command)));
      await waitUntilActive(options);
    },
  };
}

function shards(options: StreamOptions): Part {
  const { shardCount } = options;
  const words = (count: number | undefined): string => `${count} open ${count === 1 ? 'shard' : 'shards'}`;
  return {
    name: 'shards',
    look: async () => {
      const found = await describeStream(options);
      if (found?.StreamModeDetails?.StreamMode === 'ON_DEMAND') return right(`${words(found.OpenShardCount)}, on demand`);
      if (found?.OpenShardCount === shardCount) return right(words(shardCount));
      const command = `loadin-setup stream scale --shards ${shardCount}`;
      return differs(
        words(found?.OpenShardCount),
        words(shardCount),
        `Scale it: ${command}; or set AWS_KINESIS_SHARD_COUNT=${found?.OpenShardCount}.`,
      );
    },
    make: async () => undefined, // made with the stream: never missing
  };
}

function monitoring(options: StreamOptions): Part {
  const { client, streamName } = options;
  const call = callsFor(options);
  return {
    name: 'enhanced monitoring',
    optional: true,
    look: async () => {
      const metrics = (await describeStream(options))?.EnhancedMonitoring?.flatMap(({ ShardLevelMetrics = [] }) => ShardLevelMetrics) ?? [];
      return metrics.includes('ALL') || shardMetrics.every((name) => metrics.includes(name)) ? right() : missing;
    },
    make: async () => {
      await call('EnableEnhancedMonitoring', () =>
        client.send(new kinesis.EnableEnhancedMonitoringCommand({ StreamName: streamName, ShardLevelMetrics: [...shardMetrics] })),
      );
      await waitUntilActive(options);
    },
  };
}

function encryption(options: StreamOptions): Part {
  const { client, streamName } = options;
  const call = callsFor(options);
  return {
    name: 'encryption',
    optional: true,
    look: async () => {
      const found = await describeStream(options);
      return found?.EncryptionType === 'KMS' ? right(found.KeyId) : missing;
    },
    make: async () => {
      await call('StartStreamEncryption', () =>
        client.send(new kinesis.StartStreamEncryptionCommand({ StreamName: streamName, EncryptionType: 'KMS', KeyId: kmsKey })),
      );
      await waitUntilActive(options);
    },
  };
}

function tagsOfStream(options: StreamOptions): TagAccess {
  const { client, streamName } = options;
  const call = callsFor(options);
  return {
    read: async () => {
      const { Tags: found = [] } = await call('ListTagsForStream', () =>
        client.send(new kinesis.ListTagsForStreamCommand({ StreamName: streamName })),
      );
      return tagsOfList(found);
    },
    add: async (tags) => {
      await call('AddTagsToStream', () => client.send(new kinesis.AddTagsToStreamCommand({ StreamName: streamName, Tags: { ...tags } })));
    },
  };
}
