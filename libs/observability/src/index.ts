export * from './lib/logger.js';
export * from './lib/meter.js';
