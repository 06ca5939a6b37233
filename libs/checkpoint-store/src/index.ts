export * from './lib/dynamo-state-store.js';
export * from './lib/s3-state-store.js';
export { checkpointTableDefinition } from './lib/table-definition.js';
