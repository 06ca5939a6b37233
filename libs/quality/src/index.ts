export type * from './lib/expect/types.js';
export type * from './lib/profile/types.js';
export type * from './lib/types.js';
