export * from './lib/emf.js';
export * from './lib/emf-faults.js';
export * from './lib/log-line.js';
export * from './lib/logger.js';
export * from './lib/logger-from.js';
export * from './lib/meter.js';
export * from './lib/redact.js';
export * from './lib/metric-names.js';
