import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';

type Json = null | boolean | number | string | readonly Json[] | DataRecord;

/** A JSON object as it was stored: nothing is known of its fields. */
export type DataRecord = { readonly [field: string]: Json };

export interface StreamRecord {
  /** The partition key. */
  readonly key: string;
  readonly value: DataRecord;
}

/** Everything in a stream, shard after shard, each in order. */
export async function readStream(kinesis: KinesisClient, stream: string): Promise<StreamRecord[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: stream }));
  const shards = await Promise.all(Shards.map(({ ShardId = '' }) => readShard(kinesis, stream, ShardId)));
  return shards.flat();
}

async function readShard(kinesis: KinesisClient, StreamName: string, ShardId: string): Promise<StreamRecord[]> {
  const found: StreamRecord[] = [];
  const start = await kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }));
  for (let iterator = start.ShardIterator; iterator;) {
    const {
      Records = [],
      NextShardIterator,
      MillisBehindLatest,
    } = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 10_000 }));
    for (const { PartitionKey: key = '', Data = new Uint8Array() } of Records) {
      found.push({ key, value: JSON.parse(Buffer.from(Data).toString('utf8')) as DataRecord });
    }
    // 0: nothing is left. A page can be empty before that.
    iterator = MillisBehindLatest === 0 ? undefined : NextShardIterator;
  }
  return found;
}
