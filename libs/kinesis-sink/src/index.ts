export * from './lib/kinesis-sink.js';
