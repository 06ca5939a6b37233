export { checkSetup, type CheckSetupOptions } from './lib/check-setup.js';
export type { CheckLine } from './lib/check-line.js';
export { listState, type StateEntry } from './lib/list-state.js';
export { runNamedJob, type RunNamedJobOptions } from './lib/run-named-job.js';
