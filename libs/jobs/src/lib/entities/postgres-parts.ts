/* What is used of the package, by name, as in ../sdk/s3.ts. Reached by dynamic import alone. */
export { connectionFromSecret, connectionFromUrl, createPostgresStream, describeTable, openSession, surveyTable } from '@loadin/postgres-source';
