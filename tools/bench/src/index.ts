export * from './cold-import.js';
export * from './cold-import-report.js';
