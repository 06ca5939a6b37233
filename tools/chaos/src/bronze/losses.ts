import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { BUCKET, TABLE } from '@loadin/specs';
import { CHECKPOINT_OBJECT } from '../delivery/steps.js';
import type { LoadScenario, Loss } from './scenario.js';
import type { LoadWorld } from './world.js';

/** Takes something away that a run counts on, as a careless hand would, or a bucket that was made anew. */
export async function lose(loss: Loss, store: LoadScenario['store'], { storage: { s3 }, aws }: LoadWorld): Promise<void> {
  if (loss === 'the sets') return removeObjects(s3, '_loadin/keys/');
  const isLost = (key: string): boolean => loss === 'the state' || key.startsWith('checkpoint/bronze/postgres.orders');
  if (store === 'dynamodb') return removeItems(aws.url, isLost);
  // All checkpoints are one object.
  await removeObjects(s3, CHECKPOINT_OBJECT);
  if (loss === 'the state') await removeObjects(s3, '_loadin/state/');
}

async function removeObjects(s3: S3Client, prefix: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: BUCKET, Prefix: prefix }))
    for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
}

async function removeItems(endpoint: string, isLost: (key: string) => boolean): Promise<void> {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const dynamodb = new DynamoDBClient(awsClientOptions({ endpoint, region: 'us-east-1', credentials }).dynamodb);
  try {
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: TABLE }))
      for (const { pk } of Items)
        if (isLost(pk?.S ?? '')) await dynamodb.send(new DeleteItemCommand({ TableName: TABLE, Key: { pk: pk as { S: string } } }));
  } finally {
    dynamodb.destroy();
  }
}
