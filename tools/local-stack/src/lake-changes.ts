import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { recordHash, type JsonObject } from '@loadin/pipeline';

export interface Changes {
  readonly added: readonly JsonObject[];
  readonly changed: readonly ChangedRecord[];
  readonly gone: number;
  readonly same: number;
}

export interface ChangedRecord {
  readonly id: string;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** All records that a run wrote to one data type's raw zone, by id. `stem` is the object's name without its part: `…/events_20241108_020000`. */
export async function readRawRecords(s3: S3Client, bucket: string, stem: string, idField: string): Promise<Map<string, JsonObject>> {
  const records = new Map<string, JsonObject>();
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: stem }));
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const { records: list } = JSON.parse((await Body?.transformToString()) ?? '{"records":[]}') as { records: JsonObject[] };
    for (const record of list) records.set(String(record[idField]), record);
  }
  return records;
}

/** What is different between two runs: by id, then by the record's hash. */
export function compareRecords(before: ReadonlyMap<string, JsonObject>, after: ReadonlyMap<string, JsonObject>): Changes {
  const added: JsonObject[] = [];
  const changed: ChangedRecord[] = [];
  let same = 0;
  for (const [id, record] of after) {
    const earlier = before.get(id);
    if (earlier === undefined) added.push(record);
    else if (recordHash(earlier) === recordHash(record)) same += 1;
    else changed.push({ id, before: earlier, after: record });
  }
  const gone = [...before.keys()].filter((id) => !after.has(id)).length;
  return { added, changed, gone, same };
}
