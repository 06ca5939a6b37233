export * from './lib/backoff.js';
export * from './lib/clock.js';
export { defined } from './lib/defined.js';
export * from './lib/errors.js';
export * from './lib/one-line.js';
export * from './lib/retry.js';
export * from './lib/retry-budget.js';
