export * from './lib/factories.js';
export type { Fault, FaultPlan } from './lib/fault.js';
export * from './lib/manual-clock.js';
export * from './lib/memory-object-store.js';
export * from './lib/memory-sink.js';
export * from './lib/memory-state-store.js';
export * from './lib/random.js';
export * from './lib/recording-logger.js';
