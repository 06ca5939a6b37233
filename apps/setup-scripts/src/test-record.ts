import { PutRecordCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { callsOf } from './aws-call.js';

/**
 * Puts `{"test": true, "timestamp": …}` on the stream with the partition key `test`. Consumers tell it from data by `test` and the missing `data_type`.
 * @param now epoch milliseconds
 * @returns where it went, in words
 */
export async function sendTestRecord(client: KinesisClient, streamName: string, now: number): Promise<string> {
  const Data = new TextEncoder().encode(JSON.stringify({ test: true, timestamp: new Date(now).toISOString() }));
  const call = callsOf('Kinesis', `kinesis://${streamName}`);
  const { ShardId, SequenceNumber } = await call('PutRecord', () =>
    client.send(new PutRecordCommand({ StreamName: streamName, PartitionKey: 'test', Data })),
  );
  return `${ShardId}, sequence number ${SequenceNumber}`;
}
