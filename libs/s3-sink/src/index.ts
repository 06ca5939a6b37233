export * from './lib/object-store.js';
export { rawKey } from './lib/raw-key.js';
export * from './lib/raw-sink.js';
