import type { GetRecordsCommandOutput, KinesisClient } from '@aws-sdk/client-kinesis';
import { awsErrorCode, toLoadinError } from '@loadin/aws';
import { systemClock, type Clock, type StreamEntry, type StreamReader } from '@loadin/pipeline';

export interface KinesisReaderOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** A shard gives 2 MB and 5 answers a second; after a large answer it refuses for up to 5 seconds (GetRecords). */
const WAIT_MS = 1_000;
const WAITS = 30;
const HOUR_MS = 3_600_000;

/** Reads a stream shard by shard and page by page: one page is held at a time, 10 MB at most. Open and closed shards, parents before children. */
export function createKinesisReader({ client, streamName, clock = systemClock }: KinesisReaderOptions): StreamReader {
  const uri = `kinesis://${streamName}`;
  const call = async <Answer>(operation: string, send: () => Promise<Answer>): Promise<Answer> => {
    for (let waits = 0; ; waits += 1) {
      try {
        return await send();
      } catch (error) {
        if (awsErrorCode(error) !== 'ProvisionedThroughputExceededException' || waits === WAITS)
          throw toLoadinError(error, { service: 'Kinesis', operation, resource: uri });
        await clock.sleep(WAIT_MS);
      }
    }
  };

  async function* shardIds(): AsyncGenerator<string> {
    const { ListShardsCommand } = await import('./kinesis-sdk.js');
    for (let NextToken: string | undefined; ;) {
      const page = await call('ListShards', () =>
        client.send(new ListShardsCommand(NextToken === undefined ? { StreamName: streamName } : { NextToken })),
      );
      for (const { ShardId } of page.Shards ?? []) if (ShardId !== undefined) yield ShardId;
      NextToken = page.NextToken;
      if (NextToken === undefined) return;
    }
  }

  async function* readShard(ShardId: string, from: number, until: number): AsyncGenerator<StreamEntry> {
    const { GetRecordsCommand, GetShardIteratorCommand } = await import('./kinesis-sdk.js');
    const Timestamp = new Date(from);
    const start = await call('GetShardIterator', () =>
      client.send(new GetShardIteratorCommand({ StreamName: streamName, ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp })),
    );
    for (let ShardIterator = start.ShardIterator; ShardIterator !== undefined;) {
      const page: GetRecordsCommandOutput = await call('GetRecords', () => client.send(new GetRecordsCommand({ ShardIterator, Limit: 10_000 })));
      for (const { PartitionKey = '', Data = new Uint8Array(), SequenceNumber = '', ApproximateArrivalTimestamp: arrival } of page.Records ?? []) {
        if (arrival !== undefined && arrival.getTime() > until) return;
        yield { key: PartitionKey, data: Data, where: `${ShardId} ${SequenceNumber}` };
      }
      // An answer can be empty although more follows.
      ShardIterator = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
    }
  }

  return {
    sink: 'kinesis',
    uri,
    async oldest() {
      const { DescribeStreamSummaryCommand } = await import('./kinesis-sdk.js');
      const answer = await call('DescribeStreamSummary', () => client.send(new DescribeStreamSummaryCommand({ StreamName: streamName })));
      const { RetentionPeriodHours: hours = 24, StreamCreationTimestamp: created } = answer.StreamDescriptionSummary ?? {};
      return Math.max(clock.now() - hours * HOUR_MS, created?.getTime() ?? 0);
    },
    async *read(from, until) {
      for await (const shardId of shardIds()) yield* readShard(shardId, from, until);
    },
  };
}
