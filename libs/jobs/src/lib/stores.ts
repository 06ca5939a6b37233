import { needed, type Settings } from '@loadin/config';
import type { ObjectStore, StateStore } from '@loadin/pipeline';
import type { AwsConnections } from './aws-connections.js';
import { checkBucket, checkTable } from './preflight.js';

export async function openLake(settings: Settings, aws: AwsConnections, bucket: string = needed(settings, 'raw').bucket): Promise<ObjectStore> {
  const { createS3ObjectStore } = await import('@loadin/s3-sink');
  return createS3ObjectStore({ client: await aws.s3(), bucket });
}

export async function openState({ state }: Settings, aws: AwsConnections): Promise<StateStore> {
  const { createDynamoStateStore, createS3StateStore } = await import('@loadin/checkpoint-store');
  if (state.kind === 'dynamodb') return createDynamoStateStore({ client: await aws.dynamodb(), table: state.table });
  return createS3StateStore({ client: await aws.s3(), bucket: state.bucket, key: state.key });
}

export const checkState = ({ state }: Settings, aws: AwsConnections): Promise<string> =>
  state.kind === 'dynamodb' ? checkTable(aws, state.table) : checkBucket(aws, state.bucket);
