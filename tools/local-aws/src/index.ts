export type { RecordedCall } from './call-record.js';
export * from './conformance/index.js';
export type { DiskSpace } from './disk-space.js';
export type { FaultEffect, FaultRule, Faults, FaultStatus, ServiceName } from './faults.js';
export type { ConformanceCheck } from './service.js';
export { type LocalAws, type LocalAwsOptions, startLocalAws } from './start.js';
export type { RequestCounts } from './tally.js';
export type { CallOutcome, CallWatcher, WatchedCall } from './watch.js';
export { PROGRAM } from './program.js';
