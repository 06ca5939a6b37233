/* What is used of the package, by name, as in ../sdk/s3.ts. Reached by dynamic import alone. */
export { connectionFromSecret, connectionFromUrl, discoverTables, jobsFileText, streamNames } from '@loadin/postgres-source';
