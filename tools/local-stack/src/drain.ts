import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand, type _Record } from '@aws-sdk/client-kinesis';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface DrainOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  /** Where the position of each shard is kept between calls: what has been handed over is not handed over again. */
  readonly positionsFile: string;
  /** Hands one Kinesis event to the consumer and gives its answer. */
  readonly invoke: (event: KinesisEvent) => Promise<{ readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }>;
  /** Records in one event. Default 500; Lambda's own default is 100. */
  readonly batchSize?: number;
}

export interface KinesisEvent {
  readonly Records: readonly {
    readonly eventSource: 'aws:kinesis';
    readonly eventVersion: '1.0';
    readonly eventID: string;
    readonly eventName: 'aws:kinesis:record';
    readonly awsRegion: string;
    readonly eventSourceARN: string;
    readonly kinesis: {
      readonly kinesisSchemaVersion: '1.0';
      readonly partitionKey: string;
      readonly sequenceNumber: string;
      readonly data: string;
      readonly approximateArrivalTimestamp: number;
    };
  }[];
}

export interface DrainResult {
  readonly records: number;
  readonly failed: number;
}

type Positions = Record<string, string>;

/** Hands every record to the consumer once, shard by shard, until each has been read to its end. Unlike an event source mapping it does not retry what failed: it counts it. */
export async function drainStream(options: DrainOptions): Promise<DrainResult> {
  const { client, streamName, positionsFile } = options;
  const positions = await readPositions(positionsFile);
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }));
  const total = { records: 0, failed: 0 };
  for (const { ShardId: shard = '' } of Shards) {
    const drained = await drainShard(shard, positions, options);
    total.records += drained.records;
    total.failed += drained.failed;
  }
  await writeFile(positionsFile, `${JSON.stringify(positions)}\n`);
  return total;
}

async function drainShard(shard: string, positions: Positions, options: DrainOptions): Promise<DrainResult> {
  const { client, streamName, invoke, batchSize = 500 } = options;
  const after = positions[shard];
  const start =
    after === undefined
      ? { ShardIteratorType: 'TRIM_HORIZON' as const }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, StartingSequenceNumber: after };
  let { ShardIterator: iterator } = await client.send(new GetShardIteratorCommand({ StreamName: streamName, ShardId: shard, ...start }));
  const total = { records: 0, failed: 0 };
  while (iterator !== undefined) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: batchSize }));
    const records = page.Records ?? [];
    if (records.length > 0) {
      const answer = await invoke(toEvent(records, shard, streamName));
      total.records += records.length;
      total.failed += answer.batchItemFailures.length;
      positions[shard] = records.at(-1)?.SequenceNumber ?? after ?? '';
    } else if ((page.MillisBehindLatest ?? 0) === 0) break;
    iterator = page.NextShardIterator;
    // Five reads a second and shard are allowed; a mapping polls no faster either.
    await delay(210);
  }
  return total;
}

function toEvent(records: readonly _Record[], shard: string, streamName: string): KinesisEvent {
  return {
    Records: records.map(({ Data = new Uint8Array(), PartitionKey = '', SequenceNumber = '', ApproximateArrivalTimestamp }) => ({
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shard}:${SequenceNumber}`,
      eventName: 'aws:kinesis:record',
      awsRegion: 'us-east-1',
      eventSourceARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${streamName}`,
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: PartitionKey,
        sequenceNumber: SequenceNumber,
        data: Buffer.from(Data).toString('base64'),
        approximateArrivalTimestamp: (ApproximateArrivalTimestamp?.getTime() ?? 0) / 1000,
      },
    })),
  };
}

async function readPositions(file: string): Promise<Positions> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Positions;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
