import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { describeStream } from './resources/stream.js';

/** What Kinesis says about the stream, one fact a line. */
export async function streamDetails(client: KinesisClient, streamName: string): Promise<string[]> {
  const found = await describeStream({ client, streamName });
  const metrics = found?.EnhancedMonitoring?.flatMap(({ ShardLevelMetrics = [] }) => ShardLevelMetrics) ?? [];
  const facts: [name: string, value: string | number | undefined][] = [
    ['ARN', found?.StreamARN],
    ['status', found?.StreamStatus],
    ['mode', found?.StreamModeDetails?.StreamMode],
    ['open shards', found?.OpenShardCount],
    ['retention', `${found?.RetentionPeriodHours} hours`],
    ['encryption', found?.EncryptionType === 'KMS' ? `KMS, ${found.KeyId}` : 'none'],
    ['monitored', metrics.join(', ') || 'for the whole stream only'],
    ['created', found?.StreamCreationTimestamp?.toISOString()],
  ];
  return [`Stream ${streamName}`, ...facts.map(([name, value = 'unknown']) => `  ${name.padEnd(12)} ${value}`)];
}
