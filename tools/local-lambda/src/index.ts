export * from './local-lambda.js';
export * from './types.js';
