export * from './lib/traced-work.js';
export * from './lib/tracing-wanted.js';
export type * from './lib/types.js';
