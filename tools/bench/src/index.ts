export * from './cold-import.js';
export * from './cold-import-report.js';
export { figureTable, isWithin, type Figure, type Report } from './report.js';
export { interleaved, median, medianRatio, type Rounds } from './rounds.js';
