export * from './lib/object-store.js';
export { rawKey } from './lib/raw-key.js';
export * from './lib/raw-sink.js';
export { createPendingUploads } from './lib/uploads/pending-uploads.js';
export { COMMITS, commitKey, DeadCommitError, doneKey } from './lib/uploads/commit-record.js';
export { VetoedError } from './lib/uploads/commit-store.js';
export type * from './lib/uploads/types.js';
export type * from './lib/verify/types.js';
export type { ReadableStorageClass, WriteSettings } from './lib/write-settings.js';
