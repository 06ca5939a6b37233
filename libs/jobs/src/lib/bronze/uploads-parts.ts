/* What loads of bronze use of the package, by name, as in ../sdk/s3.ts. Reached by dynamic import alone. */
export { createPendingUploads, createS3ObjectStore, DeadCommitError } from '@loadin/s3-sink';
