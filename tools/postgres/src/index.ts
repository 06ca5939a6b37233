export { sharedPostgres } from './shared.js';
export { startPostgres } from './start.js';
export type { PostgresServer, StartOptions, TestDatabase } from './types.js';
