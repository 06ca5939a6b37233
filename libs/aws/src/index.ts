export * from './lib/client-options.js';
export * from './lib/endpoint.js';
export { meaningOf, type AwsErrorMeaning } from './lib/error-table.js';
export * from './lib/to-loadin-error.js';
