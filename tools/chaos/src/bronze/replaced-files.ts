import { DeleteObjectCommand, HeadObjectCommand, paginateListObjectsV2, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { BUCKET } from '@loadin/specs';

/** Writes other bytes, and as many, in place of an object. */
export async function replaceObject(s3: S3Client, Key: string): Promise<void> {
  const { ContentLength = 0 } = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Buffer.alloc(ContentLength, 'x'), ChecksumAlgorithm: 'SHA256' }));
}

/** Takes away all files with rows of the load that this object is of. */
export async function removeLoadOf(s3: S3Client, key: string): Promise<void> {
  const [id = 'none'] = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/.exec(key) ?? [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: BUCKET, Prefix: 'data/bronze/' }))
    for (const { Key = '' } of Contents) if (Key.includes(id)) await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
}
