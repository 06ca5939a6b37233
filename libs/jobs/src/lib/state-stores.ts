/* What a run uses of the package, by name, as in sdk/s3.ts: what edits checkpoints stays out of functions. */
export { createDynamoStateStore, createS3StateStore, s3HistoryName, withCheckpointHistory } from '@loadin/checkpoint-store';
