/* What loads of bronze use of the SDK, by name, as in ../sdk/s3.ts. Reached by dynamic import alone. */
export { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
