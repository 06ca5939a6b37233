export { createKinesisSink, type KinesisSink } from './lib/kinesis-sink.js';
export type { KinesisSinkOptions } from './lib/options.js';
export type { KinesisSinkStats } from './lib/stats.js';
