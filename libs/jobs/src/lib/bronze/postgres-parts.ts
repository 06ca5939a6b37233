/* What loads of tables use of the package, by name, as in ../sdk/s3.ts. Reached by dynamic import alone. */
export { decodeRow, describeTable, openSession, patiently, readSlices, readTable, readUpperBound, rowsAhead } from '@loadin/postgres-source';
