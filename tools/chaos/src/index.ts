export type { OpenSuite, Outcome, Suite } from './suite.js';
export { suites } from './suites.js';
export { runSeeds, type SeedsResult } from './run-seeds.js';
