import { createHash } from 'node:crypto';
import { CreateStreamCommand, KinesisClient, ListShardsCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { awsClientOptions } from '@loadin/aws';
import type { Batch, BatchRecord } from '@loadin/pipeline';
import { connectionTo } from '../aws/aws-server.js';

export interface OtherWriterSettings {
  readonly url: string;
  readonly streamName: string;
  /** A hash key of each. */
  readonly shards: readonly string[];
}

export interface OtherWriterState {
  readonly accepted: number;
}

export function clientOf(endpoint: string, maxAttempts = 3): KinesisClient {
  return new KinesisClient(awsClientOptions(connectionTo(endpoint, maxAttempts)).kinesis);
}

/** Gives the first hash key of each shard. */
export async function createStream(client: KinesisClient, streamName: string, shards: number): Promise<string[]> {
  await client.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: shards }));
  await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { StreamName: streamName });
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }));
  return Shards.map(({ HashKeyRange }) => HashKeyRange?.StartingHashKey ?? '');
}

/** Records of 560 bytes with all that the stream adds, each with a key of its own. */
export function recordsOf(count: number, from = 0): BatchRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const id = `spotify_${String(from + n).padStart(12, '0')}`;
    const value = { artist_id: id, source: 'spotify', name: `Artist ${from + n}`, popularity: n % 101, followers: null, about: 'x'.repeat(230) };
    const json = JSON.stringify(value);
    return { id, value, json, hash: createHash('md5').update(id).digest('hex') };
  });
}

export const batchOf = (records: readonly BatchRecord[]): Batch => ({
  runId: '6f1c2a34-0f5b-5d0e-9d59-0d3c6c1f2b11',
  ingestionId: 'b0f7a0ce-5c55-5b8c-8b3a-4c2f3f9d7e22',
  source: 'spotify',
  dataType: 'artists',
  sliceOrdinal: 0,
  part: 0,
  second: '2024-11-08T12:00:00Z',
  rejected: 0,
  records,
});

/** What is put on the stream for a record: written as somebody would without a sink, the same bytes. */
export function streamDataOf({ json, hash }: BatchRecord, { dataType, second, runId }: Batch): Buffer {
  return Buffer.from(`${json.slice(0, -1)},"data_type":"${dataType}","ingestion_timestamp":"${second}","record_hash":"${hash}","run_id":"${runId}"}`);
}
