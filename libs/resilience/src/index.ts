export * from './lib/errors.js';
export * from './lib/clock.js';
