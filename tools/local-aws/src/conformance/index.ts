export { makeClients, type ConformanceClients, type ConformanceEndpoints } from './clients.js';
