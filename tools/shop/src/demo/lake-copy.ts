import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BUCKET, clientOptions } from './stage.js';

const PREFIX = 'data/bronze/';

/** Copies the Parquet files of the lake that are not in the folder yet, so that any DuckDB can read them, also later. Objects of bronze are never replaced. */
export async function copyLake(endpoint: string, folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const s3 = new S3Client({ ...clientOptions(endpoint), forcePathStyle: true });
  const sum = { files: 0, bytes: 0 };
  try {
    for (let token: string | undefined, more = true; more;) {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: PREFIX, ContinuationToken: token }));
      for (const { Key: key = '', Size: size = 0 } of page.Contents ?? []) {
        sum.files += 1;
        sum.bytes += size;
        await copyObject(s3, key, join(folder, key.slice(PREFIX.length)));
      }
      token = page.NextContinuationToken;
      more = token !== undefined;
    }
    return sum;
  } finally {
    s3.destroy();
  }
}

async function copyObject(s3: S3Client, key: string, path: string): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  await pipeline(Body as Readable, createWriteStream(path));
}

/** The text of an object in the lake's bucket. */
export async function readObject(endpoint: string, key: string): Promise<string> {
  const s3 = new S3Client({ ...clientOptions(endpoint), forcePathStyle: true });
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return (await Body?.transformToString('utf8')) ?? '';
  } finally {
    s3.destroy();
  }
}
