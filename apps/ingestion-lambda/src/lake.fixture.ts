import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

export type DataRecord = Readonly<Record<string, unknown>>;

/** What readers of the lake and of the stream see. */
export interface Lake {
  /** All keys below a prefix, sorted. */
  keys(prefix?: string): Promise<string[]>;
  text(key: string): Promise<string>;
  /** The records of all raw objects of a data type (of one second, `20260301_020000`, if given), those that are there twice twice. */
  raw(dataType: string, second?: string): Promise<DataRecord[]>;
  /** Everything that was ever put on the stream. */
  stream(): Promise<DataRecord[]>;
}

export function openLake(s3: S3Client, kinesis: KinesisClient, bucket: string, streamName: string): Lake {
  const keys = async (prefix = ''): Promise<string[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    return Contents.map(({ Key = '' }) => Key);
  };
  const text = async (key: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString('utf8')) ?? '';
  };
  return {
    keys,
    text,
    async raw(dataType, second = '') {
      const objects = (await keys('raw/')).filter((key) => key.split('/')[2] === dataType && key.includes(`/${dataType}_${second}`));
      const bodies = await Promise.all(objects.map(text));
      return bodies.flatMap((body) => (JSON.parse(body) as { records: DataRecord[] }).records);
    },
    async stream() {
      const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: streamName }));
      const shards = await Promise.all(Shards.map(({ ShardId = '' }) => readShard(kinesis, streamName, ShardId)));
      return shards.flat();
    },
  };
}

async function readShard(kinesis: KinesisClient, StreamName: string, ShardId: string): Promise<DataRecord[]> {
  const found: DataRecord[] = [];
  let { ShardIterator: iterator } = await kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }));
  for (;;) {
    const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
    for (const { Data } of page.Records ?? []) found.push(JSON.parse(Buffer.from(Data ?? []).toString('utf8')) as DataRecord);
    if ((page.Records ?? []).length === 0 && (page.MillisBehindLatest ?? 0) === 0) return found;
    iterator = page.NextShardIterator;
  }
}
