export * from './setlists.js';
