/* What a run uses of the package, by name, as in sdk/s3.ts: pending uploads and the checks of objects stay out of functions. */
export { createS3ObjectStore, createS3RawSink, rawLayout } from '@loadin/s3-sink';
