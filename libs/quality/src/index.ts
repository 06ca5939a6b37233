export type * from './lib/expect/types.js';
export type * from './lib/profile/types.js';
export type * from './lib/types.js';
export { faultText, readExpectations } from './lib/expect/read-expectations.js';
export { assertMayCommit } from './lib/inspection.js';
export { openCopyInspector, openRecordInspector } from './lib/inspector.js';
export { withoutRows } from './lib/without-rows.js';
