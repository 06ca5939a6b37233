export * from './ndjson-sink.js';
