import type { StateStoreWithHistory } from '@loadin/checkpoint-store';
import { needed, type Settings } from '@loadin/config';
import type { ObjectStore } from '@loadin/pipeline';
import type { AwsConnections } from './aws-connections.js';
import { checkBucket, checkTable } from './preflight.js';

export async function openLake(settings: Settings, aws: AwsConnections, bucket: string = needed(settings, 'raw').bucket): Promise<ObjectStore> {
  const { createS3ObjectStore } = await import('./s3-parts.js');
  return createS3ObjectStore({ client: await aws.s3(), bucket });
}

/**
 * With a history of every checkpoint, so that `loadin state restore` can bring an earlier one back. `asStored`: also those are given that somebody has made
 * impossible, for whoever is about to correct them.
 */
export async function openState({ state }: Settings, aws: AwsConnections, asStored = false): Promise<StateStoreWithHistory> {
  const { createDynamoStateStore, createS3StateStore, s3HistoryName, withCheckpointHistory } = await import('./state-stores.js');
  if (state.kind === 'dynamodb') return withCheckpointHistory(createDynamoStateStore({ client: await aws.dynamodb(), table: state.table }));
  const store = createS3StateStore({ client: await aws.s3(), bucket: state.bucket, key: state.key, asStored });
  return withCheckpointHistory(store, { nameOf: s3HistoryName() });
}

export const checkState = ({ state }: Settings, aws: AwsConnections): Promise<string> =>
  state.kind === 'dynamodb' ? checkTable(aws, state.table) : checkBucket(aws, state.bucket);
