import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { JsonObject } from '@loadin/pipeline';
import type { World } from './world.fixture.js';

/** Reads lake and stream with code of its own, so that a fault of the sinks can't hide in it. */
export async function listKeys(world: World, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for (let token: string | undefined; ;) {
    const page = await world.s3.send(new ListObjectsV2Command({ Bucket: world.bucket, Prefix: prefix, ContinuationToken: token }));
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
    token = page.NextContinuationToken;
    if (token === undefined) return keys;
  }
}

export async function readObject(world: World, key: string): Promise<string> {
  const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: world.bucket, Key: key }));
  return (await Body?.transformToString('utf8')) ?? '';
}

interface RawObject {
  readonly key: string;
  readonly ingestion_result: JsonObject;
  readonly records: readonly JsonObject[];
}

export async function readRaw(world: World, source: string, dataType: string): Promise<RawObject[]> {
  const keys = await listKeys(world, `raw/${source}/${dataType}/`);
  return Promise.all(keys.map(async (key) => ({ key, ...(JSON.parse(await readObject(world, key)) as Omit<RawObject, 'key'>) })));
}

export async function readStream(world: World): Promise<JsonObject[]> {
  const { Shards = [] } = await world.kinesis.send(new ListShardsCommand({ StreamName: world.stream }));
  const perShard = await Promise.all(Shards.map(({ ShardId = '' }) => readShard(world, ShardId)));
  return perShard.flat();
}

async function readShard(world: World, shard: string): Promise<JsonObject[]> {
  const records: JsonObject[] = [];
  let { ShardIterator: iterator } = await world.kinesis.send(
    new GetShardIteratorCommand({ StreamName: world.stream, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  while (iterator !== undefined) {
    const page = await world.kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 10_000 }));
    records.push(...(page.Records ?? []).map(({ Data }) => JSON.parse(Buffer.from(Data ?? []).toString('utf8')) as JsonObject));
    if (page.MillisBehindLatest === 0) return records;
    iterator = page.NextShardIterator;
  }
  return records;
}

/** Sorted texts of one field. */
export const idsOf = (records: readonly JsonObject[], field: string): string[] => records.map((record) => String(record[field])).sort();
