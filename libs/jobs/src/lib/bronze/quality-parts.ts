/* What loads of bronze use of the package, by name, as in ../sdk/s3.ts. Reached by dynamic import alone. */
export { assertMayCommit, findDrift, openCopyInspector, openRecordInspector, printProfile, readProfile } from '@loadin/quality';
