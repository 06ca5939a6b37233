export * from './lib/dynamo-state-store.js';
export * from './lib/s3-state-store.js';
export { checkpointTableDefinition } from './lib/table-definition.js';
export { editCheckpoint, resetCheckpoint, restoreCheckpoint, withFields, type EditedCheckpoint, type EditOptions } from './lib/edit-checkpoint.js';
export { withCheckpointHistory, type HistoryOptions, type PastState, type StateStoreWithHistory } from './lib/history.js';
