/*
 * What a run uses of the SDK, client by client, by name: a dynamic import of the package itself would carry every command and shape of the service into the bundles.
 */
export { GetObjectCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
