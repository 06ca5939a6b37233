import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { readStream, type DataRecord } from './read-stream.js';

/** What readers of the lake and of the stream see, read with code of its own, so that a fault of the sinks can't hide in it. */
export interface Lake {
  /** All keys below a prefix, sorted. */
  keys(prefix?: string): Promise<string[]>;
  text(key: string): Promise<string>;
  /** The raw objects of a data type (of one second, `20260301_020000`, if given). */
  objects(dataType: string, second?: string): Promise<RawObject[]>;
  /** The records of these objects, those that are there twice twice. */
  raw(dataType: string, second?: string): Promise<DataRecord[]>;
  /** Everything that was ever put on the stream. */
  stream(): Promise<DataRecord[]>;
}

export interface RawObject {
  readonly key: string;
  readonly ingestion_result: DataRecord;
  readonly records: readonly DataRecord[];
}

export function openLake(s3: S3Client, kinesis: KinesisClient, bucket: string, stream: string): Lake {
  const keys = async (prefix = ''): Promise<string[]> => {
    const found: string[] = [];
    for (let token: string | undefined; ;) {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
      found.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      token = page.NextContinuationToken;
      if (token === undefined) return found;
    }
  };
  const text = async (key: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString('utf8')) ?? '';
  };
  const objects = async (dataType: string, second = ''): Promise<RawObject[]> => {
    const found = (await keys('raw/')).filter((key) => key.split('/')[2] === dataType && key.includes(`/${dataType}_${second}`));
    return Promise.all(found.map(async (key) => ({ key, ...(JSON.parse(await text(key)) as Omit<RawObject, 'key'>) })));
  };
  return {
    keys,
    text,
    objects,
    raw: async (dataType, second) => (await objects(dataType, second)).flatMap(({ records }) => records),
    stream: async () => (await readStream(kinesis, stream)).map(({ value }) => value),
  };
}
